"""Reports of days and periods, and sums over them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from domain.errors import Refusal
from domain.identity.people import Person
from domain.permissions import Needs
from domain.reports.period_reports import Dimension, Group, PeriodReport, build_period_report
from domain.reports.reports import DayReport, build_day_report
from domain.reports.summaries import Summary, SummaryBounds, SummaryDimension, SummaryLine
from domain.time.calendar import local_date
from domain.time.days import DayPhrase, resolve_day
from domain.time.local_days import LocalDays
from domain.time.periods import DateRange, PeriodPhrase, resolve_period
from services.operations.context import OperationContext
from services.operations.declaration import OperationGroup, operation
from services.operations.runner import OperationRunner
from storage.entries import entries, person_entries, suggestions
from storage.identity import people
from storage.postgres.database import Database, Transaction
from storage.reports import days as days_said
from storage.reports import local_days, summaries
from storage.reports.summaries import TimeSum


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryParams:
    """Which time to add up, and by what. `person_id` names one person; None means everybody whom the reader may see."""

    bounds: SummaryBounds
    by: tuple[SummaryDimension, ...]
    person_id: UUID | None = None
    project_id: UUID | None = None


@operation(needs=Needs.ZONE)
async def report_day(context: OperationContext, day: DayPhrase | None = None) -> DayReport:
    """Report the person's day so far, or another day that they named. A repeated request gets the stored answer.

    Raises Refusal if the words name no day.
    """
    today = local_date(context.at, context.person.zone)
    date_ = resolve_day(day, today=today, day_first=context.person.day_first) if day else today
    return await read_day_report(context.tx, context.workspace_id, context.person, at=context.at, day=date_)


@operation(needs=Needs.ZONE)
async def report_period(context: OperationContext, phrase: PeriodPhrase, by: Dimension) -> PeriodReport:
    """Add up the days that the person named. Raises Refusal if the days are in the future, or too many."""
    person, today = context.person, local_date(context.at, context.person.zone)
    dates = resolve_period(phrase, today=today, day_first=person.day_first)
    if by is Dimension.PERSON and person.sees_others:
        return await _report_everybody(context, dates)
    return await read_period_report(context.tx, context.workspace_id, person, dates, by=by, at=context.at)


async def _read_summary_lines(
    tx: Transaction, workspace_id: UUID, params: SummaryParams, *, of: UUID | None, at: datetime
) -> list[SummaryLine]:
    edges, days = await _find_day_edges(
        tx, workspace_id, params.bounds, of, by_day=SummaryDimension.DAY in params.by
    )
    if not edges:
        return []
    found = await summaries.sum_time(
        tx,
        workspace_id,
        edges=edges,
        by_project=SummaryDimension.PROJECT in params.by,
        by_person=SummaryDimension.USER in params.by,
        of=of,
        project_id=params.project_id,
        at=at,
    )
    return [
        SummaryLine(
            day=days[one.number] if days else None,
            project_id=one.project_id,
            project=one.project,
            person_id=one.person_id,
            person=one.person,
            length=one.length,
        )
        for one in found
    ]


async def read_day_report(
    tx: Transaction, workspace_id: UUID, person: Person, *, at: datetime, day: date | None = None
) -> DayReport:
    """Read the report of a local date of the person; without `day`, of today."""
    today = local_date(at, person.zone)
    day = day or today
    local = LocalDays(zone=person.zone)
    # Most reports are of today. That needs no query: today is a day of the person's present zone.
    if day < today:
        local = await local_days.find(tx, workspace_id, person, first=day, last=day)
    spans = local.spans([day])
    if not spans:
        raise Refusal(f"{day} did not exist in {person.zone.key}: the calendar left it out.")
    span = spans[0][1]
    found = await person_entries.find_between(tx, workspace_id, person.id, start=span.start, end=span.end)
    marks = await days_said.find_marks(tx, workspace_id, person.id, day, span)
    doubts = (
        await entries.find_many(tx, workspace_id, person.id, marks.unconfirmed) if marks.unconfirmed else {}
    )
    suggested = (
        await suggestions.find_open(tx, workspace_id, person.id, marks.suggested) if marks.suggested else []
    )
    return build_day_report(
        person=person,
        day=day,
        span=span,
        entries=found,
        at=at,
        marks=marks,
        doubts=sorted(doubts.values(), key=lambda entry: entry.started_at),
        suggested=suggested,
    )


async def read_period_report(
    tx: Transaction, workspace_id: UUID, person: Person, dates: DateRange, *, by: Dimension, at: datetime
) -> PeriodReport:
    """Add up the person's own time in those local dates."""
    local = await local_days.find(tx, workspace_id, person, first=dates.first, last=dates.last)
    days = local.spans(dates.days)
    if not days:
        raise Refusal(f"{dates.name} did not exist in {person.zone.key}: the calendar left it out.")
    found = await person_entries.find_between(
        tx, workspace_id, person.id, start=days[0][1].start, end=days[-1][1].end
    )
    return build_period_report(person=person, dates=dates, by=by, days=days, entries=found, at=at)


