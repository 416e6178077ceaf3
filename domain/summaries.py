"""Time added up between two instants, by any of its dimensions together."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.calendar import Span, day_of, day_span
from domain.errors import FieldErrors

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
    """Of [start, end), UTC, seen at the instant `at`; days are those of `zone`."""

    start: datetime
    end: datetime
    zone: str
    at: datetime
    by: tuple[By, ...]
    lines: tuple[SummaryLine, ...]

    @property
    def total(self) -> timedelta:
        return sum((line.length for line in self.lines), timedelta())


def days_between(start: datetime, end: datetime, zone: ZoneInfo) -> list[tuple[date, Span]]:
    """The local dates of [start, end), each with the part of it that lies there.

    Raises FieldErrors where the end is not behind the start, or too far behind it.
    """
    if end <= start:
        raise FieldErrors({"to": "The end must lie behind the start."})
    if end - start > LONGEST:
        raise FieldErrors({"to": "At most a year at once, please."})
    whole = Span(start=start, end=end)
    first, last = day_of(start, zone), day_of(end - timedelta(microseconds=1), zone)
    dates = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    spans = [(day, span.clipped(whole)) for day in dates if (span := day_span(day, zone))]
    found = [(day, span) for day, span in spans if span]
    assert all(before.end == after.start for (_, before), (_, after) in pairwise(found))
    return found
