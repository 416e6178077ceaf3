"""The PostgreSQL of a test run, on a temporary directory, fast and not durable."""

import tempfile
from pathlib import Path

import asyncpg

from storage.postgres.database import SESSION_SETTINGS, open_pool
from storage.postgres.embedded import EmbeddedPostgres
from storage.tables import metadata

FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "100",
}

# What the service allows itself is for people who wait: on a busy machine a test would see its refusals instead.
PATIENT = SESSION_SETTINGS | {
    "lock_timeout": "20000",
    "statement_timeout": "30000",
    "idle_in_transaction_session_timeout": "30000",
}


async def start_server() -> EmbeddedPostgres:
    folder = Path(tempfile.mkdtemp(prefix="tracker-tests-"))
    folder.chmod(0o755)  # noqa: ASYNC240 - the server runs as another user when the tests run as root
    server = EmbeddedPostgres(folder / "postgres", settings=FAST)
    await server.start()
    return server


async def copy_database(server: EmbeddedPostgres, template: str, name: str) -> None:
    await _run(server, f'create database "{name}" template "{template}" owner owner strategy file_copy')


async def patient_pool(url: str, *, size: int) -> "asyncpg.Pool[asyncpg.Record]":
    """For tests that are not about how long something may take."""
    return await open_pool(url, size=size, settings=PATIENT)


class Emptier:
    """Takes every row out of a database, between two tests.

    Deletes take a twentieth of the time that a truncate takes, which is made for large tables, and half a millisecond
    on a connection that is kept. It is the superuser's and a "replica": no trigger and no foreign key asks whether
    it may be.
    """

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._connection = connection
        self._deletes = "; ".join(f"delete from {table}" for table in metadata.tables)

    @classmethod
    async def connect(cls, server: EmbeddedPostgres, name: str) -> "Emptier":
        connection = await asyncpg.connect(
            server.superuser_url(name), timeout=10, server_settings={"session_replication_role": "replica"}
        )
        return cls(connection)

    async def hang_up(self) -> None:
        """Ends every other connection to it, and what was under way on them."""
        await self._connection.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )

    async def empty(self) -> None:
        await self._connection.execute(self._deletes)

    async def close(self) -> None:
        await self._connection.close()


async def _run(server: EmbeddedPostgres, statement: str) -> None:
    # As the superuser: a database is dropped under whatever is still connected to it.
    connection = await asyncpg.connect(server.superuser_url("postgres"), timeout=10)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
