"""One person's day: lines, totals, gaps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
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


class Period(StrEnum):
    """Weeks begin on Monday (ISO 8601). `THIS_…` ends today."""

    THIS_WEEK = "this week"
    LAST_WEEK = "last week"
    THIS_MONTH = "this month"
    LAST_MONTH = "last month"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTotal:
    day: date
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodReport:
    """Some days of a person, seen at the instant `at` (UTC). The days add up to the total, and so do the projects."""

    person: Person
    period: Period
    at: datetime
    days: tuple[DayTotal, ...]
    by_project: tuple[ProjectTotal, ...]
    total: timedelta


def dates_of(period: Period, today: date) -> list[date]:
    """Its dates, oldest first, none later than today."""
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    start, end = {
        Period.THIS_WEEK: (monday, today),
        Period.LAST_WEEK: (monday - timedelta(days=7), monday - timedelta(days=1)),
        Period.THIS_MONTH: (first, today),
        Period.LAST_MONTH: (before.replace(day=1), before),
    }[period]
    return [start + timedelta(days=number) for number in range((end - start).days + 1)]


def period_report(
    *,
    person: Person,
    period: Period,
    days: Sequence[tuple[date, Span]],
    entries: Sequence[TimeEntry],
    at: datetime,
) -> PeriodReport:
    """`days` with their stretches of time in the person's zone; entries may reach over their ends."""
    totals: dict[Project | None, timedelta] = {}
    lengths = []
    for day, span in days:
        parts = [(entry.project, part.length) for entry in entries if (part := _part(entry, span, at))]
        lengths.append(DayTotal(day=day, length=sum((length for _, length in parts), timedelta())))
        for project, length in parts:
            totals[project] = totals.get(project, timedelta()) + length
    return PeriodReport(
        person=person,
        period=period,
        at=at,
        days=tuple(lengths),
        by_project=_longest_first(totals),
        total=sum((one.length for one in lengths), timedelta()),
    )


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
        by_project=_longest_first(totals),
        gaps=tuple(
            Span(start=left.span.end, end=right.span.start)
            for left, right in pairwise(lines)
            if right.span.start - left.span.end >= SMALLEST_GAP
        ),
        total=sum((line.span.length for line in lines), timedelta()),
        running=next((entry for entry in ordered if entry.running), None),
        last=ordered[-1] if ordered else None,
    )


def _longest_first(totals: dict[Project | None, timedelta]) -> tuple[ProjectTotal, ...]:
    ordered = sorted(totals.items(), key=lambda pair: pair[1], reverse=True)
    return tuple(ProjectTotal(project=project, length=length) for project, length in ordered)


def _part(entry: TimeEntry, span: Span, at: datetime) -> Span | None:
    end = entry.ended_at or at
    if end <= entry.started_at:
        return None
    return Span(start=entry.started_at, end=end).clipped(span)
