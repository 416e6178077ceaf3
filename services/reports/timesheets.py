"""Timesheets: weeks that are submitted to a lead, taken back, approved or returned."""

from datetime import date, datetime, timedelta
from uuid import UUID

from domain.entries.entries import TimeEntry
from domain.errors import NotFound, Refusal
from domain.history.changes import TimesheetRecord
from domain.identity.people import Person
from domain.outbox.messages import WeekContent
from domain.permissions import Needs
from domain.reports.timesheets import (
    LOCKED,
    Decision,
    DecisionParams,
    Timesheet,
    TimesheetOutcome,
    WaitingWeek,
    WeekReport,
    WeekState,
    WeekTotals,
    can_decide,
    days_of_week,
    deciders_to_notify,
    format_week,
    resolve_week,
    validate_reason,
    week_totals,
)
from domain.time.calendar import Span, local_date
from domain.time.durations import format_time_and_day
from domain.time.periods import WeekPhrase
from services.operations.context import OperationContext
from services.operations.declaration import OperationGroup, operation
from services.operations.runner import OperationRunner
from storage.entries import person_entries
from storage.identity import people
from storage.outbox import live_messages, messages
from storage.postgres.database import Database, Transaction
from storage.reports import timesheets

MOST_WAITING = 11  # ten are shown; the eleventh tells whether there are more
_A_WEEK = timedelta(days=7)


async def find_week_report(
    tx: Transaction, workspace_id: UUID, viewer: Person, timesheet_id: UUID, *, at: datetime
) -> WeekReport | None:
    """Return the week's report for that viewer. None if there is no such week that they may see."""
    sheet = await timesheets.find(tx, workspace_id, timesheet_id)
    owner = await people.find_by_id(tx, workspace_id, sheet.person_id) if sheet else None
    if sheet is None or owner is None or not (viewer.id == owner.id or viewer.sees_others):
        return None
    return await _read_report(tx, workspace_id, viewer, owner, sheet.week, sheet, at=at)


async def is_message_current(
    tx: Transaction, workspace_id: UUID, reader: Person, content: WeekContent
) -> bool:
    """Return whether the week is unchanged since the message was queued, and its reader may still see it."""
    report = await find_week_report(tx, workspace_id, reader, content.timesheet_id, at=await tx.now())
    return report is not None and report.sheet is not None and report.sheet.version == content.version


async def find_waiting_weeks(tx: Transaction, workspace_id: UUID, viewer: Person) -> tuple[WaitingWeek, ...]:
    """Find the submitted weeks that the viewer may decide on, the longest waiting first."""
    if not viewer.sees_others:
        return ()
    deciders = await people.find_leads_and_admins(tx, workspace_id)
    include_own = can_decide(viewer, viewer, deciders)
    found = await timesheets.find_waiting(
        tx, workspace_id, viewer.id, include_own=include_own, most=MOST_WAITING
    )
    return tuple(found)


@operation(needs=Needs.ZONE)
async def submit_week(
    context: OperationContext, phrase: WeekPhrase | None, *, empty_too: bool = False
) -> WeekReport:
    """Submit a week to the people who decide on it, and lock it.

    Without `phrase` it is the current week, or before Friday noon the last one. A week without entries is only
    submitted with `empty_too`; the answer says whether it was. Raises Refusal for a week that holds a running or
    unconfirmed entry.
    """
    person = context.person
    week = resolve_week(phrase, at=context.at, zone=person.zone, day_first=person.day_first)
    before = await timesheets.find_by_week(context.tx, context.workspace_id, person.id, week)
    if before and before.locked:
        return await _answer(context, TimesheetOutcome.SHOWN, before, person)
    await timesheets.wait_for_entries(context.tx, person.id)
    days, found = await _find_entries(context.tx, context.workspace_id, person, week)
    _refuse_unfinished(context, week, found)
    totals = week_totals(person, days, found, at=context.at)
    if not totals.lines and not empty_too:
        return await _read_report(
            context.tx,
            context.workspace_id,
            person,
            person,
            week,
            before,
            at=context.at,
            change=TimesheetOutcome.EMPTY,
        )
    span = Span(start=days[0][1].start, end=days[-1][1].end)
    sheet = await timesheets.submit(
        context.tx, context.workspace_id, person.id, week=week, span=span, totals=totals, at=context.at
    )
    assert sheet is not None, "only the person themselves locks a week, and their lock is held"
    deciders = await _record_change(context, TimesheetOutcome.SUBMITTED, before, sheet, person)
    for one in deciders_to_notify(person, deciders):
        await _send_week(context, sheet, to=one)
    return await _answer(context, TimesheetOutcome.SUBMITTED, sheet, person)


