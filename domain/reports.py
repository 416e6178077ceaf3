"""One person's day: lines, totals, gaps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.calendar import Span
from domain.entries import TimeEntry
from domain.people import Person
from domain.projects import Project

SMALLEST_GAP = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """The part of an entry that lies in the day. While it runs, `span` ends at the instant of the report."""

    entry_id: UUID
    project: Project | None
    note: str
    span: Span
    running: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectTotal:
    project: Project | None
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReport:
    """A day of a person in their zone, seen at the instant `at` (UTC)."""

    person: Person
    day: date
    at: datetime
    lines: tuple[DayLine, ...]
    by_project: tuple[ProjectTotal, ...]
    gaps: tuple[Span, ...]
    total: timedelta
    running: TimeEntry | None
    last: TimeEntry | None

    @property
    def zone(self) -> ZoneInfo:
        return self.person.zone


def day_report(
    *, person: Person, day: date, span: Span, entries: Iterable[TimeEntry], at: datetime
) -> DayReport:
    """`span` is that day's stretch of time in the person's zone; entries may reach over its ends."""
    ordered = sorted(entries, key=lambda entry: entry.started_at)
    lines = tuple(
        DayLine(entry_id=entry.id, project=entry.project, note=entry.note, span=part, running=entry.running)
        for entry in ordered
        if (part := _part(entry, span, at))
    )
    totals: dict[Project | None, timedelta] = {}
    for line in lines:
        totals[line.project] = totals.get(line.project, timedelta()) + line.span.length
    return DayReport(
        person=person,
        day=day,
        at=at,
        lines=lines,
        by_project=tuple(
            ProjectTotal(project=project, length=length)
            for project, length in sorted(totals.items(), key=lambda pair: pair[1], reverse=True)
        ),
        gaps=tuple(
            Span(start=left.span.end, end=right.span.start)
            for left, right in pairwise(lines)
            if right.span.start - left.span.end >= SMALLEST_GAP
        ),
        total=sum((line.span.length for line in lines), timedelta()),
        running=next((entry for entry in ordered if entry.running), None),
        last=ordered[-1] if ordered else None,
    )


def _part(entry: TimeEntry, span: Span, at: datetime) -> Span | None:
    end = entry.ended_at or at
    if end <= entry.started_at:
        return None
    return Span(start=entry.started_at, end=end).clipped(span)
