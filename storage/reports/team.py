"""The team's running timers, and the people who tracked something recently but have no running timer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, and_, bindparam, exists, literal_column, select

from domain.reports.team import PersonActivity
from storage.entries.entries import ENTRY_COLUMNS, entry_from_row
from storage.identity.people import HAS_ACCESS
from storage.postgres.database import Transaction
from storage.postgres.query import Query
from storage.tables import people, projects, time_entries

_e = time_entries.c
_start = bindparam("start", type_=DateTime(timezone=True))
_their_entries = time_entries.join(
    people, and_(people.c.workspace_id == _e.workspace_id, people.c.id == _e.person_id)
)
_FIND_RUNNING = Query(
    select(people.c.name.label("person_name"), *ENTRY_COLUMNS)
    .select_from(
        _their_entries.outerjoin(
            projects, and_(projects.c.workspace_id == _e.workspace_id, projects.c.id == _e.project_id)
        )
    )
    .where(_e.workspace_id == bindparam("workspace_id"), _e.ended_at.is_(None), ~_e.deleted)
    .order_by(_e.started_at)
    .limit(bindparam("most"))
)
_tracked_since = exists(
    select(literal_column("1")).where(
        _e.workspace_id == people.c.workspace_id,
        _e.person_id == people.c.id,
        ~_e.deleted,
        _e.started_at >= _start,
    )
)
_runs = exists(
    select(literal_column("1")).where(
        _e.workspace_id == people.c.workspace_id, _e.person_id == people.c.id, _e.ended_at.is_(None)
    )
)
_FIND_PEOPLE_WITHOUT_TIMER = Query(
    select(people.c.name)
    .where(people.c.workspace_id == bindparam("workspace_id"), HAS_ACCESS, _tracked_since, ~_runs)
    .order_by(people.c.name)
    .limit(bindparam("most"))
)


async def find_running(tx: Transaction, workspace_id: UUID, *, most: int) -> list[PersonActivity]:
    """Find everybody's running timers, the longest first."""
    rows = await tx.fetch_all(_FIND_RUNNING, workspace_id=workspace_id, most=most)
    return [PersonActivity(name=row["person_name"], entry=entry_from_row(row)) for row in rows]


async def find_people_without_timer(
    tx: Transaction, workspace_id: UUID, *, since: datetime, most: int
) -> list[PersonActivity]:
    """Find who tracked something since that instant and has no running timer."""
    rows = await tx.fetch_all(_FIND_PEOPLE_WITHOUT_TIMER, workspace_id=workspace_id, start=since, most=most)
    return [PersonActivity(name=row["name"], entry=None) for row in rows]
