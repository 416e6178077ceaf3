"""Reports: a person's day with its lines and gaps, and longer periods added up."""

import hashlib
from bisect import bisect_right
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
from domain.periods import Dates
from domain.projects import Project
from domain.suggestions import Suggestion, adds_something

SMALLEST_GAP = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """The part of an entry that lies in the day. While it runs, `span` ends at the instant of the report."""

    entry_id: UUID
    project: Project | None
    note: str
    tags: tuple[str, ...]
    span: Span
    running: bool
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectTotal:
    project: Project | None
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """Its person said at `at` (UTC) that the day is true, as its `state` was then."""

    at: datetime
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMarks:
    """What somebody has said about a day of theirs: that it is true, that it is off. `unconfirmed` are their entries,
    of any day, that wait for a word of theirs, `suggested` the suggestions for that day that became no entry."""

    confirmed: Confirmed | None = None
    off: bool = False
    unconfirmed: tuple[UUID, ...] = ()
    suggested: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReport:
    """A day of a person in their zone, seen at the instant `at` (UTC).

    `expected` is a day on which they work, `off` one that they took off. What they confirmed holds for as long as the
    day is in the state that they saw. `doubts` are their entries, of any day, that were ended without an answer.
    `suggestions` are what others tell of time in that day that has passed and is not tracked, `ignored` how many of
    them the person waved away.
    """

    person: Person
    day: date
    at: datetime
    lines: tuple[DayLine, ...]
    by_project: tuple[ProjectTotal, ...]
    gaps: tuple[Span, ...]
    total: timedelta
    running: TimeEntry | None
    last: TimeEntry | None
    expected: bool = True
    off: bool = False
    confirmed: Confirmed | None = None
    doubts: tuple[TimeEntry, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    ignored: int = 0

    @property
    def zone(self) -> ZoneInfo:
        return self.person.zone

    @property
    def target(self) -> timedelta:
        return self.person.week.target if self.expected else timedelta()

    @property
    def state(self) -> str:
        """Equal for equal entries of that day: what was changed and changed back is as it was."""
        lines = [
            (line.entry_id, line.project and line.project.id, line.note, line.tags, line.span, line.running)
            for line in self.lines
        ]
        return hashlib.sha256(repr(lines).encode()).hexdigest()[:16]

    @property
    def true(self) -> bool:
        """Whether it is as its person confirmed it."""
        return self.confirmed is not None and self.confirmed.state == self.state


class Dimension(StrEnum):
    """By what a report adds up."""

    PROJECT = "project"
    DAY = "day"
    TAG = "tag"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTotal:
    day: date
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What belongs together in a report. `name` is empty where there is no project, or no tag."""

    name: str
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodReport:
    """Some days of a person, seen at the instant `at` (UTC), or of everybody where they are added up by person.

    The days add up to the total, and so do the groups, but for tags: an entry with two of them counts in both.
    `partial` says that other people's time is left out, because it is theirs.
    """

    person: Person
    dates: Dates
    by: Dimension
    at: datetime
    days: tuple[DayTotal, ...]
    groups: tuple[Group, ...]
    total: timedelta
    partial: bool = False


def period_report(
    *,
    person: Person,
    dates: Dates,
    by: Dimension,
    days: Sequence[tuple[date, Span]],
    entries: Sequence[TimeEntry],
    at: datetime,
) -> PeriodReport:
    """`days` with their stretches of time in the person's zone; entries may reach over their ends."""
    lengths = [timedelta()] * len(days)
    totals: dict[str, timedelta] = {}
    starts = [span.start for _, span in days]
    for entry in entries:
        first = max(bisect_right(starts, entry.started_at) - 1, 0)
        for index in range(first, len(days)):
            part = _part(entry, days[index][1], at)
            if part is None:
                if days[index][1].start >= (entry.ended_at or at):
                    break
                continue
            lengths[index] += part.length
            for name in _groups_of(entry, by):
                totals[name] = totals.get(name, timedelta()) + part.length
    named = [DayTotal(day=day, length=length) for (day, _), length in zip(days, lengths, strict=True)]
    total = sum(lengths, timedelta())
    if by is Dimension.PERSON:
        totals = {person.name: total}
    groups = [Group(name=name, length=length) for name, length in totals.items()]
    return PeriodReport(
        person=person,
        dates=dates,
        by=by,
        at=at,
        days=tuple(named),
        groups=tuple(sorted(groups, key=lambda group: group.length, reverse=True)),
        total=total,
        partial=by is Dimension.PERSON,
    )


def _groups_of(entry: TimeEntry, by: Dimension) -> tuple[str, ...]:
    if by is Dimension.TAG:
        return entry.tags or ("",)
    if by is Dimension.PROJECT:
        return (entry.project.title if entry.project else "",)
    return ()


def day_report(
    *,
    person: Person,
    day: date,
    span: Span,
    entries: Iterable[TimeEntry],
    at: datetime,
    marks: DayMarks = DayMarks(),
    doubts: Sequence[TimeEntry] = (),
    suggested: Sequence[Suggestion] = (),
) -> DayReport:
    """`span` is that day's stretch of time in the person's zone; entries and suggestions may reach over its ends."""
    ordered = sorted(entries, key=lambda entry: entry.started_at)
    lines = tuple(
        DayLine(
            entry_id=entry.id,
            project=entry.project,
            note=entry.note,
            tags=entry.tags,
            span=part,
            running=entry.running,
            unconfirmed=entry.unconfirmed,
        )
        for entry in ordered
        if (part := _part(entry, span, at))
    )
    tracked = [
        Span(start=one.started_at, end=end) for one in ordered if (end := one.ended_at or at) > one.started_at
    ]
    offered = [one for one in suggested if one.span.end <= at and adds_something(one, tracked)]
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
        expected=person.week.works_on(day) and not marks.off,
        off=marks.off,
        confirmed=marks.confirmed,
        doubts=tuple(doubts),
        suggestions=tuple(one for one in offered if not one.ignored),
        ignored=sum(one.ignored for one in offered),
    )


def _longest_first(totals: dict[Project | None, timedelta]) -> tuple[ProjectTotal, ...]:
    ordered = sorted(totals.items(), key=lambda pair: pair[1], reverse=True)
    return tuple(ProjectTotal(project=project, length=length) for project, length in ordered)


def _part(entry: TimeEntry, span: Span, at: datetime) -> Span | None:
    end = entry.ended_at or at
    if end <= entry.started_at:
        return None
    return Span(start=entry.started_at, end=end).clipped(span)
