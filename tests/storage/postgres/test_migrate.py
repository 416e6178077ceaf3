"""Migrations, the roles of the service, and databases that are refused."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import asyncpg
import pytest

from storage.postgres.database import CROSS_WORKSPACE_ROLE, Database, open_pool
from storage.postgres.embedded import EmbeddedPostgres
from storage.postgres.migrate import SERVICE_ROLE, UnfitDatabase, migrate
from tests.conftest import TEMPLATE
from tests.postgres import copy_database


async def migrated(server: EmbeddedPostgres) -> str:
    """Create a database that is migrated already, and return its name."""
    name = f"copy_{uuid4().hex[:8]}"
    await copy_database(server, TEMPLATE, name)
    return name


async def test_three_replicas_may_start_at_once_on_an_empty_database(server: EmbeddedPostgres) -> None:
    name = f"empty_{uuid4().hex[:8]}"
    await server.ensure_database(name)
    url = server.owner_url(name)
    await asyncio.gather(*(migrate(url, service_login="tracker", durable=False) for _ in range(3)))
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("select count(*) from alembic_version") == 1
    await connection.close()


async def test_a_superuser_serves_as_a_plain_role_that_owns_nothing(server: EmbeddedPostgres) -> None:
    name = f"super_{uuid4().hex[:8]}"
    await server.ensure_database(name)
    url = server.superuser_url(name)
    assert await migrate(url, durable=False) == SERVICE_ROLE
    assert await migrate(url, durable=False) == SERVICE_ROLE
    pool = await open_pool(url, role=SERVICE_ROLE, size=1)
    role = await pool.fetchrow(
        "select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user"
    )
    assert role is not None
    assert tuple(role) == (SERVICE_ROLE, False, False)
    for forbidden in (
        "delete from history",
        "update history set actor = ''",
        "drop table acts",
        "delete from people",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(forbidden)
    # Across workspaces it has another one, and its own again after that.
    database = Database(pool)
    async with database.across_workspaces() as tx:
        assert await tx.connection.fetchval("select current_user::text") == CROSS_WORKSPACE_ROLE
        await tx.enter_workspace(uuid4())
        assert await tx.connection.fetchval("select current_user::text") == SERVICE_ROLE
    assert await pool.fetchval("select current_user::text") == SERVICE_ROLE
    await pool.close()


async def test_a_login_that_may_make_no_role_is_held_to_rows_across_workspaces(
    server: EmbeddedPostgres, caplog: pytest.LogCaptureFixture
) -> None:
    name = await migrated(server)
    assert await migrate(server.owner_url(name), durable=False) is None
    assert "limited to rows" in caplog.text
    pool = await open_pool(server.owner_url(name), size=1)
    async with Database(pool).across_workspaces() as tx:
        assert await tx.connection.fetchval("select current_user::text") == "owner"
        assert await tx.connection.fetchval("select count(*) from messages") == 0
    await pool.close()


@pytest.mark.parametrize(
    ("options", "taken_on"), [("set false", "owner"), ("admin true, set false", CROSS_WORKSPACE_ROLE)]
)
async def test_a_role_that_a_login_may_not_take_on_is_granted_by_it_or_left(
    server: EmbeddedPostgres, options: str, taken_on: str
) -> None:
    """From PostgreSQL 16 on, who makes a role for somebody else may grant it, but not take it on."""
    name = await migrated(server)
    everybody = await asyncpg.connect(server.superuser_url(name))
    await everybody.execute(f"grant {CROSS_WORKSPACE_ROLE} to owner with {options}")
    try:
        await migrate(server.owner_url(name), durable=False)
        pool = await open_pool(server.owner_url(name), size=1)
        async with Database(pool).across_workspaces() as tx:
            assert await tx.connection.fetchval("select current_user::text") == taken_on
        await pool.close()
    finally:
        await everybody.execute(f"revoke {CROSS_WORKSPACE_ROLE} from owner cascade")
        await everybody.close()


async def test_a_database_that_may_lose_commits_is_refused(server: EmbeddedPostgres) -> None:
    name = f"unsafe_{uuid4().hex[:8]}"
    await server.ensure_database(name)
    with pytest.raises(UnfitDatabase, match="fsync = off"):
        await migrate(server.owner_url(name), service_login="tracker")


async def test_a_database_of_a_newer_version_is_left_alone(server: EmbeddedPostgres) -> None:
    url = server.owner_url(await migrated(server))
    connection = await asyncpg.connect(url)
    await connection.execute("update alembic_version set version_num = '9999'")
    with pytest.raises(UnfitDatabase, match="newer version"):
        await migrate(url, service_login="tracker", durable=False)
    await connection.close()


async def test_nobody_there_is_one_sentence_without_the_password() -> None:
    with TemporaryDirectory() as nowhere:
        url = f"postgresql://owner:sample-password@/none?host={Path(nowhere)}"
        with pytest.raises(UnfitDatabase, match="can not be prepared") as refused:
            await migrate(url)
    assert "sample-password" not in str(refused.value)


async def test_an_address_with_several_hosts_is_taken(server: EmbeddedPostgres) -> None:
    name = await migrated(server)
    place = server.owner_url(name).partition("host=")[2]
    url = f"postgresql://owner@/{name}?host=/nowhere,{place}&port=5432,5432"
    await migrate(url, service_login="tracker", durable=False)
    pool = await open_pool(url.replace("owner@", "tracker@"), size=1)
    assert await pool.fetchval("select count(*) from acts") == 0
    await pool.close()
