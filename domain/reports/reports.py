"""Reports: a person's day with its lines and gaps, and the totals of longer periods."""

import hashlib
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.entries.entries import TimeEntry
from domain.entries.suggestions import Suggestion, covers_untracked_time
from domain.identity.people import Person
from domain.live_answers import LiveAnswer
from domain.projects.projects import Project
from domain.reports.rounding import share_out, unit_of
from domain.time.calendar import Span

SMALLEST_GAP = timedelta(minutes=15)
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """The part of an entry that lies in the day. For a running timer, `span` ends at the instant of the report."""

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
class DayConfirmation:
    """The person confirmed the day at the instant `at` (UTC), when it had that `state`."""

    at: datetime
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMarks:
    """The stored marks of a person's day: their confirmation, and whether the day is off. `unconfirmed` are the ids
    of forgotten timers, of any day, whose end the person has not confirmed; `suggested` those of suggestions for
    the day that became no entry."""

    confirmed: DayConfirmation | None = None
    off: bool = False
    unconfirmed: tuple[UUID, ...] = ()
    suggested: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReport(LiveAnswer):
    """A person's day in their zone, at the instant `at` (UTC).

    `expected` is true on a working day, `off` on a day off. `confirmed` is set while the day still has the state
    that the person confirmed. `doubts` are their entries, of any day, that were ended as forgotten timers.
    `suggestions` are for past time of the day that is not tracked; `ignored` is the number of suggestions that the
    person ignored.
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
    confirmed: DayConfirmation | None = None
    doubts: tuple[TimeEntry, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    ignored: int = 0

    @property
    def live_subject(self) -> date:
        """Return the day of the report: the message that shows it is rewritten when the day changes."""
        return self.day

    @property
    def zone(self) -> ZoneInfo:
        return self.person.zone

    @property
    def target(self) -> timedelta:
        return self.person.week.target if self.expected else timedelta()

    @property
    def display_by_project(self) -> list[timedelta]:
        """Return the displayed length of each of `by_project`: whole minutes that add up to the total."""
        return share_out([one.length for one in self.by_project])

    @property
    def display_by_line(self) -> list[timedelta]:
        """Return the displayed length of each of `lines`: the lines of a project add up to its displayed length."""
        shown = [timedelta()] * len(self.lines)
        for one, total in zip(self.by_project, self.display_by_project, strict=True):
            of_it = [number for number, line in enumerate(self.lines) if line.project == one.project]
            parts = share_out(
                [self.lines[number].span.length for number in of_it], total=total, unit=unit_of(self.total)
            )
            for number, part in zip(of_it, parts, strict=True):
                shown[number] = part
        return shown

    @property
    def state(self) -> str:
        """Return a digest of the day's entries. An entry that was changed and changed back gives the same digest."""
        # The digest is stored (confirmed_days.state) and covers the `repr` of `Span`: if that class or one of its
        # fields were renamed, every confirmed day would look changed.
        lines = [
            (line.entry_id, line.project and line.project.id, line.note, line.tags, line.span, line.running)
            for line in self.lines
        ]
        return hashlib.sha256(repr(lines).encode()).hexdigest()[:16]

    @property
    def is_confirmed(self) -> bool:
        """Return whether the day has the state that its person confirmed."""
        return self.confirmed is not None and self.confirmed.state == self.state


def sum_by_key(parts: Iterable[tuple[Key, timedelta]]) -> dict[Key, timedelta]:
    """Return the sum of the lengths of each key."""
    sums: dict[Key, timedelta] = {}
    for key, length in parts:
        sums[key] = sums.get(key, timedelta()) + length
    return sums


def build_day_report(
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
    """Build the report. `span` is that day in the person's zone; entries and suggestions may reach beyond it."""
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
        if (part := clip_entry(entry, span, at))
    )
    tracked = [
        Span(start=one.started_at, end=end) for one in ordered if (end := one.ended_at or at) > one.started_at
    ]
    offered = [one for one in suggested if one.span.end <= at and covers_untracked_time(one, tracked)]
    totals = sum_by_key((line.project, line.span.length) for line in lines)
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
    ordered = sorted(totals.items(), key=lambda pair: (-pair[1], pair[0].title if pair[0] else ""))
    return tuple(ProjectTotal(project=project, length=length) for project, length in ordered)


def clip_entry(entry: TimeEntry, span: Span, at: datetime) -> Span | None:
    """Return the part of the entry that lies in `span`, until `at` if it still runs; None if no part does."""
    end = entry.ended_at or at
    if end <= entry.started_at:
        return None
    return Span(start=entry.started_at, end=end).clip(span)