async def _find_day_edges(
    tx: Transaction, workspace_id: UUID, bounds: SummaryBounds, of: UUID | None, *, by_day: bool
) -> tuple[dict[str | UUID, list[datetime]], list[date]]:
    """Return where the days begin and end, for each zone, and for each person whose submitted week fixed other
    bounds, and the dates of those days.

    Without `by_day` it returns only the outer bounds.
    """
    zones = await summaries.find_zones(tx, workspace_id, of)
    local: dict[str | UUID, LocalDays] = {name: LocalDays(zone=zone) for name, zone in zones.items()}
    first, last = (one.date() if isinstance(one, datetime) else one for one in (bounds.start, bounds.end))
    moved = await local_days.find_in_other_zones(tx, workspace_id, of=of, first=first, last=last)
    local.update(moved.items())
    spans = {name: span for name, days in local.items() if (span := bounds.resolve_for(days))}
    if not by_day or not spans:
        return {name: [span.start, span.end] for name, span in spans.items()}, []
    dates = bounds.dates(local.values())
    return {name: bounds.edges(dates, local[name]) for name in spans}, dates


async def sum_time_of_everybody(
    tx: Transaction, workspace_id: UUID, dates: DateRange, *, by_day: bool, at: datetime
) -> list[tuple[TimeSum, date | None]]:
    """Add up everybody's time in those dates, each in the person's own zone. With `by_day` by day and project too."""
    bounds = SummaryBounds(start=dates.first, end=dates.last)
    edges, days = await _find_day_edges(tx, workspace_id, bounds, None, by_day=by_day)
    found = await summaries.sum_time(
        tx,
        workspace_id,
        edges=edges,
        by_project=by_day,
        by_person=True,
        of=None,
        project_id=None,
        at=at,
    )
    return [(one, days[one.number] if days else None) for one in found]


async def _report_everybody(context: OperationContext, dates: DateRange) -> PeriodReport:
    """Add up everybody's time, in the days of each person's own zone, so that it equals the person's own report."""
    found = await sum_time_of_everybody(context.tx, context.workspace_id, dates, by_day=False, at=context.at)
    groups = tuple(Group(name=one.person or "", length=one.length) for one, _ in found)
    return PeriodReport(
        person=context.person,
        dates=dates,
        by=Dimension.PERSON,
        at=context.at,
        days=(),
        groups=groups,
        total=sum((group.length for group in groups), timedelta()),
    )


class Reports(OperationGroup):
    """Reports of time: operations, and reads outside of operations."""

    today = report_day
    period = report_period

    def __init__(self, database: Database, runner: OperationRunner) -> None:
        super().__init__(runner)
        self._database = database

    async def read_day(self, workspace_id: UUID, who: str, day: date) -> DayReport:
        """Report one local date of the person with that Slack id, as it is now. Raises PersonUnknown."""
        async with self._database.transaction(workspace_id) as tx:
            person = await people.require_person(tx, workspace_id, who)
            return await read_day_report(tx, workspace_id, person, at=await tx.now(), day=day)

    async def read_summary(self, workspace_id: UUID, reader: Person, params: SummaryParams) -> Summary:
        """Add up time in the database. Empty for somebody else's time, unless the reader may see others. Raises
        FieldErrors."""
        span = params.bounds.resolve(reader.zone)
        of = params.person_id if reader.sees_others else reader.id
        hidden = not reader.sees_others and params.person_id not in (None, reader.id)
        async with self._database.transaction(workspace_id) as tx:
            at = await tx.now()
            lines = [] if hidden else await _read_summary_lines(tx, workspace_id, params, of=of, at=at)
        return Summary(
            start=span.start, end=span.end, zone=reader.zone.key, at=at, by=params.by, lines=tuple(lines)
        )
