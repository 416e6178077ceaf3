"""Connections and transactions.

asyncpg runs statements that were compiled at import (storage.postgres.query). Without SQLAlchemy's engine this costs a
sixth of the processor time (docs/performance.md).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

import asyncpg
from sqlalchemy import select

from storage.postgres.query import DATABASE_NOW, Query

# The longest that a transaction may take, including the wait for a connection: one that takes longer has lost its
# network. An operation's deadline (services.operations) is far below, and the server ends long waits and statements
# itself.
LONGEST_SECONDS = 10.0
# The role of transactions across workspaces. Roles belong to the server: all its databases share this one.
CROSS_WORKSPACE_ROLE = "truth_time_tracker_across"
# The privilege that `set role` needs, in SQL. From PostgreSQL 16 on, being a member no longer includes it.
SET_ROLE_PRIVILEGE = (
    "case when cast(current_setting('server_version_num') as int) >= 160000 then 'set' else 'member' end"
)
SESSION_SETTINGS = {
    "lock_timeout": "1500",
    "statement_timeout": "2000",
    "idle_in_transaction_session_timeout": "5000",
    # Every statement here finds few rows by key, so planning it each time costs more than running it. The reused
    # plan may have been made while the table was empty, so the planner must be told not to read the table from end
    # to end.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "jit": "off",
    "application_name": "truth-time-tracker",
    "timezone": "UTC",
}

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]


_NOW = Query(select(DATABASE_NOW.label("now")))


@dataclass(slots=True)
class Attempts:
    """The state of consecutive transactions that try to do the same thing.

    `abandoned` forbids every commit from then on, also in transactions that begin later: a canceled task may
    continue to run, because the driver can lose the cancellation. `committing` is true once a commit was sent, so
    that only the database knows its outcome.
    """

    abandoned: bool = False
    committing: bool = False


@dataclass(frozen=True, slots=True)
class Transaction:
    """An open transaction."""

    connection: Connection
    clock: Callable[[], datetime] | None

    async def enter_workspace(self, workspace_id: UUID) -> None:
        """Limit the rest of the transaction to the rows of one workspace."""
        await self.connection.execute(f"{_OWN_ROLE}; {_within(workspace_id)}")

    async def fetch_one(self, query: Query, **values: Any) -> asyncpg.Record | None:  # noqa: ANN401
        return await self.connection.fetchrow(query.text, *query.arguments(self._timed(values)))

    async def fetch_all(self, query: Query, **values: Any) -> list[asyncpg.Record]:  # noqa: ANN401
        return await self.connection.fetch(query.text, *query.arguments(self._timed(values)))

    async def execute(self, query: Query, **values: Any) -> int:  # noqa: ANN401
        """Run a statement and return the number of rows that it touched."""
        status = await self.connection.execute(query.text, *query.arguments(self._timed(values)))
        return int(status.rpartition(" ")[2]) if status[-1:].isdigit() else 0

    async def now(self) -> datetime:
        """Read the database's clock, UTC."""
        row = await self.fetch_one(_NOW)
        assert row is not None
        now: datetime = row["now"]
        return now

    def _timed(self, values: dict[str, Any]) -> dict[str, Any]:
        values["clock"] = self.clock() if self.clock else None
        return values


class Connections(Protocol):
    """Provides connections: a pool, or the single connection of a test."""

    def acquire(self) -> AbstractAsyncContextManager[Connection]: ...


class Abandoned(Exception):
    """The transaction was abandoned before its commit was sent, so none of its changes was saved."""


