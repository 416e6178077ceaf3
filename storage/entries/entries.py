"""Reads single time entries, and defines columns and conditions that other statements about entries share."""

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
from storage.postgres.database import Transaction
from storage.postgres.query import Query
from storage.tables import projects, time_entries

# The trigger that refuses changes in locked weeks. Its name is the constraint name of a CheckViolationError.
LOCKED_WEEKS_TRIGGER = "time_entries_in_open_weeks"

_e = time_entries.c
ENTRY_COLUMNS = [
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
ENTRIES_WITH_PROJECT = time_entries.outerjoin(
    projects, and_(projects.c.workspace_id == _e.workspace_id, projects.c.id == _e.project_id)
)
_person_id = bindparam("person_id", type_=_e.person_id.type)
LIVE_ENTRY_OF_PERSON = and_(
    _e.workspace_id == bindparam("workspace_id"), _e.person_id == _person_id, ~_e.deleted
)


def select_entries(*where: object) -> Select[tuple[object, ...]]:
    """Select entries with their projects, in the shape that `entry_from_row` reads."""
    return select(*ENTRY_COLUMNS).select_from(ENTRIES_WITH_PROJECT).where(*where)  # type: ignore[arg-type]


_FIND_LAST_FINISHED = Query(
    select_entries(LIVE_ENTRY_OF_PERSON, _e.ended_at.is_not(None)).order_by(_e.started_at.desc()).limit(1)
)
_FIND = Query(select_entries(LIVE_ENTRY_OF_PERSON, _e.id == bindparam("entry_id")))
_FIND_WITH_DELETED = Query(
    select_entries(
        _e.workspace_id == bindparam("workspace_id"),
        _e.person_id == _person_id,
        _e.id == bindparam("entry_id"),
    )
)
_entry_in_workspace = select_entries(
    _e.workspace_id == bindparam("workspace_id"), _e.id == bindparam("entry_id")
)
_FIND_IN_WORKSPACE, _FIND_IN_WORKSPACE_WITH_DELETED = (
    Query(_entry_in_workspace.where(~_e.deleted)),
    Query(_entry_in_workspace),
)
_FIND_MANY = Query(
    select_entries(
        _e.workspace_id == bindparam("workspace_id"),
        _e.person_id == _person_id,
        _e.id == any_(bindparam("entry_ids", type_=ARRAY(Uuid))),
    )
)
_FIND_BY_EXTERNAL_ID = Query(
    select_entries(LIVE_ENTRY_OF_PERSON, _e.external_id == bindparam("external_id", type_=Text))
)


async def find_last_finished(tx: Transaction, workspace_id: UUID, person_id: UUID) -> TimeEntry | None:
    """Find the person's finished entry that began last."""
    row = await tx.fetch_one(_FIND_LAST_FINISHED, workspace_id=workspace_id, person_id=person_id)
    return entry_from_row(row) if row else None


async def find(
    tx: Transaction, workspace_id: UUID, person_id: UUID, entry_id: UUID, *, include_deleted: bool = False
) -> TimeEntry | None:
    """Find an entry of that person. The id of somebody else's entry finds nothing, like an id that does not exist."""
    query = _FIND_WITH_DELETED if include_deleted else _FIND
    row = await tx.fetch_one(query, workspace_id=workspace_id, person_id=person_id, entry_id=entry_id)
    return entry_from_row(row) if row else None


async def find_in_workspace(
    tx: Transaction, workspace_id: UUID, entry_id: UUID, *, include_deleted: bool = False
) -> TimeEntry | None:
    """Find an entry of anybody in the workspace. The caller checks who may see it."""
    query = _FIND_IN_WORKSPACE_WITH_DELETED if include_deleted else _FIND_IN_WORKSPACE
    row = await tx.fetch_one(query, workspace_id=workspace_id, entry_id=entry_id)
    return entry_from_row(row) if row else None


async def find_many(
    tx: Transaction, workspace_id: UUID, person_id: UUID, entry_ids: Iterable[UUID]
) -> dict[UUID, TimeEntry]:
    """Find the person's entries with these ids, deleted ones included. Return them by id."""
    rows = await tx.fetch_all(
        _FIND_MANY, workspace_id=workspace_id, person_id=person_id, entry_ids=list(set(entry_ids))
    )
    return {row["entry_id"]: entry_from_row(row) for row in rows}


async def find_by_external_id(
    tx: Transaction, workspace_id: UUID, person_id: UUID, external_id: str
) -> TimeEntry | None:
    """Find the person's entry that has that id in another system."""
    row = await tx.fetch_one(
        _FIND_BY_EXTERNAL_ID, workspace_id=workspace_id, person_id=person_id, external_id=external_id
    )
    return entry_from_row(row) if row else None


def entry_from_row(row: asyncpg.Record) -> TimeEntry:
    """Map a row of ENTRY_COLUMNS."""
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
