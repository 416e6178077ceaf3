"""Many entries of one person at once: what a file brings, and its undo."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ARRAY, DateTime, Text, Uuid, any_, bindparam, column, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from domain.entries import TimeEntry
from storage.database import Query, Transaction
from storage.tables import time_entries

_ROWS = TypeAdapter(list[dict[str, Any]])
_e = time_entries.c
# However many there are, they are one statement: lists travel as JSON.
_given = (
    func.jsonb_to_recordset(bindparam("given", type_=JSONB))
    .table_valued(
        column("id", Uuid),
        column("project_id", Uuid),
        column("note", Text),
        column("tags", ARRAY(Text)),
        column("started_at", DateTime(timezone=True)),
        column("ended_at", DateTime(timezone=True)),
        column("zone", Text),
        column("external_id", Text),
    )
    .render_derived(name="given", with_types=True)
)
_INSERT = Query(
    insert(time_entries).from_select(
        [
            "workspace_id", "person_id", "id", "project_id", "note", "tags", "started_at", "ended_at", "zone",
            "external_id", "source", "created_at", "updated_at",
        ],
        select(
            bindparam("workspace_id", type_=Uuid),
            bindparam("person_id", type_=Uuid),
            _given.c.id,
            _given.c.project_id,
            _given.c.note,
            _given.c.tags,
            _given.c.started_at,
            _given.c.ended_at,
            _given.c.zone,
            _given.c.external_id,
            bindparam("source", type_=Text),
            bindparam("at", type_=DateTime(timezone=True)),
            bindparam("at", type_=DateTime(timezone=True)),
        ),
    )
)  # fmt: skip
_DELETE = Query(
    update(time_entries)
    .where(
        _e.workspace_id == bindparam("workspace_id"),
        _e.person_id == bindparam("person_id"),
        _e.id == any_(bindparam("entry_ids", type_=ARRAY(Uuid))),
        _e.ended_at.is_not(None),
    )
    .values(deleted=True, version=_e.version + 1, updated_at=bindparam("at"))
)


async def add(
    tx: Transaction,
    workspace_id: UUID,
    person_id: UUID,
    given: Sequence[TimeEntry],
    *,
    source: str,
    at: datetime,
    external_ids: Mapping[UUID, str | None],
) -> None:
    """Finished entries under the ids they have. Raises asyncpg's UniqueViolationError or
    ExclusionViolationError where the constraints refuse one of them."""
    rows = [
        {
            "id": entry.id,
            "project_id": entry.project.id if entry.project else None,
            "note": entry.note,
            "tags": entry.tags,
            "started_at": entry.started_at,
            "ended_at": entry.ended_at,
            "zone": entry.zone,
            "external_id": external_ids[entry.id],
        }
        for entry in given
    ]
    await tx.run(
        _INSERT,
        workspace_id=workspace_id,
        person_id=person_id,
        given=_ROWS.dump_json(rows).decode(),
        source=source,
        at=at,
    )


async def delete(
    tx: Transaction, workspace_id: UUID, person_id: UUID, entry_ids: Sequence[UUID], *, at: datetime
) -> int:
    """Marks finished entries of that person as deleted; how many."""
    return await tx.run(
        _DELETE, workspace_id=workspace_id, person_id=person_id, entry_ids=list(entry_ids), at=at
    )