class Database:
    """Opens transactions.

    `clock` replaces the database's clock in tests. `nested` is for tests whose connection is in a transaction
    already: every transaction here is a savepoint of it.
    """

    def __init__(
        self, connections: Connections, clock: Callable[[], datetime] | None = None, *, nested: bool = False
    ) -> None:
        self._connections = connections
        self._clock = clock
        self._begin, self._commit, self._rollback = _SAVEPOINT if nested else _TRANSACTION
        self._nested = nested
        self._cross_workspace_scope: str | None = None  # read from the database once

    def transaction(
        self, workspace_id: UUID, attempts: Attempts | None = None
    ) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction on one workspace's rows. It commits when the block ends and rolls back if it raises.

        Row-level security hides the rows of other workspaces, even if a statement omits the condition. `attempts`
        is for a caller that must know later whether a commit was sent, or that may abandon the transaction.

        Raises Abandoned instead of committing if it was abandoned meanwhile.
        """
        return self._transaction(_within(workspace_id), attempts or Attempts())

    def across_workspaces(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction that finds the workspace of a request, or what is due in any workspace.

        It reads only the columns listed in `storage.postgres.cross_workspace_rights`, in the rows that the policies
        named `across` open: never an entry, a project or history. If the database's login can not take on the role
        for it, only the rows are limited and not the columns.
        """
        return self._transaction(None, Attempts())

    @asynccontextmanager
    async def autocommit(self) -> AsyncIterator[Transaction]:
        """Run single statements that each commit at once, even if the request fails. They see no workspace's rows."""
        async with asyncio.timeout(LONGEST_SECONDS), self._connections.acquire() as connection:
            self._refuse_unfinished(connection)
            yield Transaction(connection, self._clock)

    def monotonic_seconds(self) -> float:
        """Return the seconds of a monotonic clock for measuring durations within this process, or of a clock that a
        test passed."""
        return self._clock().timestamp() if self._clock else time.monotonic()

    @asynccontextmanager
    async def _transaction(self, scope: str | None, attempts: Attempts) -> AsyncIterator[Transaction]:
        async with asyncio.timeout(LONGEST_SECONDS), self._connections.acquire() as connection:
            if attempts.abandoned:
                raise Abandoned
            self._refuse_unfinished(connection)
            try:
                scope = scope or await self._begin_across_workspaces(connection)
                # One round trip: `begin` and the scope are sent together. The scope ends with the transaction.
                await connection.execute(f"{self._begin}; {scope}")
            except asyncpg.InternalClientError:
                # The task that used this connection before was canceled while it waited for the server.
                connection.terminate()
                raise
            try:
                yield Transaction(connection, self._clock)
                if attempts.abandoned:
                    raise Abandoned
            except BaseException:
                if not connection.is_closed():
                    await connection.execute(self._rollback)
                raise
            attempts.committing = True
            await connection.execute(self._commit)

    async def _begin_across_workspaces(self, connection: Connection) -> str:
        """Return the statements that begin a transaction across workspaces. Whether its role exists is read once."""
        if self._cross_workspace_scope is None:
            has_role = await connection.fetchval(_HAS_ROLE, CROSS_WORKSPACE_ROLE)
            self._cross_workspace_scope = (
                f"{_ACROSS}; set local role {CROSS_WORKSPACE_ROLE}" if has_role else _ACROSS
            )
        return self._cross_workspace_scope

    def _refuse_unfinished(self, connection: Connection) -> None:
        if connection.is_in_transaction() and not self._nested:
            # The task that used this connection before was canceled during its rollback.
            connection.terminate()
            raise asyncpg.InterfaceError("a connection came back in the middle of a transaction")


_TRANSACTION = "begin", "commit", "rollback"
# Returns to the connection's own role after a transaction across workspaces, because settings outlive their
# savepoint.
_OWN_ROLE = "set local role to default"
_SAVEPOINT = "savepoint act", f"release savepoint act; {_OWN_ROLE}", "rollback to savepoint act"
_HAS_ROLE = f"""
    select has_column_privilege(oid, 'messages', 'due_at', 'select')
        and pg_has_role(session_user, oid, {SET_ROLE_PRIVILEGE})
    from pg_roles where rolname = $1
"""  # noqa: S608 - constants
_ACROSS = "set local tracker.workspace = ''; set local tracker.across = 'on'"


def _within(workspace_id: UUID) -> str:
    assert isinstance(workspace_id, UUID)  # any other value could inject SQL
    return f"set local tracker.workspace = '{workspace_id}'; set local tracker.across = 'off'"


async def open_pool(
    url: str, *, role: str | None = None, size: int = 10, settings: Mapping[str, str] = SESSION_SETTINGS
) -> asyncpg.Pool[asyncpg.Record]:
    """Open a pool of connections.

    Every connection takes on `role`, the plain role that the service runs as. Tests pass other `settings` when they
    are not about timeouts.
    """
    settings = {**settings, **({"role": role} if role else {})}
    return await asyncpg.create_pool(
        url,
        min_size=min(2, size),
        max_size=size,
        timeout=3.0,  # seconds to connect
        max_inactive_connection_lifetime=300.0,
        server_settings=dict(settings),
        # No statement here leaves state on a session (no SET, no LISTEN, no session locks), so asyncpg's reset
        # would be a wasted round trip after every operation.
        reset=_nothing_to_reset,
    )


async def _nothing_to_reset(_connection: object) -> None:
    return None
