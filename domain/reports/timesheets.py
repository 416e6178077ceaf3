"""Timesheets: weeks that are submitted to a lead, their states and totals, and who may decide on them.

A week is seven local dates of its person, Monday to Sunday (ISO 8601), with the instants that they had at its
submission. A week that is submitted or approved is locked: no entry that shares time with it can change.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.entries.entries import TimeEntry
from domain.errors import FieldErrors, Refusal
from domain.identity.people import Person, Role
from domain.projects.projects import Project
from domain.reports.reports import build_day_report, sum_by_key
from domain.reports.rounding import share_out_table
from domain.time.calendar import Span, day_span
from domain.time.days import format_date
from domain.time.periods import WeekPhrase, resolve_period

LONGEST_REASON = 500
# From then on, "my week" is the present week; before, it is the last one.
_FRIDAY_NOON = 4, time(12)


class WeekState(StrEnum):
    OPEN = "open"  # never submitted, or withdrawn
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"


LOCKED = (WeekState.SUBMITTED, WeekState.APPROVED)


class Decision(StrEnum):
    APPROVE = "approve"
    RETURN = "return"


class TimesheetOutcome(StrEnum):
    """The effect of an operation on a week."""

    SUBMITTED = "submitted"
    TAKEN_BACK = "taken_back"
    APPROVED = "approved"
    RETURNED = "returned"
    REOPENED = "reopened"  # returned after it had been approved
    SHOWN = "shown"  # nothing was changed
    EMPTY = "empty"  # nothing was changed: the week has no entries, so the service asks the person first
    TOO_LATE = "too_late"  # nothing was changed: the week has changed since the person looked at it


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLine:
    """The time of one project, or without a project, on one local date. Exact to the microsecond."""

    day: date
    project: Project | None
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekTotals:
    """The totals of a week. `gaps` is the number of gaps between the entries of each day; `zone` is the zone of its
    days, "" in weeks that were stored before the field existed."""

    lines: tuple[WeekLine, ...] = ()
    gaps: int = 0
    zone: str = ""

    @property
    def total(self) -> timedelta:
        return sum((line.length for line in self.lines), timedelta())


@dataclass(frozen=True, slots=True, kw_only=True)
class Timesheet:
    """A week that was submitted at least once. `totals` are those of its last submission; an approval refers to
    them. `week` is its Monday, `span` its instants; `version` grows with each change of state."""

    id: UUID
    person_id: UUID
    week: date
    span: Span
    state: WeekState
    version: int
    totals: WeekTotals
    submitted_at: datetime
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    reason: str = ""

    @property
    def locked(self) -> bool:
        return self.state in LOCKED


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionParams:
    """A decision on a submitted week. `seen_version` is the version that the lead looked at."""

    timesheet_id: UUID
    seen_version: int
    decision: Decision
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekReport:
    """The week of `owner` as `viewer` sees it at the instant `at` (UTC).

    `totals` are those of the submission or, for the owner of a week that is not locked, those of its entries now.
    `waits_for` are the names of the people who may decide, `decided_by` is the name of the person who did;
    `decides` is true if the viewer may decide. `last_entry` is the week's last entry while it can be edited. `over`
    is true if the week has ended.
    """

    change: TimesheetOutcome
    owner: Person
    viewer: Person
    week: date
    sheet: Timesheet | None
    totals: WeekTotals
    waits_for: tuple[str, ...]
    decided_by: str
    decides: bool
    last_entry: UUID | None
    over: bool
    at: datetime

    @property
    def state(self) -> WeekState:
        return self.sheet.state if self.sheet else WeekState.OPEN

    @property
    def display_cells(self) -> dict[tuple[str, date], timedelta]:
        """Return the displayed length of each project, by title, and day: whole minutes that add up by project and
        by day."""
        titles = ((line.project.title if line.project else "", line) for line in self.totals.lines)
        return share_out_table(sum_by_key(((title, line.day), line.length) for title, line in titles))

    @property
    def own(self) -> bool:
        return self.owner.id == self.viewer.id


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingWeek:
    """A submitted week of the person called `name`, for a reader who may decide on it."""

    timesheet_id: UUID
    version: int
    name: str
    week: date
    total: timedelta


def resolve_week(phrase: WeekPhrase | None, *, at: datetime, zone: ZoneInfo, day_first: bool) -> date:
    """Return the Monday of the week that a phrase means; without a phrase, of the week to submit now. Raises
    Refusal for a week that has not begun."""
    local = at.astimezone(zone)
    if phrase is not None:
        return monday_of(resolve_period(phrase, today=local.date(), day_first=day_first).first)
    this = monday_of(local.date())
    return this if (local.weekday(), local.time()) >= _FRIDAY_NOON else this - timedelta(days=7)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def days_of_week(
    week: date, zone: ZoneInfo, *, after: datetime | None = None, before: datetime | None = None
) -> tuple[tuple[date, Span], ...]:
    """Return the week's dates with their spans.

    `after` is the end of the locked week before it, `before` the start of the locked week after it: with these,
    weeks neither overlap nor leave a gap when their person has changed zones. Raises Refusal if no day is left.
    """
    dates = [week + timedelta(days=number) for number in range(7)]
    days = [(day, span) for day in dates if (span := day_span(day, zone))]
    if after:
        days = [(day, span) for day, span in days if span.end > after]
        days[:1] = [(day, replace(span, start=after)) for day, span in days[:1]]
    if before:
        days = [(day, span) for day, span in days if span.start < before]
        days[-1:] = [(day, replace(span, end=before)) for day, span in days[-1:]]
    if not days:
        raise Refusal(f"The {format_week(week)} did not exist in {zone.key}.")
    return tuple(days)


def week_totals(
    person: Person, days: Sequence[tuple[date, Span]], entries: Sequence[TimeEntry], *, at: datetime
) -> WeekTotals:
    """Add up the entries of a week. Entries may reach beyond the ends of its days."""
    reports = [
        build_day_report(person=person, day=day, span=span, entries=entries, at=at) for day, span in days
    ]
    return WeekTotals(
        lines=tuple(
            WeekLine(day=report.day, project=one.project, length=one.length)
            for report in reports
            for one in report.by_project
        ),
        gaps=sum(len(report.gaps) for report in reports),
        zone=person.zone.key,
    )


def deciders_to_notify(owner: Person, deciders: Iterable[Person]) -> list[Person]:
    """Return the people to ask for a decision on a submitted week: the leads, or the admins if there is no lead.
    The owner never decides on their own week, except an admin when there is nobody else."""
    others = [one for one in deciders if one.id != owner.id]
    leads = [one for one in others if one.role is Role.LEAD]
    return leads or others or ([owner] if owner.role is Role.ADMIN else [])


def can_decide(viewer: Person, owner: Person, deciders: Iterable[Person]) -> bool:
    """Return whether the viewer may decide on the week: any lead or admin may, even if they were not asked."""
    if viewer.id != owner.id:
        return viewer.sees_others
    return deciders_to_notify(owner, deciders) == [viewer]


def validate_reason(decision: Decision, reason: str) -> str:
    """Return the reason on one line. Raises FieldErrors if it is too long, or missing for a returned week."""
    reason = " ".join(reason.split())
    if decision is Decision.RETURN and not reason:
        raise FieldErrors({"reason": "Please say what is to be changed: it is sent along."})
    if len(reason) > LONGEST_REASON:
        raise FieldErrors({"reason": f"That is too long: {LONGEST_REASON} characters at most."})
    return reason


def format_week(week: date) -> str:
    """Format a week by its Monday: "week of 16 Nov 2026"."""
    return f"week of {format_date(week)}"


def format_names(names: Sequence[str]) -> str:
    """Format a list of names: "Ben", "Ben or Chika", "Ben, Chika or 3 others"."""
    shown, rest = list(names[:2]), len(names) - 2
    if rest > 0:
        return f"{', '.join(shown)} or {rest} other{'s' if rest > 1 else ''}"
    return " or ".join(shown)
