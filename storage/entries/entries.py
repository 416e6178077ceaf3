"""Time entries."""

from collections.abc import Iterable
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ARRAY,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    select,
)

from domain.entries.entries import TimeEntry
from domain.projects.projects import Project
from storage.postgres.database import Query, Transaction
from storage.tables import projects, time_entries

# The trigger that keeps locked weeks as they are, as it names itself in a CheckViolationError.
IN_OPEN_WEEKS = "time_entries_in_open_weeks"

_e = time_entries.c
ENTRY = [
    _e.id.label("entry_id"),
    _e.person_id,
    _e.note,
    _e.tags,
    _e.started_at,
    _e.ended_at,
    _e.zone.label("entry_zone"),
    _e.source,
    _e.version,
    _e.deleted,
    _e.created_at,
    _e.updated_at,
    _e.link,
    _e.unconfirmed,
    projects.c.id.label("project_id"),
    projects.c.slug,
    projects.c.title,
]
WITH_PROJECT = time_entries.outerjoin(
    projects, and_(projects.c.workspace_id == _e.workspace_id, projects.c.id == _e.project_id)
)
_person_id = bindparam("person_id", type_=_e.person_id.type)
MINE = and_(_e.workspace_id == bindparam("workspace_id"), _e.person_id == _person_id, ~_e.deleted)


def entries_where(*where: object) -> Select[tuple[object, ...]]:
    return select(*ENTRY).select_from(WITH_PROJECT).where(*where)  # type: ignore[arg-type]


_LATEST = Query(entries_where(MINE, _e.ended_at.is_not(None)).order_by(_e.started_at.desc()).limit(1))
_ONE = Query(entries_where(MINE, _e.id == bindparam("entry_id")))
_ANY_STATE = Query(
    entries_where(
        _e.workspace_id == bindparam("workspace_id"),
        _e.person_id == _person_id,
        _e.id == bindparam("entry_id"),
    )
)
_of_anybody = entries_where(_e.workspace_id == bindparam("workspace_id"), _e.id == bindparam("entry_id"))
_ANYBODYS, _ANYBODYS_EVER = Query(_of_anybody.where(~_e.deleted)), Query(_of_anybody)
_SEVERAL = Query(
    entries_where(
        _e.workspace_id == bindparam("workspace_id"),
        _e.person_id == _person_id,
        _e.id == any_(bindparam("entry_ids", type_=ARRAY(Uuid))),
    )
)
_EXTERNAL = Query(entries_where(MINE, _e.external_id == bindparam("external_id", type_=Text)))


async def latest(tx: Transaction, workspace_id: UUID, person_id: UUID) -> TimeEntry | None:
    """The finished entry that began last."""
    row = await tx.one(_LATEST, workspace_id=workspace_id, person_id=person_id)
    return entry_of(row) if row else None


async def get(
    tx: Transaction, workspace_id: UUID, person_id: UUID, entry_id: UUID, *, deleted_too: bool = False
) -> TimeEntry | None:
    """Of that person only: somebody else's id is as unknown as an invented one."""
    query = _ANY_STATE if deleted_too else _ONE
    row = await tx.one(query, workspace_id=workspace_id, person_id=person_id, entry_id=entry_id)
    return entry_of(row) if row else None


async def anybodys(
    tx: Transaction, workspace_id: UUID, entry_id: UUID, *, deleted_too: bool = False
) -> TimeEntry | None:
    """Whosever it is in that workspace: it is the caller's business who may see it."""
    query = _ANYBODYS_EVER if deleted_too else _ANYBODYS
    row = await tx.one(query, workspace_id=workspace_id, entry_id=entry_id)
    return entry_of(row) if row else None


async def several(
    tx: Transaction, workspace_id: UUID, person_id: UUID, entry_ids: Iterable[UUID]
) -> dict[UUID, TimeEntry]:
    """Those of them that are the person's, by id, also deleted ones."""
    rows = await tx.all(
        _SEVERAL, workspace_id=workspace_id, person_id=person_id, entry_ids=list(set(entry_ids))
    )
    return {row["entry_id"]: entry_of(row) for row in rows}


async def by_external_id(
    tx: Transaction, workspace_id: UUID, person_id: UUID, external_id: str
) -> TimeEntry | None:
    row = await tx.one(_EXTERNAL, workspace_id=workspace_id, person_id=person_id, external_id=external_id)
    return entry_of(row) if row else None


def entry_of(row: asyncpg.Record) -> TimeEntry:
    project_id = row["project_id"]
    return TimeEntry(
        id=row["entry_id"],
        person_id=row["person_id"],
        project=Project(id=project_id, slug=row["slug"], title=row["title"]) if project_id else None,
        note=row["note"],
        tags=tuple(row["tags"]),
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        zone=row["entry_zone"],
        source=row["source"],
        version=row["version"],
        deleted=row["deleted"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        link=row["link"],
        unconfirmed=row["unconfirmed"],
    )
