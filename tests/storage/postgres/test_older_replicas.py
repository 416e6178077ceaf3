"""Statements of the version before, which still runs somewhere while its replicas are replaced one by one."""

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
# As they were before there were folded titles and homes of links.
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
    """The service's database, and a connection of the superuser's for what is there already."""
    pool = await patient_pool(own_database_url, size=1)
    everybody = await asyncpg.connect(own_database_url.replace("tracker@", "postgres@"))
    yield Database(pool), everybody
    await everybody.close()
    pool.terminate()


@pytest.mark.parametrize("title", ["Client  work", "Straße", "STRASSE", "Cafe\u0301", "ÉCOLE", "C#", "项目"])
async def test_a_project_that_an_older_replica_makes_or_renames_is_found_by_its_title(
    connected: tuple[Database, "Connection"], title: str
) -> None:
    database, everybody = connected
    workspace = await _workspace(everybody)
    async with database.transaction(workspace) as tx:
        made = await tx.connection.fetchval(ENSURE, workspace, "made", title)
        assert await _folded(tx, made) == fold_title(title)
        await tx.connection.execute(RENAME, workspace, made, "other", "Other")
        assert await _folded(tx, made) == "other"
        await tx.connection.execute(RENAME, workspace, made, "again", title)
        assert await _folded(tx, made) == fold_title(title)


async def test_what_this_version_writes_is_what_it_folded_itself(
    connected: tuple[Database, "Connection"],
) -> None:
    database, everybody = connected
    workspace = await _workspace(everybody)
    async with database.transaction(workspace) as tx:
        # The database would fold these otherwise: a final sigma, a ligature, a capital of two letters.
        project = await insert_project(tx, workspace, slug="p", title="ΟΔΟΣ", owner_id=None, at=NOW)
        assert await _folded(tx, project.id) == fold_title("ΟΔΟΣ")
        for title in ("οδος", "ﬁle", "FILE", "ŉ", "Straße", "STRASSE"):
            await update_project(tx, workspace, replace(project, title=title), at=NOW)
            assert await _folded(tx, project.id) == fold_title(title), title


async def test_a_link_that_an_older_replica_makes_has_the_home_of_its_account(
    connected: tuple[Database, "Connection"],
) -> None:
    database, everybody = connected
    home, slack = await _workspace(everybody), await _workspace(everybody)
    hers, theirs, account = await _person(everybody, home), await _person(everybody, slack), uuid4()
    await everybody.execute(
        "insert into accounts (workspace_id, id, person_id, email, password_hash, password_changed_at, created_at)"
        " values ($1, $2, $3, 'eve@example.com', 'x', now(), now())",
        home, account, hers,
    )  # fmt: skip
    async with database.transaction(slack) as tx:
        await tx.connection.execute(JOIN, slack, account, theirs)
        assert await tx.connection.fetchval("select home_id from account_links") == home
        assert await tx.connection.fetchval("select count(*) from accounts") == 0


async def _folded(tx: Transaction, project: UUID) -> str:
    return str(await tx.connection.fetchval("select folded_title from projects where id = $1", project))


async def _workspace(everybody: "Connection") -> UUID:
    workspace = uuid4()
    await everybody.execute(
        "insert into workspaces (id, team_id, name) values ($1, $2, 'Some')", workspace, workspace.hex
    )
    return workspace


async def _person(everybody: "Connection", workspace: UUID) -> UUID:
    person = await everybody.fetchval(
        "insert into people (workspace_id, slack_user_id, name, zone) values ($1, 'U1', 'Eve', 'UTC') returning id",
        workspace,
    )
    assert isinstance(person, UUID)
    return person
