"""Reports of a period: a person's time by day, and by project, tag or person."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.entries.entries import TimeEntry
from domain.identity.people import Person
from domain.reports.reports import clip_entry, sum_by_key
from domain.reports.rounding import round_down, share_out, share_out_table
from domain.time.calendar import Span
from domain.time.periods import DateRange


class Dimension(StrEnum):
    """The dimension by which a report groups its time."""

    PROJECT = "project"
    DAY = "day"
    TAG = "tag"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPart:
    """A part of a total: its exact length, and the displayed whole minutes, which add up to the displayed total.

    `rounded` is None in results that were stored before the field existed, and for a length that is not a part of a
    total.
    """

    length: timedelta
    rounded: timedelta | None = None

    @property
    def display_length(self) -> timedelta:
        return round_down(self.length) if self.rounded is None else self.rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTotal(ReportPart):
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(ReportPart):
    """A group of a report, such as a project. `name` is empty for time without a project or tag."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodReport:
    """The report of a person's period at the instant `at` (UTC), or of everybody's if it is grouped by person.

    The days add up to the total, and so do the groups, except tags: an entry with two tags counts in both.
    `partial` is true if it leaves out other people's time because the viewer may not see it. In a report of
    everybody, each person's days are those of their own zone, and the displayed total is the sum of the displayed
    lengths.
    """

    person: Person
    dates: DateRange
    by: Dimension
    at: datetime
    days: tuple[DayTotal, ...]
    groups: tuple[Group, ...]
    total: timedelta
    partial: bool = False

    @property
    def of_everybody(self) -> bool:
        return self.by is Dimension.PERSON and not self.partial

    @property
    def display_total(self) -> timedelta:
        if self.of_everybody:
            return sum((group.display_length for group in self.groups), timedelta())
        return round_down(self.total)


def build_period_report(
    *,
    person: Person,
    dates: DateRange,
    by: Dimension,
    days: Sequence[tuple[date, Span]],
    entries: Sequence[TimeEntry],
    at: datetime,
) -> PeriodReport:
    """Build the report. `days` come with their spans in the person's zone; entries may reach beyond the period.

    Days and projects are rounded together, whatever the report is grouped by, so that every report and the week's
    timesheet show the same figures.
    """
    parts = list(_split_by_day(days, entries, at))
    lengths = dict.fromkeys((day for day, _ in days), timedelta())
    cells: dict[tuple[str, date], timedelta] = {}
    totals: dict[str, timedelta] = {}
    for entry, day, length in parts:
        lengths[day] += length
        place = (entry.project.title if entry.project else "", day)
        cells[place] = cells.get(place, timedelta()) + length
        for name in _group_names(entry, by):
            totals[name] = totals.get(name, timedelta()) + length
    shown, total = share_out_table(cells), sum(lengths.values(), timedelta())
    if by is Dimension.PERSON:
        totals = {person.name: total}
    rounded = sum_by_key((title, length) for (title, _), length in shown.items())
    if by is not Dimension.PROJECT:
        rounded = _round_groups(totals, total)
    by_day = sum_by_key((day, length) for (_, day), length in shown.items())
    return PeriodReport(
        person=person,
        dates=dates,
        by=by,
        at=at,
        days=tuple(
            DayTotal(day=day, length=length, rounded=by_day.get(day, timedelta()))
            for day, length in lengths.items()
        ),
        groups=tuple(
            Group(name=name, length=totals[name], rounded=rounded[name])
            for name in sorted(totals, key=lambda name: (-totals[name], name))
        ),
        total=total,
        partial=by is Dimension.PERSON,
    )


def _split_by_day(
    days: Sequence[tuple[date, Span]], entries: Sequence[TimeEntry], at: datetime
) -> Iterator[tuple[TimeEntry, date, timedelta]]:
    """Yield each entry with its length in each day that it overlaps."""
    starts = [span.start for _, span in days]
    for entry in entries:
        first = max(bisect_right(starts, entry.started_at) - 1, 0)
        for index in range(first, len(days)):
            day, span = days[index]
            if span.start >= (entry.ended_at or at):
                break
            if part := clip_entry(entry, span, at):
                yield entry, day, part.length


def _round_groups(totals: Mapping[str, timedelta], total: timedelta) -> dict[str, timedelta]:
    """Round the groups together if they add up to the total; otherwise, because an entry can be in several, each
    separately."""
    names = sorted(totals, key=lambda name: (-totals[name], name))
    if sum(totals.values(), timedelta()) != total:
        return {name: round_down(totals[name]) for name in names}
    return dict(zip(names, share_out([totals[name] for name in names]), strict=True))


def _group_names(entry: TimeEntry, by: Dimension) -> tuple[str, ...]:
    if by is Dimension.TAG:
        return entry.tags or ("",)
    if by is Dimension.PROJECT:
        return (entry.project.title if entry.project else "",)
    return ()