def _refuse_unfinished(context: OperationContext, week: date, found: list[TimeEntry]) -> None:
    """Raise Refusal for a week that holds a running or unconfirmed entry, because neither can change once it is
    locked."""
    zone = context.person.zone
    for entry in found:
        since = format_time_and_day(entry.started_at, zone, seen_at=context.at)
        if entry.running:
            raise Refusal(
                f"A timer is still running in the {format_week(week)}, since {since}. `/track stop` ends it; submit "
                "the week then. Nothing was changed."
            )
        if entry.unconfirmed:
            raise Refusal(
                f"The entry that began {since} was ended without you and is not confirmed yet. "
                f"`/track {local_date(entry.started_at, zone)}` shows its day: confirm or edit the entry, and "
                "submit the week then. Nothing was changed."
            )


@operation(needs=Needs.ZONE)
async def take_week_back(context: OperationContext, *, timesheet_id: UUID, seen_version: int) -> WeekReport:
    """Open the person's own submitted week again, if nobody has decided on it yet. Raises NotFound."""
    before = await timesheets.find(context.tx, context.workspace_id, timesheet_id)
    if before is None or before.person_id != context.person.id:
        raise NotFound("That week isn't yours. `/track submit` shows your own.")
    after = await timesheets.change_state(
        context.tx,
        context.workspace_id,
        timesheet_id,
        seen_version=seen_version,
        of=[WeekState.SUBMITTED],
        to=WeekState.OPEN,
    )
    if after is None:
        return await _answer_too_late(context, timesheet_id, context.person)
    await _record_change(context, TimesheetOutcome.TAKEN_BACK, before, after, context.person)
    return await _answer(context, TimesheetOutcome.TAKEN_BACK, after, context.person)


@operation(needs=Needs.ZONE)
async def decide_on_week(context: OperationContext, params: DecisionParams) -> WeekReport:
    """Approve a submitted week, or return a submitted or approved one for a reason.

    The first decision counts; a later one gets an answer that shows it. Raises FieldErrors for a return without a
    reason, NotFound, and Refusal for people who may not decide.
    """
    before = await timesheets.find(context.tx, context.workspace_id, params.timesheet_id)
    owner = await people.find_by_id(context.tx, context.workspace_id, before.person_id) if before else None
    if before is None or owner is None:
        raise NotFound("That week isn't there any more.")
    if not can_decide(
        context.person, owner, await people.find_leads_and_admins(context.tx, context.workspace_id)
    ):
        raise Refusal("Leads and admins decide on weeks, and nobody on their own. Nothing was changed.")
    reason = validate_reason(params.decision, params.reason)
    approving = params.decision is Decision.APPROVE
    after = await timesheets.change_state(
        context.tx,
        context.workspace_id,
        params.timesheet_id,
        seen_version=params.seen_version,
        of=[WeekState.SUBMITTED] if approving else LOCKED,
        to=WeekState.APPROVED if approving else WeekState.RETURNED,
        decided_by=context.person.id,
        decided_at=context.at,
        reason=reason,
    )
    if after is None:
        return await _answer_too_late(context, params.timesheet_id, owner)
    change = TimesheetOutcome.APPROVED if approving else TimesheetOutcome.RETURNED
    if before.state is WeekState.APPROVED:
        change = TimesheetOutcome.REOPENED
    await _record_change(context, change, before, after, owner)
    await _send_week(context, after, to=owner)
    return await _answer(context, change, after, owner)


async def _record_change(
    context: OperationContext,
    change: TimesheetOutcome,
    before: Timesheet | None,
    after: Timesheet,
    owner: Person,
) -> list[Person]:
    """Record the change, and have the week rewritten wherever it is shown. Returns the people who may decide on weeks
    here."""
    context.changes.append(
        TimesheetRecord(timesheet_id=after.id, change=change.value, before=before, after=after)
    )
    deciders = await people.find_leads_and_admins(context.tx, context.workspace_id)
    homes = {one.slack_user_id for one in (*deciders, owner, context.person)}
    await live_messages.mark_week_due(context.tx, context.workspace_id, after.id, homes=sorted(homes))
    return deciders


