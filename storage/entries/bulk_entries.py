"""Inserts and deletes many entries of one person at once, for an import or a linked account."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import (
    ARRAY,
    DateTime,
    Text,
    Uuid,
    any_,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from domain.entries.entries import EntryData, TimeEntry
from storage.entries.entries import ENTRIES_WITH_PROJECT, ENTRY_COLUMNS, LIVE_ENTRY_OF_PERSON, entry_from_row
from storage.postgres.database import Transaction
from storage.postgres.query import Query
from storage.tables import time_entries

_ROWS = TypeAdapter(list[dict[str, Any]])
_e = time_entries.c
# The entries are one JSON parameter, so that one statement inserts any number of them.
_new_entries = (
    func.jsonb_to_recordset(bindparam("new_entries", type_=JSONB))
    .table_valued(
        column("id", Uuid),
        column("project_id", Uuid),
        column("note", Text),
        column("tags", ARRAY(Text)),
        column("started_at", DateTime(timezone=True)),
        column("ended_at", DateTime(timezone=True)),
        column("zone", Text),
        column("source", Text),
        column("external_id", Text),
        column("link", Text),
    )
    .render_derived(name="new_entries", with_types=True)
)
_at = bindparam("at", type_=DateTime(timezone=True))
_INSERT = Query(
    insert(time_entries).from_select(
        ["workspace_id", "person_id", *_new_entries.c.keys(), "created_at", "updated_at"],
        select(
            bindparam("workspace_id", type_=Uuid),
            bindparam("person_id", type_=Uuid),
            *_new_entries.c,
            _at,
            _at,
        ),
    )
)
# A person's entries never overlap: if any of them conflicts with a new entry, so does the last one that begins
# before the new entry's end.
_last_before_end = (
    select(*ENTRY_COLUMNS)
    .select_from(ENTRIES_WITH_PROJECT)
    .where(LIVE_ENTRY_OF_PERSON, _e.started_at < _new_entries.c.ended_at)
    .order_by(_e.started_at.desc())
    .limit(literal_column("1"))
    .lateral("last")
)
_FIND_CONFLICTING = Query(
    select(*_last_before_end.c)
    .select_from(_new_entries.join(_last_before_end, true()))
    .where(
        or_(_last_before_end.c.ended_at.is_(None), _last_before_end.c.ended_at > _new_entries.c.started_at)
    )
    .order_by(_new_entries.c.started_at)
    .limit(1)
)
_MARK_DELETED = Query(
    update(time_entries)
    .where(
        _e.workspace_id == bindparam("workspace_id"),
        _e.person_id == bindparam("person_id"),
        _e.id == any_(bindparam("entry_ids", type_=ARRAY(Uuid))),
        _e.ended_at.is_not(None),
    )
    .values(deleted=True, version=_e.version + 1, updated_at=bindparam("at"))
)


async def find_conflicting(
    tx: Transaction, workspace_id: UUID, person_id: UUID, new_entries: Mapping[UUID, EntryData]
) -> TimeEntry | None:
    """Find an entry of the person that overlaps a new entry. Of several new entries, the earliest one that
    conflicts counts."""
    row = await tx.fetch_one(
        _FIND_CONFLICTING, workspace_id=workspace_id, person_id=person_id, new_entries=_json(new_entries)
    )
    return entry_from_row(row) if row else None


async def insert_entries(
    tx: Transaction,
    workspace_id: UUID,
    person_id: UUID,
    new_entries: Mapping[UUID, EntryData],
    *,
    at: datetime,
) -> None:
    """Insert finished entries under the ids that are their keys.

    Raises asyncpg's UniqueViolationError, ExclusionViolationError or CheckViolationError if a constraint or a
    locked week refuses any of them.
    """
    await tx.execute(
        _INSERT, workspace_id=workspace_id, person_id=person_id, new_entries=_json(new_entries), at=at
    )


async def mark_deleted(
    tx: Transaction, workspace_id: UUID, person_id: UUID, entry_ids: Sequence[UUID], *, at: datetime
) -> int:
    """Mark those finished entries of the person as deleted. Return their number."""
    return await tx.execute(
        _MARK_DELETED, workspace_id=workspace_id, person_id=person_id, entry_ids=list(entry_ids), at=at
    )


def _json(new_entries: Mapping[UUID, EntryData]) -> str:
    rows = [
        {
            "id": entry_id,
            "project_id": data.project.id if data.project else None,
            "note": data.note,
            "tags": data.tags,
            "started_at": data.started_at,
            "ended_at": data.ended_at,
            "zone": data.zone,
            "source": data.source,
            "external_id": data.external_id,
            "link": data.link,
        }
        for entry_id, data in new_entries.items()
    ]
    return _ROWS.dump_json(rows).decode()
