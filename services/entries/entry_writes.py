"""Writes entries together with their history. Steps of an operation; the constraints of the database decide."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import asyncpg

from domain.entries.entries import SHORTEST, EntryData, TimeEntry
from domain.errors import Overlap
from domain.history.changes import UNDONE, EntryRecord, Snapshot
from services.entries.week_locks import refuse_locked_week, refuse_locked_weeks
from services.operations.context import OperationContext
from storage.entries import bulk_entries, entry_writes
from storage.history.operation_state import read_state

_REFUSED = (asyncpg.ExclusionViolationError, asyncpg.UniqueViolationError)


async def insert_entry(context: OperationContext, data: EntryData, *, change: str | None = None) -> TimeEntry:
    """Insert an entry, or a timer if it has no end. `change` is its name in history, instead of "started" or
    "recorded".

    Raises Overlap or WeekLocked.
    """
    await refuse_locked_week(context, data.started_at, data.ended_at)
    try:
        entry = await entry_writes.insert_entry(
            context.tx, context.workspace_id, context.person.id, _complete(context, data), at=context.at
        )
    except _REFUSED:
        raise Overlap(
            "That time is already tracked, and entries never overlap. Nothing was changed."
        ) from None
    change = change or ("started" if entry.ended_at is None else "recorded")
    context.changes.append(
        EntryRecord(entry_id=entry.id, change=change, before=None, after=Snapshot.from_entry(entry))
    )
    if entry.ended_at is None:
        context.running = entry
    return entry


async def insert_entries(
    context: OperationContext, new_entries: Mapping[UUID, EntryData], *, change: str
) -> None:
    """Insert finished entries, with the ids that they bring, all or none. Raises Overlap or WeekLocked."""
    await refuse_locked_weeks(context, new_entries.values())
    try:
        await bulk_entries.insert_entries(
            context.tx,
            context.workspace_id,
            context.person.id,
            {entry_id: _complete(context, data) for entry_id, data in new_entries.items()},
            at=context.at,
        )
    except _REFUSED:
        raise Overlap(
            "Some of that time is already tracked, and entries never overlap. Nothing was changed."
        ) from None
    context.changes += [
        EntryRecord(entry_id=entry_id, change=change, before=None, after=Snapshot.from_data(data))
        for entry_id, data in new_entries.items()
    ]


def _complete(context: OperationContext, data: EntryData) -> EntryData:
    return replace(
        data,
        zone=data.zone or context.person.zone.key,
        source=data.source or context.request.source.value,
    )


async def delete_made_entries(context: OperationContext, made: Sequence[TimeEntry], *, undoes: UUID) -> None:
    """Delete finished entries that an operation inserted, in one statement. The caller has checked that they are
    unchanged since. Raises WeekLocked."""
    await refuse_locked_weeks(context, made)
    await bulk_entries.mark_deleted(
        context.tx, context.workspace_id, context.person.id, [entry.id for entry in made], at=context.at
    )
    for entry in made:
        before = Snapshot.from_entry(entry)
        after = replace(before, deleted=True, version=before.version + 1)
        context.changes.append(
            EntryRecord(entry_id=entry.id, change=UNDONE, before=before, after=after, undoes=undoes)
        )


async def end_timer(
    context: OperationContext, entry: TimeEntry, instant: datetime, *, unconfirmed: bool = False
) -> TimeEntry:
    """End the timer at that instant. `unconfirmed` marks an end that its person did not choose. Raises WeekLocked."""
    await refuse_locked_week(context, entry.started_at, instant)
    await entry_writes.end_entry(
        context.tx, context.workspace_id, entry.id, end=instant, at=context.at, unconfirmed=unconfirmed
    )
    ended = entry.with_end(instant, at=context.at, unconfirmed=unconfirmed)
    context.changes.append(
        EntryRecord(
            entry_id=entry.id,
            change="stopped",
            before=Snapshot.from_entry(entry),
            after=Snapshot.from_entry(ended),
        )
    )
    context.running = None
    return ended


async def update_entry(
    context: OperationContext,
    entry: TimeEntry,
    to: Snapshot,
    *,
    change: str,
    refusal: str = "Another entry has used this time since. Nothing was changed.",
    undoes: UUID | None = None,
) -> None:
    """Write the state `to` to the entry.

    Raises Overlap with the sentence `refusal` if another entry uses the new time, and WeekLocked if the old or the
    new state lies in a locked week.
    """
    for state in (Snapshot.from_entry(entry), to):
        if not state.deleted:
            await refuse_locked_week(context, state.started_at, state.ended_at)
    try:
        await entry_writes.restore(
            context.tx, context.workspace_id, entry.id, to=to, seen_version=entry.version, at=context.at
        )
    except _REFUSED:
        raise Overlap(refusal) from None
    context.changes.append(
        EntryRecord(
            entry_id=entry.id,
            change=change,
            before=Snapshot.from_entry(entry),
            after=replace(to, version=entry.version + 1),
            undoes=undoes,
        )
    )


def deleted_state(state: Snapshot, at: datetime) -> Snapshot:
    """Return the state as deleted. A running timer ends at that instant."""
    return replace(state, deleted=True, ended_at=state.ended_at or max(at, state.started_at + SHORTEST))


async def reload_running(context: OperationContext) -> None:
    """Read the running timer again, after entries were changed one by one."""
    found = await read_state(context.tx, context.workspace_id, context.request.who)
    context.running = found.running if found else None
