"""Workspaces in Slack, and workspaces of accounts."""

from uuid import UUID

from sqlalchemy import (
    bindparam,
)
from sqlalchemy.dialects.postgresql import insert

from domain.identity.people import (
    Workspace,
)
from storage.postgres.database import Transaction
from storage.postgres.query import Query
from storage.tables import workspaces

_new_workspace = insert(workspaces).values(
    enterprise_id=bindparam("enterprise_id"), team_id=bindparam("team_id"), name=bindparam("name")
)


_UPSERT_WORKSPACE = Query(
    _new_workspace.on_conflict_do_update(
        index_elements=["enterprise_id", "team_id"], set_={"name": _new_workspace.excluded.name}
    ).returning(workspaces.c.id, workspaces.c.enterprise_id, workspaces.c.team_id, workspaces.c.name)
)


_INSERT_WORKSPACE = Query(
    insert(workspaces).values(
        id=bindparam("workspace_id"), team_id=bindparam("team_id"), name=bindparam("name")
    )
)


async def upsert_workspace(tx: Transaction, *, enterprise_id: str, team_id: str, name: str) -> Workspace:
    """Insert a Slack workspace, or update its name."""
    row = await tx.fetch_one(_UPSERT_WORKSPACE, enterprise_id=enterprise_id, team_id=team_id, name=name)
    assert row is not None
    return Workspace(
        id=row["id"], enterprise_id=row["enterprise_id"], team_id=row["team_id"], name=row["name"]
    )


async def insert_workspace(tx: Transaction, workspace_id: UUID, *, team_id: str, name: str) -> None:
    """Insert the workspace of an account, which is not in Slack."""
    await tx.execute(_INSERT_WORKSPACE, workspace_id=workspace_id, team_id=team_id, name=name)
