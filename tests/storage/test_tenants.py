"""What the database itself keeps apart, whatever a statement forgets to ask for."""

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest

from storage.database import Database, open_pool
from storage.embedded import EmbeddedPostgres
from storage.tables import metadata
from tests.conftest import TEMPLATE

TENANTS = sorted(name for name, table in metadata.tables.items() if "workspace_id" in table.c)
OPEN_ACROSS = {
    "workspaces", "people", "messages", "surfaces", "acts", "api_tokens", "accounts", "sessions",
    "refresh_tokens", "link_codes", "account_links", "timer_watches", "imports",
    "webhook_endpoints", "lanes",
}  # fmt: skip


async def test_every_table_of_workspaces_is_under_a_forced_policy(server: EmbeddedPostgres) -> None:
    connection = await asyncpg.connect(server.superuser_url(TEMPLATE))
    forced = {
        row["relname"]
        for row in await connection.fetch(
            "select relname from pg_class join pg_policy on polrelid = pg_class.oid"
            " where relrowsecurity and relforcerowsecurity and polname = 'tenant'"
        )
    }
    opened = {
        row["tablename"]
        for row in await connection.fetch("select tablename from pg_policies where policyname like 'across%'")
    }
    await connection.close()
    assert forced == {*TENANTS, "workspaces"}
    assert opened == OPEN_ACROSS


async def test_the_service_without_a_workspace_sees_no_row_and_writes_none(
    own_database_url: str,
) -> None:
    workspace = await _filled(own_database_url)
    connection = await asyncpg.connect(own_database_url)
    for table in (*TENANTS, "workspaces"):
        assert await connection.fetchval(f"select count(*) from {table}") == 0, table
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(
            "insert into projects (workspace_id, slug, title) values ($1, 'sly', 'Sly')", workspace
        )
    await connection.close()


async def test_one_workspace_can_neither_see_nor_change_nor_fill_another(own_database_url: str) -> None:
    mine, theirs = await _filled(own_database_url), await _filled(own_database_url)
    pool = await open_pool(own_database_url, size=1)
    database = Database(pool)
    async with database.transaction(mine) as tx:
        assert await tx.connection.fetchval("select count(*) from projects") == 1
        assert (
            await tx.connection.fetchval("select count(*) from projects where workspace_id = $1", theirs) == 0
        )
        for change in (
            "update projects set title = 'taken' where workspace_id = $1",
            "update people set role = 'admin' where workspace_id = $1",
        ):
            assert await tx.connection.execute(change, theirs) == "UPDATE 0"
    for smuggled in (
        "insert into projects (workspace_id, slug, title) values ($1, 'sly', 'Sly')",
        "update projects set workspace_id = $1",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.transaction(mine) as tx:
                await tx.connection.execute(smuggled, theirs)
    pool.terminate()


async def test_across_workspaces_no_time_no_project_and_no_history_is_seen(own_database_url: str) -> None:
    await _filled(own_database_url)
    pool = await open_pool(own_database_url, size=1)
    async with Database(pool).across() as tx:
        assert await tx.connection.fetchval("select count(*) from people") == 1
        assert await tx.connection.execute("update people set zone = zone where false") == "UPDATE 0"
        for table in set(TENANTS) - OPEN_ACROSS:
            assert await tx.connection.fetchval(f"select count(*) from {table}") == 0, table
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with Database(pool).across() as tx:
            await tx.connection.execute("update people set role = 'admin'")
    pool.terminate()


@pytest.mark.parametrize("each", [40, pytest.param(200, marks=pytest.mark.exhaustive)])
async def test_thousands_of_turns_of_fifty_workspaces_on_two_connections_leak_nothing(
    own_database_url: str, each: int
) -> None:
    workspaces = [await _filled(own_database_url) for _ in range(50)]
    pool = await open_pool(own_database_url, size=2)
    database, leaks = Database(pool), []

    async def turns(workspace: UUID, count: int) -> None:
        for number in range(count):
            if number % 7 == 3:
                async with database.across():
                    pass
            async with database.transaction(workspace) as tx:
                seen = await tx.connection.fetchval("select array_agg(workspace_id) from projects")
            if seen != [workspace]:
                leaks.append((workspace, seen))

    await asyncio.gather(*(turns(workspace, each) for workspace in workspaces))
    pool.terminate()
    assert leaks == []


async def _filled(url: str) -> UUID:
    """A workspace with a person and a project in it."""
    workspace = uuid4()
    connection = await asyncpg.connect(url.replace("tracker@", "postgres@"))
    await connection.execute(
        "insert into workspaces (id, team_id, name) values ($1, $2, 'Some')", workspace, workspace.hex
    )
    await connection.execute(
        "insert into people (workspace_id, slack_user_id, name, zone) values ($1, 'U1', 'Ada', 'UTC')",
        workspace,
    )
    await connection.execute(
        "insert into projects (workspace_id, slug, title) values ($1, 'api', 'API')", workspace
    )
    await connection.close()
    return workspace
