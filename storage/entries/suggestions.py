"""Suggestions: time that other systems recorded, open until an entry of the person has the same external id."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ARRAY,
    DateTime,
    Interval,
    Uuid,
    and_,
    any_,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from domain.entries.suggestions import LONGEST, Suggestion
from domain.projects.projects import Project
from domain.time.calendar import Span
from storage.postgres.database import Transaction
from storage.postgres.query import DATABASE_NOW, Query
from storage.tables import projects, suggestions, time_entries, webhook_endpoints

_s, _e = suggestions.c, time_entries.c
_of_person = and_(_s.workspace_id == bindparam("workspace_id"), _s.person_id == bindparam("person_id"))
_is_accepted = exists(
    select(literal_column("1")).where(
        _e.workspace_id == _s.workspace_id,
        _e.person_id == _s.person_id,
        _e.external_id == _s.external_id,
        ~_e.deleted,
    )
)
_select_suggestions = select(
    _s.id,
    _s.external_id,
    _s.note,
    _s.started_at,
    _s.ended_at,
    _s.link,
    _s.ignored_at,
    webhook_endpoints.c.name.label("told_by"),
    projects.c.id.label("project_id"),
    projects.c.slug,
    projects.c.title,
).select_from(
    suggestions.outerjoin(
        projects, and_(projects.c.workspace_id == _s.workspace_id, projects.c.id == _s.project_id)
    ).outerjoin(
        webhook_endpoints,
        and_(webhook_endpoints.c.workspace_id == _s.workspace_id, webhook_endpoints.c.id == _s.endpoint_id),
    )
)
_FIND_OPEN = Query(
    _select_suggestions.where(
        _of_person, _s.id == any_(bindparam("ids", type_=ARRAY(Uuid))), ~_is_accepted
    ).order_by(_s.started_at, _s.id)
)
_FIND = Query(_select_suggestions.where(_of_person, _s.id == bindparam("suggestion_id")))
_FIND_BY_EXTERNAL_ID = Query(
    _select_suggestions.where(_of_person, _s.external_id == bindparam("external_id"))
)
_new = insert(suggestions).values(
    workspace_id=bindparam("workspace_id"),
    person_id=bindparam("person_id"),
    external_id=bindparam("external_id"),
    project_id=bindparam("project_id"),
    note=bindparam("note"),
    started_at=bindparam("started_at"),
    ended_at=bindparam("ended_at"),
    endpoint_id=bindparam("endpoint_id"),
    link=bindparam("link"),
    told_at=bindparam("at"),
)
_UPSERT = Query(
    _new.on_conflict_do_update(
        index_elements=["workspace_id", "person_id", "external_id"],
        set_={
            name: _new.excluded[name]
            for name in ("project_id", "note", "started_at", "ended_at", "endpoint_id", "link", "told_at")
        },
    )
)
_IGNORE = Query(
    update(suggestions)
    .where(_of_person, _s.id == bindparam("suggestion_id"))
    .values(ignored_at=bindparam("at"))
)


_start, _end = (bindparam(name, type_=DateTime(timezone=True)) for name in ("starts", "ends"))
_open_in_period = and_(
    _of_person,
    # No suggestion is longer than LONGEST. Without this bound, all of the person's suggestions would be read.
    _s.started_at > _start - literal(LONGEST, Interval),
    _s.started_at < _end,
    _s.ended_at > _start,
    ~_is_accepted,
)
# The ids of open suggestions that are over, as an array, for statements that bind the person and the period.
# Ignored ones come last.
OPEN_SUGGESTION_IDS = func.array(
    select(_s.id)
    .where(_open_in_period, _s.ended_at <= DATABASE_NOW)
    .order_by(_s.ignored_at.is_not(None), _s.started_at)
    .limit(literal_column("100"))
    .scalar_subquery()
)
_RESTORE_IGNORED = Query(
    update(suggestions)
    .where(_open_in_period, _s.ignored_at.is_not(None))
    .values(ignored_at=None)
    .returning(_s.id)
)


async def find_open(
    tx: Transaction, workspace_id: UUID, person_id: UUID, ids: Sequence[UUID]
) -> list[Suggestion]:
    """Find those of the suggestions that are still open, ordered by start."""
    rows = await tx.fetch_all(_FIND_OPEN, workspace_id=workspace_id, person_id=person_id, ids=list(ids))
    return [_suggestion(row) for row in rows]


async def find(
    tx: Transaction, workspace_id: UUID, person_id: UUID, suggestion_id: UUID
) -> Suggestion | None:
    """Find a suggestion, accepted or not."""
    row = await tx.fetch_one(
        _FIND, workspace_id=workspace_id, person_id=person_id, suggestion_id=suggestion_id
    )
    return _suggestion(row) if row else None


async def find_by_external_id(
    tx: Transaction, workspace_id: UUID, person_id: UUID, external_id: str
) -> Suggestion | None:
    """Find the suggestion that has that id in its sender's system, accepted or not."""
    row = await tx.fetch_one(
        _FIND_BY_EXTERNAL_ID, workspace_id=workspace_id, person_id=person_id, external_id=external_id
    )
    return _suggestion(row) if row else None


async def upsert(
    tx: Transaction,
    workspace_id: UUID,
    person_id: UUID,
    *,
    external_id: str,
    project: Project | None,
    note: str,
    span: Span,
    endpoint_id: UUID | None,
    link: str | None,
    at: datetime,
) -> None:
    """Insert a suggestion, or update the one that was sent before under the same external id."""
    await tx.execute(
        _UPSERT,
        workspace_id=workspace_id,
        person_id=person_id,
        external_id=external_id,
        project_id=project.id if project else None,
        note=note,
        started_at=span.start,
        ended_at=span.end,
        endpoint_id=endpoint_id,
        link=link,
        at=at,
    )


async def ignore(
    tx: Transaction, workspace_id: UUID, person_id: UUID, suggestion_id: UUID, *, at: datetime
) -> None:
    """Mark a suggestion as ignored."""
    await tx.execute(
        _IGNORE, workspace_id=workspace_id, person_id=person_id, suggestion_id=suggestion_id, at=at
    )


async def restore_ignored(tx: Transaction, workspace_id: UUID, person_id: UUID, span: Span) -> list[UUID]:
    """Make ignored suggestions of the period open again, unless they were accepted. Return their ids."""
    rows = await tx.fetch_all(
        _RESTORE_IGNORED, workspace_id=workspace_id, person_id=person_id, starts=span.start, ends=span.end
    )
    return [row["id"] for row in rows]


def _suggestion(row: asyncpg.Record) -> Suggestion:
    project = None
    if row["project_id"]:
        project = Project(id=row["project_id"], slug=row["slug"], title=row["title"])
    return Suggestion(
        id=row["id"],
        external_id=row["external_id"],
        project=project,
        note=row["note"],
        span=Span(start=row["started_at"], end=row["ended_at"]),
        told_by=row["told_by"] or "",
        link=row["link"],
        ignored=row["ignored_at"] is not None,
    )
