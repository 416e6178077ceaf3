"""Many entries at once, out of one workspace and into another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import (
    ARRAY,
    DateTime,
    Text,
    Uuid,
    and_,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from domain.entries import TimeEntry
from domain.links import Carried
from storage.database import Query, Transaction
from storage.entries import ENTRY, MINE, entry_of
from storage.tables import projects, time_entries

_e = time_entries.c
_with_project = time_entries.outerjoin(
    projects, and_(projects.c.workspace_id == _e.workspace_id, projects.c.id == _e.project_id)
)
_CARRIED = Query(
    select(
        projects.c.title,
        _e.note,
        _e.tags,
        _e.started_at,
        _e.ended_at,
        _e.zone,
        _e.source,
        _e.external_id,
        _e.link,
    )
    .select_from(_with_project)
    .where(MINE, _e.ended_at.is_not(None))
    .order_by(_e.started_at)
    .limit(bindparam("most"))
)
_new = (
    func.jsonb_to_recordset(bindparam("entries", type_=JSONB))
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
    .render_derived(name="new", with_types=True)
)
# None of the person's entries overlap: if any of them is in the way, the last one that begins before the end is.
_last = (
    select(*ENTRY)
    .select_from(_with_project)
    .where(MINE, _e.started_at < _new.c.ended_at)
    .order_by(_e.started_at.desc())
    .limit(literal_column("1"))
    .lateral("last")
)
_IN_THE_WAY = Query(
    select(*_last.c)
    .select_from(_new.join(_last, true()))
    .where(or_(_last.c.ended_at.is_(None), _last.c.ended_at > _new.c.started_at))
    .order_by(_new.c.started_at)
    .limit(1)
)
_at = bindparam("at", type_=DateTime(timezone=True))
_UNPACK = Query(
    insert(time_entries).from_select(
        ["workspace_id", "person_id", *_new.c.keys(), "created_at", "updated_at"],
        select(bindparam("workspace_id", type_=Uuid), bindparam("person_id", type_=Uuid), *_new.c, _at, _at),
    )
)
_ROWS = TypeAdapter(list[dict[str, Any]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """An entry about to be written, under the id it will have."""

    id: UUID
    project_id: UUID | None
    entry: Carried


async def carried(tx: Transaction, workspace_id: UUID, person_id: UUID, *, most: int) -> list[Carried]:
    """The person's finished entries, the earliest first."""
    rows = await tx.all(_CARRIED, workspace_id=workspace_id, person_id=person_id, most=most)
    return [
        Carried(
            project=row["title"],
            note=row["note"],
            tags=tuple(row["tags"]),
            started_at=row["started_at"],
            ended_at=row["ended_at"],
            zone=row["zone"],
            source=row["source"],
            external_id=row["external_id"],
            link=row["link"],
        )
        for row in rows
    ]


async def in_the_way(
    tx: Transaction, workspace_id: UUID, person_id: UUID, entries: Sequence[Unpacked]
) -> TimeEntry | None:
    """The person's entry that the first of these that can not be written shares time with."""
    row = await tx.one(_IN_THE_WAY, workspace_id=workspace_id, person_id=person_id, entries=_json(entries))
    return entry_of(row) if row else None


async def unpack(
    tx: Transaction, workspace_id: UUID, person_id: UUID, entries: Sequence[Unpacked], *, at: datetime
) -> None:
    """Raises asyncpg's UniqueViolationError, ExclusionViolationError or CheckViolationError where the constraints, or
    a locked week, refuse any."""
    await tx.run(_UNPACK, workspace_id=workspace_id, person_id=person_id, entries=_json(entries), at=at)


def _json(entries: Sequence[Unpacked]) -> str:
    return _ROWS.dump_json([_row(one) for one in entries]).decode()


def _row(one: Unpacked) -> dict[str, Any]:
    entry = one.entry
    return {
        "id": one.id,
        "project_id": one.project_id,
        "note": entry.note,
        "tags": entry.tags,
        "started_at": entry.started_at,
        "ended_at": entry.ended_at,
        "zone": entry.zone,
        "source": entry.source,
        "external_id": entry.external_id,
        "link": entry.link,
    }
