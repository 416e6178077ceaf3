"""Undoes operations, and turns the first word of a note into the entry's project."""

from dataclasses import replace
from uuid import UUID

from domain.entries.entries import TimeEntry, TimerAnswer, TimerOutcome
from domain.errors import NotFound, Refusal
from domain.history.changes import UNDONE, EntryRecord, OperationRecord, Snapshot
from domain.permissions import Needs
from services.entries.answers import answer_with_entry, require_entry
from services.entries.entry_writes import delete_made_entries, deleted_state, reload_running, update_entry
from services.operations.context import OperationContext
from services.operations.declaration import operation
from services.projects.project_writes import make_project
from storage.entries import entries
from storage.history import changes

MOST_LOOKED_AT = 50  # changes of one operation; larger operations can be edited, but not undone


@operation(needs=Needs.NOTHING)
async def undo_operation(context: OperationContext, *, act_id: UUID) -> TimerAnswer:
    """Restore the state before that operation of the same person, all of it or nothing. Undoing it again changes
    nothing.

    Raises Refusal if one of its entries has changed since.
    """
    request = await changes.find_operation(
        context.tx, context.workspace_id, act_id, actor=context.request.who
    )
    if request is None or request.is_undo:
        raise NotFound("There is nothing to undo here.")
    now = await _find_entries(context, [request])
    if request.undone:
        return await answer_with_entry(
            context, TimerOutcome.ALREADY_UNDONE, now.get(request.changes[0].entry_id)
        )
    if not request.is_in_effect(now):
        raise Refusal(
            "This entry was changed after that, so I left everything as it is. "
            "`/track` shows what is true now."
        )
    return await _restore_state_before(context, request, now)


@operation(needs=Needs.NOTHING)
async def undo_last_operation(context: OperationContext) -> TimerAnswer:
    """Undo the person's last operation that is not undone yet. Calling it again undoes the one before."""
    latest = await changes.find_latest(
        context.tx, context.workspace_id, actor=context.request.who, most=MOST_LOOKED_AT
    )
    now = await _find_entries(context, latest)
    for request in latest:
        if not request.is_undo and request.is_in_effect(now):
            return await _restore_state_before(context, request, now)
    raise NotFound("There is nothing to undo.")


async def _restore_state_before(
    context: OperationContext, request: OperationRecord, now: dict[UUID, TimeEntry]
) -> TimerAnswer:
    first: dict[UUID, EntryRecord] = {}
    for change in request.changes:
        first.setdefault(change.entry_id, change)
    made = [now[entry_id] for entry_id, change in first.items() if change.before is None]
    at_once = len(made) > 1 and all(entry.ended_at for entry in made)
    if at_once:
        await delete_made_entries(context, made, undoes=request.act_id)
    # Newest change first: an entry that was changed later may use the time that an earlier one gets back.
    for entry_id, change in reversed(first.items()):
        if at_once and change.before is None:
            continue
        to = change.before or deleted_state(Snapshot.from_entry(now[entry_id]), context.at)
        await update_entry(
            context, now[entry_id], to, change=UNDONE, refusal=_TAKEN_SINCE, undoes=request.act_id
        )
    await reload_running(context)
    # The answer shows the operation's first entry: restored, or deleted if the operation inserted it.
    about = await require_entry(context, request.changes[0].entry_id, include_deleted=True)
    undone = await answer_with_entry(context, TimerOutcome.UNDONE, about)
    others = len(made) - 1 if at_once and len(made) == len(first) else 0
    return replace(undone, act_id=None, others=others)  # The card of an undo has no Undo button.


async def _find_entries(context: OperationContext, done: list[OperationRecord]) -> dict[UUID, TimeEntry]:
    entry_ids = {change.entry_id for request in done for change in request.changes}
    return await entries.find_many(context.tx, context.workspace_id, context.person.id, entry_ids)


@operation
async def file_entry(context: OperationContext, *, entry_id: UUID, title: str) -> TimerAnswer:
    """Make a project called `title`, put the entry under it, and remove that word from its note."""
    entry = await require_entry(context, entry_id)
    if entry.project is None:
        project = await make_project(context, title)
        first, _, rest = entry.note.partition(" ")
        note = rest if first.casefold() == title.casefold() else entry.note
        await update_entry(
            context,
            entry,
            replace(Snapshot.from_entry(entry), project_id=project.id, note=note),
            change="filed",
        )
        entry = await require_entry(context, entry_id)
        if entry.running:
            context.running = entry
    return await answer_with_entry(context, TimerOutcome.FILED, entry)


_TAKEN_SINCE = "That can't be undone any more: another entry has used this time since. Nothing was changed."
