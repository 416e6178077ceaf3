"""Many entries of one person at once: what a file or an account brings, and its undo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
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

from domain.entries.entries import TimeEntry
from storage.entries.entries import ENTRY, MINE, WITH_PROJECT, entry_of
from storage.postgres.database import Query, Transaction
from storage.tables import time_entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A finished entry about to be written, under the id it will have."""

    id: UUID
    project_id: UUID | None
    note: str
    tags: tuple[str, ...]
    started_at: datetime
    ended_at: datetime
    zone: str
    source: str
    external_id: str | None
    link: str | None


_ROWS = TypeAdapter(list[Finished])
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
        column("source", Text),
        column("external_id", Text),
        column("link", Text),
    )
    .render_derived(name="given", with_types=True)
)
_at = bindparam("at", type_=DateTime(timezone=True))
_INSERT = Query(
    insert(time_entries).from_select(
        ["workspace_id", "person_id", *_given.c.keys(), "created_at", "updated_at"],
        select(
            bindparam("workspace_id", type_=Uuid), bindparam("person_id", type_=Uuid), *_given.c, _at, _at
        ),
    )
)
# None of the person's entries overlap: if any of them is in the way, the last one that begins before the end is.
_last = (
    select(*ENTRY)
    .select_from(WITH_PROJECT)
    .where(MINE, _e.started_at < _given.c.ended_at)
    .order_by(_e.started_at.desc())
    .limit(literal_column("1"))
    .lateral("last")
)
_IN_THE_WAY = Query(
    select(*_last.c)
    .select_from(_given.join(_last, true()))
    .where(or_(_last.c.ended_at.is_(None), _last.c.ended_at > _given.c.started_at))
    .order_by(_given.c.started_at)
    .limit(1)
)
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


async def in_the_way(
    tx: Transaction, workspace_id: UUID, person_id: UUID, given: Sequence[Finished]
) -> TimeEntry | None:
    """The person's entry that the first of these that can not be written shares time with."""
    row = await tx.one(_IN_THE_WAY, workspace_id=workspace_id, person_id=person_id, given=_json(given))
    return entry_of(row) if row else None


async def add(
    tx: Transaction, workspace_id: UUID, person_id: UUID, given: Sequence[Finished], *, at: datetime
) -> None:
    """Raises asyncpg's UniqueViolationError, ExclusionViolationError or CheckViolationError where the constraints, or
    a locked week, refuse any of them."""
    await tx.run(_INSERT, workspace_id=workspace_id, person_id=person_id, given=_json(given), at=at)


async def delete(
    tx: Transaction, workspace_id: UUID, person_id: UUID, entry_ids: Sequence[UUID], *, at: datetime
) -> int:
    """Marks finished entries of that person as deleted; how many."""
    return await tx.run(
        _DELETE, workspace_id=workspace_id, person_id=person_id, entry_ids=list(entry_ids), at=at
    )


def _json(given: Sequence[Finished]) -> str:
    return _ROWS.dump_json(list(given)).decode()
