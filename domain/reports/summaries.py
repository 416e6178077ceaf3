"""Summaries for the API: time between two instants, grouped by any combination of day, project and user."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.errors import FieldErrors
from domain.time.calendar import Span, local_date
from domain.time.local_days import LocalDays

FIRST_YEAR, LAST_YEAR = 1970, 2099
LONGEST = timedelta(days=367)  # a leap year, and the extra hours of two clock changes


class SummaryDimension(StrEnum):
    DAY = "day"
    PROJECT = "project"
    USER = "user"


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryLine:
    """One group. Fields by which the summary is not grouped are None; so is the project of time without a project."""

    day: date | None
    project_id: UUID | None
    project: str | None
    person_id: UUID | None
    person: str | None
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The time in [start, end), both UTC, at the instant `at`. `zone` is the reader's. A person's days are those of
    their own zone; if the request named dates, each person's time is cut at these dates in their own zone."""

    start: datetime
    end: datetime
    zone: str
    at: datetime
    by: tuple[SummaryDimension, ...]
    lines: tuple[SummaryLine, ...]

    @property
    def total(self) -> timedelta:
        return sum((line.length for line in self.lines), timedelta())


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryBounds:
    """The bounds of a summary: two instants, the end excluded; or two dates in each person's own zone, both
    included."""

    start: date | datetime
    end: date | datetime

    def resolve(self, zone: ZoneInfo) -> Span:
        """Return the span in the reader's zone. Raises FieldErrors if it is empty or too long."""
        for field, given in (("from", self.start), ("to", self.end)):
            if not FIRST_YEAR <= given.year <= LAST_YEAR:
                raise FieldErrors({field: f"The years from {FIRST_YEAR} to {LAST_YEAR} are possible."})
        span = self.resolve_for(LocalDays(zone=zone))
        if span is None:
            raise FieldErrors({"to": "The end must be after the start."})
        if span.length > LONGEST:
            raise FieldErrors({"to": "At most a year at once, please."})
        return span

    def resolve_for(self, local: LocalDays) -> Span | None:
        """Return the span in a person's days; None if it is empty there."""
        start, end = self.start, self.end
        if not isinstance(start, datetime):
            (start,) = local.first_instants([start])
        if not isinstance(end, datetime):
            (end,) = local.first_instants([end + timedelta(days=1)])
        return Span(start=start, end=end) if start < end else None

    def dates(self, several: Iterable[LocalDays]) -> list[date]:
        """Return every local date within the bounds, for any of these people."""
        spans = [(local.zone, span) for local in several if (span := self.resolve_for(local))]
        # One more day at both ends, for submitted weeks that have the days of another zone.
        first = min(local_date(span.start, zone) for zone, span in spans) - timedelta(days=1)
        last = max(
            local_date(span.end - timedelta(microseconds=1), zone) for zone, span in spans
        ) + timedelta(days=1)
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]

    def edges(self, dates: Sequence[date], local: LocalDays) -> list[datetime]:
        """Return the start of each of these dates for a person, and then the end of the last date.

        Instants outside of the bounds are moved to the nearer bound. So the start and the end of a date are equal if
        it lies outside of the bounds, or if the person's zone skipped it.
        """
        span = self.resolve_for(local)
        assert span is not None, "asked of those for whom it is something"
        starts = local.first_instants([*dates, dates[-1] + timedelta(days=1)])
        return [min(max(start, span.start), span.end) for start in starts]
