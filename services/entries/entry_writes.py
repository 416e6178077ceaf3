"""Writing an entry and its history, always both. Steps of an act; the constraints are the referee."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import asyncpg

from domain.entries.entries import SHORTEST, TimeEntry
from domain.errors import Overlap
from domain.history.changes import UNDONE, EntryRecord, Snapshot
from domain.projects.projects import Project
from services.entries.week_locks import refuse_any_locked, refuse_locked
from services.operations.context import OperationContext
from storage.entries import bulk_entries, entry_writes
from storage.entries.bulk_entries import Finished
from storage.history.operation_state import read_state

_REFUSED = (asyncpg.ExclusionViolationError, asyncpg.UniqueViolationError)


async def insert(
    context: OperationContext,
    *,
    project: Project | None,
    note: str,
    tags: Sequence[str],
    started_at: datetime,
    ended_at: datetime | None = None,
    external_id: str | None = None,
    link: str | None = None,
    zone: str | None = None,
    change: str | None = None,
) -> TimeEntry:
    """Raises Overlap or WeekLocked. `change` is what history calls it, where it is more than a start or a record;
    `zone` where the person was then, if that is known to be another one than now."""
    await refuse_locked(context, started_at, ended_at)
    try:
        entry = await entry_writes.insert_entry(
            context.tx,
            context.workspace_id,
            context.person,
            project=project,
            note=note,
            tags=tags,
            started_at=started_at,
            ended_at=ended_at,
            zone=zone or context.person.zone.key,
            source=context.request.source.value,
            at=context.at,
            external_id=external_id,
            link=link,
        )
    except _REFUSED:
        raise Overlap(
            "That time is already tracked, and entries never overlap. Nothing was changed."
        ) from None
    change = change or ("started" if ended_at is None else "recorded")
    context.changes.append(
        EntryRecord(entry_id=entry.id, change=change, before=None, after=Snapshot.of(entry))
    )
    if ended_at is None:
        context.running = entry
    return entry


async def insert_many(
    context: OperationContext,
    given: Sequence[TimeEntry],
    *,
    external_ids: Mapping[UUID, str | None],
    change: str,
) -> None:
    """Finished entries under the ids they have, all or none. Raises Overlap or WeekLocked."""
    await refuse_any_locked(context, given)
    try:
        rows = [_finished(entry, external_ids[entry.id]) for entry in given]
        await bulk_entries.insert_entries(
            context.tx, context.workspace_id, context.person.id, rows, at=context.at
        )
    except _REFUSED:
        raise Overlap(
            "Some of that time is already tracked, and entries never overlap. Nothing was changed."
        ) from None
    context.changes += [
        EntryRecord(entry_id=entry.id, change=change, before=None, after=Snapshot.of(entry))
        for entry in given
    ]


def _finished(entry: TimeEntry, external_id: str | None) -> Finished:
    assert entry.ended_at is not None
    return Finished(
        id=entry.id,
        project_id=entry.project.id if entry.project else None,
        note=entry.note,
        tags=entry.tags,
        started_at=entry.started_at,
        ended_at=entry.ended_at,
        zone=entry.zone,
        source=entry.source,
        external_id=external_id,
        link=entry.link,
    )


async def take_back_made(context: OperationContext, made: Sequence[TimeEntry], *, undoes: UUID) -> None:
    """Deletes finished entries that an act made, in one statement; they were found as that act left them.
    Raises WeekLocked."""
    await refuse_any_locked(context, made)
    await bulk_entries.mark_deleted(
        context.tx, context.workspace_id, context.person.id, [entry.id for entry in made], at=context.at
    )
    for entry in made:
        before = Snapshot.of(entry)
        after = replace(before, deleted=True, version=before.version + 1)
        context.changes.append(
            EntryRecord(entry_id=entry.id, change=UNDONE, before=before, after=after, undoes=undoes)
        )


async def end(
    context: OperationContext, entry: TimeEntry, instant: datetime, *, unconfirmed: bool = False
) -> TimeEntry:
    """`unconfirmed` is for what its person did not end."""
    await refuse_locked(context, entry.started_at, instant)
    await entry_writes.end_entry(
        context.tx, context.workspace_id, entry.id, end=instant, at=context.at, unconfirmed=unconfirmed
    )
    ended = entry.ended(instant, at=context.at, unconfirmed=unconfirmed)
    context.changes.append(
        EntryRecord(entry_id=entry.id, change="stopped", before=Snapshot.of(entry), after=Snapshot.of(ended))
    )
    context.running = None
    return ended


async def put(
    context: OperationContext,
    entry: TimeEntry,
    to: Snapshot,
    *,
    change: str,
    refusal: str = "Another entry has used this time since. Nothing was changed.",
    undoes: UUID | None = None,
) -> None:
    """Gives the entry the state `to`. Raises Overlap with that refusal when its time is used by another one, and
    WeekLocked where the one state or the other lies in a locked week."""
    for state in (Snapshot.of(entry), to):
        if not state.deleted:
            await refuse_locked(context, state.started_at, state.ended_at)
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
            before=Snapshot.of(entry),
            after=replace(to, version=entry.version + 1),
            undoes=undoes,
        )
    )


def gone(state: Snapshot, at: datetime) -> Snapshot:
    """The same entry, deleted: nothing that is deleted runs."""
    return replace(state, deleted=True, ended_at=state.ended_at or max(at, state.started_at + SHORTEST))


async def look_again(context: OperationContext) -> None:
    """What runs after entries were changed one by one."""
    found = await read_state(context.tx, context.workspace_id, context.request.who)
    context.running = found.running if found else None
