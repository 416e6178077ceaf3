"""Channels that have a project of their own."""

from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from domain.projects.projects import Project
from storage.postgres.database import Transaction
from storage.postgres.query import DATABASE_NOW, Query
from storage.projects.projects import PROJECT_COLUMNS, project_from_row
from storage.tables import channels, projects

_this_channel = (channels.c.workspace_id == bindparam("workspace_id")) & (
    channels.c.slack_channel_id == bindparam("channel")
)
_new = insert(channels).values(
    workspace_id=bindparam("workspace_id"),
    slack_channel_id=bindparam("channel"),
    project_id=bindparam("project_id"),
)
_SET_PROJECT = Query(
    _new.on_conflict_do_update(
        index_elements=["workspace_id", "slack_channel_id"],
        set_={"project_id": _new.excluded.project_id, "updated_at": DATABASE_NOW},
    ).returning(channels.c.id)
)
_CLEAR_PROJECT = Query(delete(channels).where(_this_channel).returning(channels.c.id))
_FIND_PROJECT = Query(
    select(*PROJECT_COLUMNS)
    .join_from(
        channels,
        projects,
        (projects.c.workspace_id == channels.c.workspace_id) & (projects.c.id == channels.c.project_id),
    )
    .where(_this_channel, projects.c.archived_at.is_(None))
)


async def set_project(tx: Transaction, workspace_id: UUID, channel: str, project_id: UUID) -> UUID:
    """Give the channel a project. Return the id of the channel in the history."""
    row = await tx.fetch_one(_SET_PROJECT, workspace_id=workspace_id, channel=channel, project_id=project_id)
    assert row is not None
    found: UUID = row["id"]
    return found


async def clear_project(tx: Transaction, workspace_id: UUID, channel: str) -> UUID | None:
    """Remove the channel's project. Return the id of the channel in the history, None if it had no project."""
    row = await tx.fetch_one(_CLEAR_PROJECT, workspace_id=workspace_id, channel=channel)
    return row["id"] if row else None


async def find_project(tx: Transaction, workspace_id: UUID, channel: str) -> Project | None:
    """Find the channel's own project, unless it is archived."""
    row = await tx.fetch_one(_FIND_PROJECT, workspace_id=workspace_id, channel=channel)
    return project_from_row(row) if row else None
