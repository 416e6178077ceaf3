"""The state that every operation for a person begins with, read in one statement."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, literal_column, select, true

from domain.entries.entries import TimeEntry
from domain.identity.people import Person
from storage.entries.entries import ENTRIES_WITH_PROJECT, ENTRY_COLUMNS, entry_from_row
from storage.identity.people import person_from_row as person_of
from storage.postgres.database import Transaction
from storage.postgres.query import Query
from storage.reports.timesheets import select_locked_until
from storage.tables import people, time_entries
from storage.tables.person_columns import PERSON_COLUMNS

_e = time_entries.c


# Lateral and limited, so that the planner does not read all running entries of the workspace to find one person's.
_running = (
    select(*ENTRY_COLUMNS)
    .select_from(ENTRIES_WITH_PROJECT)
    .where(_e.workspace_id == people.c.workspace_id, _e.person_id == people.c.id, _e.ended_at.is_(None))
    .limit(literal_column("1"))
    .lateral("running")
)


_STATE = Query(
    select(
        *PERSON_COLUMNS,
        *_running.c,
        select_locked_until(people.c.workspace_id, people.c.id).label("locked_until"),
    )
    .select_from(people.outerjoin(_running, true()))
    .where(people.c.workspace_id == bindparam("workspace_id"), people.c.slack_user_id == bindparam("who"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationState:
    """The person of an operation, their running timer, and the end of their last locked week."""

    person: Person
    running: TimeEntry | None
    locked_until: datetime | None


async def read_state(tx: Transaction, workspace_id: UUID, slack_user_id: str) -> OperationState | None:
    """Read the state for an operation. None if the workspace has no person with that Slack id."""
    row = await tx.fetch_one(_STATE, workspace_id=workspace_id, who=slack_user_id)
    if row is None:
        return None
    return OperationState(
        person=person_of(row),
        running=entry_from_row(row) if row["entry_id"] else None,
        locked_until=row["locked_until"],
    )
