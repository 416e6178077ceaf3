"""Row-level security: the database keeps workspaces apart, whatever a statement forgets."""

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest

from storage.postgres.cross_workspace_rights import CROSS_WORKSPACE_RIGHTS
from storage.postgres.database import CROSS_WORKSPACE_ROLE, Database
from storage.postgres.embedded import EmbeddedPostgres
from storage.tables import metadata
from tests.conftest import TEMPLATE
from tests.postgres import patient_pool

TENANTS = sorted(name for name, table in metadata.tables.items() if "workspace_id" in table.c)
OPEN_ACROSS = {
    "workspaces", "people", "messages", "surfaces", "acts", "api_tokens", "accounts", "sessions",
    "refresh_tokens", "link_codes", "account_links", "timer_watches", "imports",
    "webhook_endpoints", "lanes", "job_failures",
}  # fmt: skip

SECRET = {
    ("accounts", "password_hash"), ("acts", "key"), ("acts", "result"), ("imports", "content"), ("imports", "name"),
    ("messages", "content"), ("messages", "key"), ("people", "email"), ("surfaces", "response_url"),
    ("sessions", "address"), ("webhook_endpoints", "name"),
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
    (workspace,) = await _insert_workspaces(own_database_url, 1)
    connection = await asyncpg.connect(own_database_url)
    for table in (*TENANTS, "workspaces"):
        assert await connection.fetchval(f"select count(*) from {table}") == 0, table
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(
            "insert into projects (workspace_id, slug, title, folded_title) values ($1, 'sly', 'Sly', 'sly')",
            workspace,
        )
    await connection.close()


async def test_one_workspace_can_neither_see_nor_change_nor_fill_another(own_database_url: str) -> None:
    mine, theirs = await _insert_workspaces(own_database_url, 2)
    pool = await patient_pool(own_database_url, size=1)
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
        "insert into projects (workspace_id, slug, title, folded_title) values ($1, 'sly', 'Sly', 'sly')",
        "update projects set workspace_id = $1",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.transaction(mine) as tx:
                await tx.connection.execute(smuggled, theirs)
    pool.terminate()


async def test_across_workspaces_no_time_no_project_and_no_history_is_seen(own_database_url: str) -> None:
    await _insert_workspaces(own_database_url, 1)
    pool = await patient_pool(own_database_url, size=1)
    async with Database(pool).across_workspaces() as tx:
        assert await tx.connection.fetchval("select count(*) from people") == 1
        assert await tx.connection.fetchval("select current_user::text") == CROSS_WORKSPACE_ROLE
    for refused in (
        *(f"select count(*) from {table}" for table in set(TENANTS) - OPEN_ACROSS),
        "update people set next_digest_at = null",  # a policy: to lock who is due is all
        "update people set role = 'admin'",
        "update messages set content = '{}'",
        "insert into messages (workspace_id, key, channel, content) values (gen_random_uuid(), 'k', 'C1', '{}')",
        "delete from people",
        "select * from people",
        "select people from people",
        "select count(*) from rates",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with Database(pool).across_workspaces() as tx:
                await tx.connection.execute(refused)
    pool.terminate()


async def test_across_workspaces_exactly_the_declared_columns_can_be_read(own_database_url: str) -> None:
    pool = await patient_pool(own_database_url, size=1)
    columns = [
        *((table.name, column.name) for table in metadata.sorted_tables for column in table.c),
        ("alembic_version", "version_num"),
    ]
    found: dict[str, dict[str, set[str]]] = {}
    async with Database(pool).across_workspaces() as tx:
        for right in ("select", "insert", "update"):
            for table, column in columns:
                if await tx.connection.fetchval(
                    "select has_column_privilege(current_user, $1, $2, $3)", table, column, right
                ):
                    found.setdefault(table, {}).setdefault(right, set()).add(column)
        for table in {table for table, _ in columns}:
            for right in ("delete", "truncate", "references", "trigger"):
                if await tx.connection.fetchval(
                    "select has_table_privilege(current_user, $1, $2)", table, right
                ):
                    found.setdefault(table, {})[right] = set()
    assert found == {
        table: {right: set(names) for right, names in rights.items()}
        for table, rights in CROSS_WORKSPACE_RIGHTS.items()
    }
    readable = {
        (table, name) for table, rights in CROSS_WORKSPACE_RIGHTS.items() for name in rights["select"]
    }
    # Columns may be added there, but never texts of people, response URLs, passwords or encrypted secrets.
    assert readable & SECRET == set()
    assert {table for table, _ in readable} <= {*OPEN_ACROSS, "alembic_version"}
    async with Database(pool).across_workspaces() as tx:
        for table, name in sorted(readable):  # and really
            await tx.connection.execute(f"select {name} from {table} limit 1")
    pool.terminate()


async def test_within_a_workspace_again_the_whole_row_is_seen(own_database_url: str) -> None:
    (workspace,) = await _insert_workspaces(own_database_url, 1)
    pool = await patient_pool(own_database_url, size=1)
    database = Database(pool)
    async with database.across_workspaces() as tx:
        await tx.enter_workspace(workspace)
        assert (await tx.connection.fetchval("select people from people"))["name"] == "Ada"
    async with database.transaction(workspace) as tx:
        assert await tx.connection.fetchval("select name from people where email is null") == "Ada"
    async with database.autocommit() as tx:
        assert await tx.connection.fetchval("select count(*) from rates") == 0
        assert await tx.connection.fetchval("select current_user::text") == "tracker"
    pool.terminate()


@pytest.mark.parametrize("each", [8, pytest.param(200, marks=pytest.mark.exhaustive)])
async def test_many_turns_of_fifty_workspaces_on_two_connections_leak_nothing(
    own_database_url: str, each: int
) -> None:
    workspaces = await _insert_workspaces(own_database_url, 50)
    pool = await patient_pool(own_database_url, size=2)
    database, leaks = Database(pool), []

    async def turns(workspace: UUID, count: int) -> None:
        for number in range(count):
            if number % 7 == 3:
                async with database.across_workspaces():
                    pass
            async with database.transaction(workspace) as tx:
                seen = await tx.connection.fetchval("select array_agg(workspace_id) from projects")
            if seen != [workspace]:
                leaks.append((workspace, seen))

    await asyncio.gather(*(turns(workspace, each) for workspace in workspaces))
    pool.terminate()
    assert leaks == []


async def _insert_workspaces(url: str, count: int) -> list[UUID]:
    """Insert so many workspaces with a person and a project in each. Return their ids."""
    workspaces = [uuid4() for _ in range(count)]
    connection = await asyncpg.connect(url.replace("tracker@", "postgres@"))
    for filled in (
        "workspaces (id, team_id, name) select one, one::text, 'Some'",
        "people (workspace_id, slack_user_id, name, zone) select one, 'U1', 'Ada', 'UTC'",
        "projects (workspace_id, slug, title, folded_title) select one, 'api', 'API', 'api'",
    ):
        await connection.execute(f"insert into {filled} from unnest($1::uuid[]) one", workspaces)
    await connection.close()
    return workspaces
