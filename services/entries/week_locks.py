"""Refuses changes in submitted and approved weeks, and names the reason. Steps of an operation.

The trigger time_entries_in_open_weeks refuses them too, but can not say who decides on the week.
"""

from collections.abc import Collection
from datetime import datetime

from domain.entries.entries import EntryData, TimeEntry
from domain.errors import WeekLocked
from domain.identity.people import Person
from domain.reports.timesheets import Timesheet, WeekState, deciders_to_notify, format_names, format_week
from services.operations.context import OperationContext
from storage.identity import people
from storage.reports import timesheets


async def refuse_locked_week(context: OperationContext, start: datetime, end: datetime | None) -> None:
    """Raise WeekLocked if [start, end) shares time with a locked week of the person. Without an end, all time from
    `start` on counts.

    Time after the last locked week, the usual case, costs no query.
    """
    if context.locked_until is None or start >= context.locked_until:
        return
    sheet = await timesheets.find_first_locked(
        context.tx, context.workspace_id, context.person.id, start=start, end=end
    )
    if sheet:
        raise WeekLocked(await _describe_lock(context, sheet))


async def refuse_locked_weeks(context: OperationContext, finished: Collection[TimeEntry | EntryData]) -> None:
    """Raise WeekLocked if one of the finished entries shares time with a locked week. Needs one query for all of
    them."""
    if context.locked_until is None or not finished:
        return
    stretches = [(entry.started_at, entry.ended_at or context.at) for entry in finished]
    spans = await timesheets.find_locked_between(
        context.tx,
        context.workspace_id,
        context.person.id,
        start=min(start for start, _ in stretches),
        end=max(end for _, end in stretches),
    )
    for start, end in stretches:
        if any(start < span.end and span.start < end for span in spans):
            await refuse_locked_week(context, start, end)


async def _describe_lock(context: OperationContext, sheet: Timesheet) -> str:
    called = format_week(sheet.week)
    if sheet.state is WeekState.APPROVED:
        decider = (
            await people.find_by_id(context.tx, context.workspace_id, sheet.decided_by)
            if sheet.decided_by
            else None
        )
        name = decider.name if decider else "a lead"
        return f"The {called} is approved, by {name}. Leads and admins can reopen it. Nothing was changed."
    waits_for = format_names(await find_decider_names(context, context.person)) or "a lead"
    return (
        f"The {called} is with {waits_for} for approval. `/track submit {sheet.week}` shows it, with a button to take "
        "it back. Nothing was changed."
    )


async def find_decider_names(context: OperationContext, owner: Person) -> list[str]:
    found = await people.find_leads_and_admins(context.tx, context.workspace_id)
    return [one.name for one in deciders_to_notify(owner, found)]
