"""Answers of operations on timers and entries, read in the transaction of the operation."""

from datetime import datetime, timedelta
from uuid import UUID

from domain.entries.entries import TimeEntry, TimerAnswer, TimerOutcome
from domain.entries.suggestions import Suggestion
from domain.errors import NotFound
from domain.history.changes import EntryRecord
from domain.identity.people import Person
from domain.outbox.messages import CardContent
from domain.time.calendar import day_span, local_date
from services.operations.context import OperationContext
from storage.entries import entries, person_entries, suggestions
from storage.outbox import messages
from storage.postgres.database import Transaction

SUGGESTION_GONE = (
    "That suggestion isn't there any more: its time was tracked since. `/track today` shows the day."
)


async def answer_with_entry(
    context: OperationContext,
    change: TimerOutcome,
    entry: TimeEntry | None,
    *,
    replaced: TimeEntry | None = None,
    unknown_project: str | None = None,
    former_title: str | None = None,
) -> TimerAnswer:
    """Answer an operation with the entry that it changed or read, and today's total including that change."""
    if context.request.by_message and entry:
        await _send_card(context, entry)
    return TimerAnswer(
        change=change,
        person=context.person,
        entry=entry,
        replaced=replaced,
        today=await sum_today(context.tx, context.workspace_id, context.person, at=context.at),
        at=context.at,
        unknown_project=unknown_project,
        former_title=former_title,
        act_id=context.act_id if any(isinstance(one, EntryRecord) for one in context.changes) else None,
    )


async def _send_card(context: OperationContext, entry: TimeEntry) -> None:
    """Queue the entry's card as a message, once for the request, because nothing can be shown where the request came
    from."""
    await messages.queue(
        context.tx,
        context.workspace_id,
        asked=True,
        key=f"card:{context.request.key}",
        channel=context.request.who,
        content=CardContent(person_id=context.person.id, entry_id=entry.id),
        person_id=context.person.id,
    )


async def require_entry(
    context: OperationContext, entry_id: UUID, *, include_deleted: bool = False
) -> TimeEntry:
    """Return the person's entry with that id. Raises NotFound."""
    entry = await entries.find(
        context.tx, context.workspace_id, context.person.id, entry_id, include_deleted=include_deleted
    )
    if entry is None:
        raise NotFound("That entry isn't there any more. `/track` shows what is true now.")
    return entry


async def require_suggestion(
    tx: Transaction, workspace_id: UUID, person_id: UUID, suggestion_id: UUID
) -> Suggestion:
    """Return the suggestion. Raises NotFound if it became an entry, or never existed."""
    found = await suggestions.find_open(tx, workspace_id, person_id, [suggestion_id])
    if not found:
        raise NotFound(SUGGESTION_GONE)
    return found[0]


async def sum_today(tx: Transaction, workspace_id: UUID, person: Person, *, at: datetime) -> timedelta:
    """Return the total of the person's local day, as their report shows it. A running timer counts until `at`."""
    span = day_span(local_date(at, person.zone), person.zone)
    if span is None:
        return timedelta()
    return await person_entries.sum_between(
        tx, workspace_id, person.id, start=span.start, end=span.end, at=at
    )
