"""Weekly summaries: when one is due, and its contents for a person and for the lead of a team."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.identity.people import Person
from domain.reports.period_reports import Group, PeriodReport
from domain.reports.reports import sum_by_key
from domain.reports.rounding import round_down, share_out_table
from domain.time.calendar import Span, day_span, due_instant, local_date
from domain.time.days import format_date
from domain.time.periods import DateRange
from domain.time.workdays import WorkWeek, is_working_day

WEEKLY_AT = time(9)
MOST_WEEKS_AHEAD = 60
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklySummary:
    """The summary of a person's last week. `target` is the sum of the targets of its working days; `open` are the
    working days without an entry."""

    period: PeriodReport
    target: timedelta
    open: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonWeek:
    """A person's line in the team's summary. `groups` are by project, the longest first; `target` and `open` are as
    in WeeklySummary."""

    person_id: UUID
    name: str
    length: timedelta
    groups: tuple[Group, ...]
    target: timedelta
    open: tuple[date, ...]

    @property
    def display_length(self) -> timedelta:
        """Return the length, rounded as in the person's own reports."""
        return round_down(self.length)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamWeeklySummary:
    """The team's week for the lead `person`. Each person's days are those of their own zone; the longest week comes
    first."""

    person: Person
    dates: DateRange
    at: datetime
    lines: tuple[PersonWeek, ...]

    @property
    def total(self) -> timedelta:
        return sum((line.length for line in self.lines), timedelta())

    @property
    def display_total(self) -> timedelta:
        """Return the sum of the displayed lengths of all people."""
        return sum((line.display_length for line in self.lines), timedelta())


def week_dates(monday: date) -> DateRange:
    return DateRange(first=monday, last=monday + timedelta(days=6), name=f"Week of {format_date(monday)}")


def week_span(monday: date, zone: ZoneInfo) -> Span:
    """Return the span of that week in a zone."""
    spans = [span for day in week_dates(monday).days if (span := day_span(day, zone))]
    return Span(start=spans[0].start, end=spans[-1].end)


def next_weekly_summary(
    after: datetime, zone: ZoneInfo, week: WorkWeek, off: Set[date]
) -> tuple[date, datetime] | None:
    """Return the Monday of the next week whose summary is due later than `after`, with that instant (UTC); None if
    the person has no working days."""
    today = local_date(after, zone)
    monday = today - timedelta(days=today.weekday()) - _WEEK
    for one in (monday, monday + _WEEK, monday + 2 * _WEEK):
        due = weekly_summary_due(one, zone, week, off)
        if due and due > after:
            return one, due
    return None


def weekly_summary_due(monday: date, zone: ZoneInfo, week: WorkWeek, off: Set[date]) -> datetime | None:
    """Return when the summary of that week is due (UTC): in the morning of the first working day after it, even if
    that is weeks later; None if there is no such day."""
    days = (monday + _WEEK + timedelta(days=number) for number in range(7 * MOST_WEEKS_AHEAD))
    instants = (due_instant(day, WEEKLY_AT, zone) for day in days if is_working_day(day, week, off))
    return next((due for due in instants if due), None)


def working_days(dates: DateRange, week: WorkWeek, off: Set[date]) -> list[date]:
    return [day for day in dates.days if is_working_day(day, week, off)]


def build_weekly_summary(period: PeriodReport, off: Set[date]) -> WeeklySummary:
    week = period.person.week
    tracked = {one.day for one in period.days if one.length}
    days = working_days(period.dates, week, off)
    return WeeklySummary(
        period=period,
        target=len(days) * week.target,
        open=tuple(day for day in days if day not in tracked),
    )


def build_person_week(
    person: Person, dates: DateRange, cells: Mapping[tuple[str, date], timedelta], off: Set[date]
) -> PersonWeek:
    """Build a person's line. `cells` are lengths by project ("" for none) and day; they are rounded as in the
    person's own report."""
    wanted = working_days(dates, person.week, off)
    exact = sum_by_key((project, length) for (project, _), length in cells.items())
    shown = sum_by_key((project, length) for (project, _), length in share_out_table(cells).items())
    return PersonWeek(
        person_id=person.id,
        name=person.name,
        length=sum(exact.values(), timedelta()),
        groups=tuple(
            Group(name=name, length=exact[name], rounded=shown[name])
            for name in sorted(exact, key=lambda name: (-exact[name], name))
        ),
        target=len(wanted) * person.week.target,
        open=tuple(day for day in wanted if not any(tracked == day for _, tracked in cells)),
    )