async def _send_week(context: OperationContext, sheet: Timesheet, *, to: Person) -> None:
    """Send the week as a direct message, except to the person who asks for the operation, who gets its answer."""
    if to.id == context.person.id or not to.in_slack:
        return
    await messages.queue(
        context.tx,
        context.workspace_id,
        key=f"week:{sheet.id}:{sheet.version}:{to.id}",
        channel=to.slack_user_id,
        content=WeekContent(person_id=to.id, timesheet_id=sheet.id, week=sheet.week, version=sheet.version),
        person_id=to.id,
    )


async def _answer_too_late(context: OperationContext, timesheet_id: UUID, owner: Person) -> WeekReport:
    now = await timesheets.find(context.tx, context.workspace_id, timesheet_id)
    assert now is not None, "weeks are never deleted"
    return await _answer(context, TimesheetOutcome.TOO_LATE, now, owner)


async def _answer(
    context: OperationContext, change: TimesheetOutcome, sheet: Timesheet, owner: Person
) -> WeekReport:
    return await _read_report(
        context.tx,
        context.workspace_id,
        context.person,
        owner,
        sheet.week,
        sheet,
        at=context.at,
        change=change,
    )


async def _read_report(
    tx: Transaction,
    workspace_id: UUID,
    viewer: Person,
    owner: Person,
    week: date,
    sheet: Timesheet | None,
    *,
    at: datetime,
    change: TimesheetOutcome = TimesheetOutcome.SHOWN,
) -> WeekReport:
    totals, last, ends = WeekTotals(), None, at
    if sheet and (sheet.locked or viewer.id != owner.id):
        totals, ends = sheet.totals, sheet.span.end
    else:
        days, found = await _find_entries(tx, workspace_id, owner, week)
        totals, ends = week_totals(owner, days, found, at=at), days[-1][1].end
        last = found[-1].id if found else None
    deciders = await people.find_leads_and_admins(tx, workspace_id)
    decider = (
        await people.find_by_id(tx, workspace_id, sheet.decided_by) if sheet and sheet.decided_by else None
    )
    return WeekReport(
        change=change,
        owner=owner,
        viewer=viewer,
        week=week,
        sheet=sheet,
        totals=totals,
        waits_for=tuple(one.name for one in deciders_to_notify(owner, deciders)),
        decided_by=decider.name if decider else "",
        decides=can_decide(viewer, owner, deciders),
        last_entry=last,
        over=ends <= at,
        at=at,
    )


async def _find_entries(
    tx: Transaction, workspace_id: UUID, person: Person, week: date
) -> tuple[tuple[tuple[date, Span], ...], list[TimeEntry]]:
    """Return the week's days as it would be submitted now, and the entries that share time with them, oldest
    first."""
    earlier, later = week - _A_WEEK, week + _A_WEEK
    beside = await timesheets.find_locked_neighbors(
        tx, workspace_id, person.id, one_before=earlier, one_after=later
    )
    days = days_of_week(
        week,
        person.zone,
        after=beside[earlier].end if earlier in beside else None,
        before=beside[later].start if later in beside else None,
    )
    found = await person_entries.find_between(
        tx, workspace_id, person.id, start=days[0][1].start, end=days[-1][1].end
    )
    return days, found


class Timesheets(OperationGroup):
    """Operations on timesheets."""

    submit = submit_week
    take_back = take_week_back
    decide = decide_on_week

    def __init__(self, database: Database, runner: OperationRunner) -> None:
        super().__init__(runner)
        self._database = database

    async def report_week(self, workspace_id: UUID, who: str, week: date) -> WeekReport:
        """Report the week of the person with that Slack id, by its Monday, as it is now. Raises PersonUnknown."""
        async with self._database.transaction(workspace_id) as tx:
            person = await people.require_person(tx, workspace_id, who)
            sheet = await timesheets.find_by_week(tx, workspace_id, person.id, week)
            return await _read_report(tx, workspace_id, person, person, week, sheet, at=await tx.now())

    async def report_timesheet(self, workspace_id: UUID, who: str, timesheet_id: UUID) -> WeekReport:
        """Report that timesheet, for its owner or for a person who may decide on it. Raises NotFound or
        PersonUnknown."""
        async with self._database.transaction(workspace_id) as tx:
            viewer = await people.require_person(tx, workspace_id, who)
            report = await find_week_report(tx, workspace_id, viewer, timesheet_id, at=await tx.now())
            if report is None:
                raise NotFound("You can't see that week. `/track week` shows yours.")
            return report
