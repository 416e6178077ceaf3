"""Writes single time entries. services.entries.entry_writes is responsible for history, locks and refusals."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, bindparam, case, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.entries.entries import EntryData, TimeEntry
from domain.history.changes import Snapshot
from storage.postgres.database import Transaction
from storage.postgres.query import Query
from storage.tables import time_entries

_e = time_entries.c
_started_at, _ended_at = (
    bindparam(name, type_=DateTime(timezone=True)) for name in ("started_at", "ended_at")
)
_earlier = time_entries.alias("earlier")
_last_end = (
    select(_earlier.c.ended_at)
    .where(
        _earlier.c.workspace_id == bindparam("workspace_id"),
        _earlier.c.person_id == bindparam("person_id"),
        ~_earlier.c.deleted,
    )
    .order_by(_earlier.c.started_at.desc())
    .limit(literal_column("1"))
    .scalar_subquery()
)
_INSERT = Query(
    insert(time_entries)
    .values(
        workspace_id=bindparam("workspace_id"),
        person_id=bindparam("person_id"),
        project_id=bindparam("project_id"),
        note=bindparam("note"),
        tags=bindparam("tags"),
        # If the clock was set back, a timer starts where the last entry ends.
        started_at=func.greatest(_started_at, case((_ended_at.is_(None), _last_end))),
        ended_at=_ended_at,
        zone=bindparam("zone"),
        source=bindparam("source"),
        external_id=bindparam("external_id"),
        link=bindparam("link"),
        created_at=bindparam("at"),
        updated_at=bindparam("at"),
    )
    .returning(_e.id, _e.started_at)
)
# The condition is the key alone: the person's lock is held, and a condition on `ended_at` would make the planner
# read all running entries.
_END = Query(
    update(time_entries)
    .where(_e.workspace_id == bindparam("workspace_id"), _e.id == bindparam("entry_id"))
    .values(
        ended_at=bindparam("end"),
        unconfirmed=bindparam("doubtful"),
        version=_e.version + 1,
        updated_at=bindparam("at"),
    )
)
_RESTORE = Query(
    update(time_entries)
    .where(
        _e.workspace_id == bindparam("workspace_id"),
        _e.id == bindparam("entry_id"),
        _e.version == bindparam("seen_version"),
    )
    .values(
        project_id=bindparam("project_id"),
        note=bindparam("note"),
        tags=bindparam("tags"),
        started_at=bindparam("started_at"),
        ended_at=bindparam("ended_at"),
        deleted=bindparam("is_deleted"),
        unconfirmed=bindparam("doubtful"),
        version=_e.version + 1,
        updated_at=bindparam("at"),
    )
)


async def insert_entry(
    tx: Transaction, workspace_id: UUID, person_id: UUID, data: EntryData, *, at: datetime
) -> TimeEntry:
    """Insert an entry, or a timer if it has no end. Return the stored entry.

    Raises asyncpg's UniqueViolationError or ExclusionViolationError if a constraint refuses it.
    """
    row = await tx.fetch_one(
        _INSERT,
        workspace_id=workspace_id,
        person_id=person_id,
        project_id=data.project.id if data.project else None,
        note=data.note,
        tags=list(data.tags),
        started_at=data.started_at,
        ended_at=data.ended_at,
        zone=data.zone,
        source=data.source,
        external_id=data.external_id,
        link=data.link,
        at=at,
    )
    assert row is not None
    return TimeEntry(
        id=row["id"],
        person_id=person_id,
        project=data.project,
        note=data.note,
        tags=data.tags,
        started_at=row["started_at"],
        ended_at=data.ended_at,
        zone=data.zone,
        source=data.source,
        version=1,
        deleted=False,
        created_at=at,
        updated_at=at,
        link=data.link,
    )


async def end_entry(
    tx: Transaction, workspace_id: UUID, entry_id: UUID, *, end: datetime, at: datetime, unconfirmed: bool
) -> None:
    """End a running entry at `end`. It is `unconfirmed` if its person has not yet confirmed that end."""
    await tx.execute(_END, workspace_id=workspace_id, entry_id=entry_id, end=end, at=at, doubtful=unconfirmed)


async def restore(
    tx: Transaction, workspace_id: UUID, entry_id: UUID, *, to: Snapshot, seen_version: int, at: datetime
) -> None:
    """Set an entry back to a snapshot. The caller holds the person's lock, so it is still at `seen_version`."""
    touched = await tx.execute(
        _RESTORE,
        workspace_id=workspace_id,
        entry_id=entry_id,
        seen_version=seen_version,
        project_id=to.project_id,
        note=to.note,
        tags=list(to.tags),
        started_at=to.started_at,
        ended_at=to.ended_at,
        is_deleted=to.deleted,
        doubtful=to.unconfirmed,
        at=at,
    )
    assert touched == 1
