"""Statements of the previous version, whose replicas still run while they are replaced one by one."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import asyncpg
import pytest
import pytest_asyncio

from domain.projects.project_names import fold_title
from storage.postgres.database import Database, Transaction
from storage.projects.projects import insert_project, update_project
from tests.postgres import patient_pool

if TYPE_CHECKING:
    from storage.postgres.database import Connection

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
# Statements from before there were `folded_title` and `home_id`.
ENSURE = (
    "insert into projects (workspace_id, slug, title, owner_id) values ($1, $2, $3, null)"
    " on conflict (workspace_id, slug) do update set archived_at = null, version = projects.version + 1"
    " where projects.archived_at is not null returning id"
)
RENAME = (
    "update projects set slug = $3, title = $4, version = projects.version + 1, updated_at = clock_timestamp()"
    " where workspace_id = $1 and id = $2"
)
JOIN = (
    "insert into account_links (workspace_id, account_id, person_id, created_at) values ($1, $2, $3, now())"
)


@pytest_asyncio.fixture
async def connected(own_database_url: str) -> AsyncIterator[tuple[Database, "Connection"]]:
    """Yield the service's database, and a connection of the superuser's that sets up rows."""
    pool = await patient_pool(own_database_url, size=1)
    superuser = await asyncpg.connect(own_database_url.replace("tracker@", "postgres@"))
    yield Database(pool), superuser
    await superuser.close()
    pool.terminate()


@pytest.mark.parametrize("title", ["Client  work", "Straße", "STRASSE", "Cafe\u0301", "ÉCOLE", "C#", "项目"])
async def test_a_project_that_an_older_replica_makes_or_renames_is_found_by_its_title(
    connected: tuple[Database, "Connection"], title: str
) -> None:
    database, superuser = connected
    workspace = await _insert_workspace(superuser)
    async with database.transaction(workspace) as tx:
        made = await tx.connection.fetchval(ENSURE, workspace, "made", title)
        assert await _read_folded_title(tx, made) == fold_title(title)
        await tx.connection.execute(RENAME, workspace, made, "other", "Other")
        assert await _read_folded_title(tx, made) == "other"
        await tx.connection.execute(RENAME, workspace, made, "again", title)
        assert await _read_folded_title(tx, made) == fold_title(title)


async def test_what_this_version_writes_is_what_it_folded_itself(
    connected: tuple[Database, "Connection"],
) -> None:
    database, superuser = connected
    workspace = await _insert_workspace(superuser)
    async with database.transaction(workspace) as tx:
        # The database would fold these otherwise: a final sigma, a ligature, a capital of two letters.
        project = await insert_project(tx, workspace, slug="p", title="ΟΔΟΣ", owner_id=None, at=NOW)
        assert await _read_folded_title(tx, project.id) == fold_title("ΟΔΟΣ")
        for title in ("οδος", "ﬁle", "FILE", "ŉ", "Straße", "STRASSE"):
            await update_project(tx, workspace, replace(project, title=title), at=NOW)
            assert await _read_folded_title(tx, project.id) == fold_title(title), title


async def test_a_link_that_an_older_replica_makes_has_the_home_of_its_account(
    connected: tuple[Database, "Connection"],
) -> None:
    database, superuser = connected
    home, slack = await _insert_workspace(superuser), await _insert_workspace(superuser)
    hers, theirs, account = (
        await _insert_person(superuser, home),
        await _insert_person(superuser, slack),
        uuid4(),
    )
    await superuser.execute(
        "insert into accounts (workspace_id, id, person_id, email, password_hash, password_changed_at, created_at)"
        " values ($1, $2, $3, 'eve@example.com', 'x', now(), now())",
        home, account, hers,
    )  # fmt: skip
    async with database.transaction(slack) as tx:
        await tx.connection.execute(JOIN, slack, account, theirs)
        assert await tx.connection.fetchval("select home_id from account_links") == home
        assert await tx.connection.fetchval("select count(*) from accounts") == 0


async def _read_folded_title(tx: Transaction, project: UUID) -> str:
    return str(await tx.connection.fetchval("select folded_title from projects where id = $1", project))


async def _insert_workspace(superuser: "Connection") -> UUID:
    workspace = uuid4()
    await superuser.execute(
        "insert into workspaces (id, team_id, name) values ($1, $2, 'Some')", workspace, workspace.hex
    )
    return workspace


async def _insert_person(superuser: "Connection", workspace: UUID) -> UUID:
    person = await superuser.fetchval(
        "insert into people (workspace_id, slack_user_id, name, zone) values ($1, 'U1', 'Eve', 'UTC') returning id",
        workspace,
    )
    assert isinstance(person, UUID)
    return person
