"""Migrations, the roles and rights of the service, and a check of the server's settings."""

import logging
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Text, column, select, table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from storage.postgres.cross_workspace_rights import grant_statements
from storage.postgres.database import CROSS_WORKSPACE_ROLE, SET_ROLE_PRIVILEGE, Transaction
from storage.postgres.query import Query
from storage.tables import PRIVILEGES

SERVICE_ROLE = "truth_time_tracker"
OLDEST_MAJOR = 15

_LOCK = 0x7472_7574_6831  # an arbitrary constant: replicas that start together wait for each other
_FOLDER = Path(__file__).parents[2] / "migrations"

# Without these settings a server can lose committed transactions.
_DURABLE = ("fsync", "synchronous_commit", "full_page_writes")

# Before PostgreSQL 16, a login that can create roles can grant any role.
_FIND_ROLE_RIGHTS = text(
    f"select pg_has_role(cast(:login as name), oid, {SET_ROLE_PRIVILEGE}) as usable,"  # noqa: S608 - of constants
    " pg_has_role(current_user, oid, 'member with admin option') or (select rolcreaterole from pg_roles"
    "  where rolname = current_user) and cast(current_setting('server_version_num') as int) < 160000 as grantable"
    " from pg_roles where rolname = :role"
)
_FIND_REVISION = Query(select(column("version_num", Text)).select_from(table("alembic_version")))

log = logging.getLogger(__name__)


class UnfitDatabase(Exception):
    """The database can not be used in its present state. The message is a sentence that says why."""


async def migrate(owner_url: str, *, service_login: str | None = None, durable: bool = True) -> str | None:
    """Upgrade to the newest revision and give the service its rights. Many replicas may call it at once.

    `service_login` is the role that the service logs in as. Without it, the service logs in as the owner; then the
    function returns the name of the plain role that every connection must take on, or None if the owner can not
    create that role. `durable=False` skips the check of durability in tests. Raises UnfitDatabase.
    """
    engine = owner_engine(owner_url)
    try:
        async with engine.begin() as connection:
            await _check_server(connection, durable=durable)
            await connection.execute(text("set local lock_timeout = '60s'"))
            await connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            await connection.run_sync(_upgrade)
            role = service_login or await _ensure_plain_role(connection)
            if role:
                await _grant(connection, role)
            await _grant_across(connection, service_login)
        return None if service_login else role
    except (OSError, ValueError, DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise UnfitDatabase(f"The database can not be prepared: {_first_line(error)}") from error
    finally:
        await engine.dispose()


@cache
def find_newest_revision() -> str | None:
    """Find the newest revision that this program contains."""
    return ScriptDirectory.from_config(_config()).get_current_head()


async def find_revision(tx: Transaction) -> str | None:
    """Find the revision that the database is at."""
    row = await tx.fetch_one(_FIND_REVISION)
    return row["version_num"] if row else None


def owner_engine(owner_url: str) -> AsyncEngine:
    """Make the SQLAlchemy engine that Alembic needs.

    asyncpg parses the URL, so it may be any URL that asyncpg accepts, such as one with several hosts.
    """

    async def connect() -> Any:  # noqa: ANN401 - between two libraries
        return await asyncpg.connect(owner_url, timeout=10)

    return create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in known:
        raise UnfitDatabase(
            "The database was migrated by a newer version of this program: start that version instead."
        )
    command.upgrade(config, "head")


async def _check_server(connection: AsyncConnection, *, durable: bool) -> None:
    version = int((await connection.execute(text("show server_version_num"))).scalar_one())
    if version // 10_000 < OLDEST_MAJOR:
        raise UnfitDatabase(
            f"PostgreSQL {OLDEST_MAJOR} or newer is needed, this server is {version // 10_000}: upgrade it."
        )
    if not durable:
        return
    for name in _DURABLE:
        value = (await connection.execute(text("select current_setting(:name)"), {"name": name})).scalar_one()
        if value == "off":
            raise UnfitDatabase(
                f"The database runs with {name} = off and may lose what it committed: switch it on."
            )


async def _ensure_plain_role(connection: AsyncConnection) -> str | None:
    """Return a role that owns nothing, for connections to take on. None if this login can not create such a role."""
    login = (await connection.execute(text("select current_user::text"))).scalar_one()
    if await _ensure_role(connection, SERVICE_ROLE, login):
        return SERVICE_ROLE
    log.warning("the database login may not create roles: the service runs as the owner of its tables")
    return None


async def _ensure_role(connection: AsyncConnection, role: str, login: str) -> bool:
    """Create the role and grant it to `login`, as far as this login may. Return whether `login` can take it on."""
    may_create = text("select rolcreaterole or rolsuper from pg_roles where rolname = current_user")
    if (await connection.execute(may_create)).scalar_one():
        # Roles belong to the server and not to the database: another database's service may create the role at the
        # same time.
        await connection.execute(
            text(
                f"do $$ begin create role {role} nologin;"
                " exception when duplicate_object or unique_violation then null; end $$"
            )
        )
    rights = (await connection.execute(_FIND_ROLE_RIGHTS, {"role": role, "login": login})).one_or_none()
    if rights is None or rights.usable:
        return rights is not None
    if rights.grantable:
        quoted = connection.dialect.identifier_preparer.quote(login)
        await connection.execute(text(f"grant {role} to {quoted}"))
    return bool(rights.grantable)


async def _grant_across(connection: AsyncConnection, service_login: str | None) -> None:
    """Give the role of transactions across workspaces its rights, if it exists or this login can create it."""
    login = service_login or (await connection.execute(text("select current_user::text"))).scalar_one()
    if not await _ensure_role(connection, CROSS_WORKSPACE_ROLE, login):
        log.warning(
            "the database login may not create roles: what is done across workspaces is limited to rows that the "
            "policies open, and not to columns; see docs/settings.md"
        )
        return
    schema = (await connection.execute(text("select current_schema()"))).scalar_one()
    for statement in (
        f'grant usage on schema "{schema}" to {CROSS_WORKSPACE_ROLE}',
        *grant_statements(CROSS_WORKSPACE_ROLE),
    ):
        await connection.execute(text(statement))


async def _grant(connection: AsyncConnection, role: str) -> None:
    quoted = connection.dialect.identifier_preparer.quote(role)
    schema = (await connection.execute(text("select current_schema()"))).scalar_one()
    await connection.execute(text(f'grant usage on schema "{schema}" to {quoted}'))
    for granted, privileges in PRIVILEGES.items():
        await connection.execute(text(f"grant {privileges} on {granted} to {quoted}"))


def _first_line(error: Exception) -> str:
    # Only the driver's message: the statement does not help, and the URL may hold a password.
    cause = getattr(error, "orig", None) or error
    return str(cause).partition("\n")[0].rpartition(">: ")[2]
