"""Time added up between two instants, by any of its dimensions together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.calendar import Span, day_of, day_span
from domain.errors import FieldErrors

FIRST_YEAR, LAST_YEAR = 1970, 2099
LONGEST = timedelta(days=367)  # a leap year, and the hours of two clock changes


class By(StrEnum):
    DAY = "day"
    PROJECT = "project"
    USER = "user"


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryLine:
    """What it was not added up by is None; so is the project of time without one."""

    day: date | None
    project_id: UUID | None
    project: str | None
    person_id: UUID | None
    person: str | None
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Of [start, end) in the reader's `zone`, UTC, seen at the instant `at`. A person's days are those of their own
    zone; where dates were asked for, they are cut there too."""

    start: datetime
    end: datetime
    zone: str
    at: datetime
    by: tuple[By, ...]
    lines: tuple[SummaryLine, ...]

    @property
    def total(self) -> timedelta:
        return sum((line.length for line in self.lines), timedelta())


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """From when to when: instants, the end not included; or dates of each person, both included."""

    start: date | datetime
    end: date | datetime

    def checked(self, zone: ZoneInfo) -> Span:
        """What that is for the reader, in their zone. Raises FieldErrors where it is nothing, or too long."""
        for field, given in (("from", self.start), ("to", self.end)):
            if not FIRST_YEAR <= given.year <= LAST_YEAR:
                raise FieldErrors({field: f"The years from {FIRST_YEAR} to {LAST_YEAR} are possible."})
        span = self.within(zone)
        if span is None:
            raise FieldErrors({"to": "The end must lie behind the start."})
        if span.length > LONGEST:
            raise FieldErrors({"to": "At most a year at once, please."})
        return span

    def within(self, zone: ZoneInfo) -> Span | None:
        """What that is in a zone; None where it is nothing there."""
        start = self.start if isinstance(self.start, datetime) else _first_instant(self.start, zone)
        end = self.end
        if not isinstance(end, datetime):
            end = _first_instant(end + timedelta(days=1), zone)
        return Span(start=start, end=end) if start < end else None

    def dates(self, zones: Iterable[ZoneInfo]) -> list[date]:
        """Each local date that some of it lies on, in any of the zones."""
        spans = [(zone, span) for zone in zones if (span := self.within(zone))]
        first = min(day_of(span.start, zone) for zone, span in spans)
        last = max(day_of(span.end - timedelta(microseconds=1), zone) for zone, span in spans)
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]

    def edges(self, dates: Sequence[date], zone: ZoneInfo) -> list[datetime]:
        """Where these dates begin in the zone, and where the last one ends, as far as that lies within the bounds.

        One more than dates, in order: nothing lies between the edges of a date that the bounds, or the zone, leave
        out.
        """
        span = self.within(zone)
        assert span is not None, "asked of zones in which it is something"
        days = [*dates, dates[-1] + timedelta(days=1)]
        return [min(max(_first_instant(day, zone), span.start), span.end) for day in days]


def _first_instant(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of that date, or of the first one after it that the zone did not leave out."""
    span = day_span(day, zone) or day_span(day + timedelta(days=1), zone)
    assert span is not None, "no zone left out two days in a row"
    return span.start
