"""The database: connections, transactions, and statements that are compiled once.

SQLAlchemy Core writes every statement, checked against the tables; asyncpg runs it. Compiling at import and
executing without SQLAlchemy's engine costs a sixth of the processor time of a Core execution
(docs/performance.md), and what is left is small enough to read here.
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
from sqlalchemy import ColumnElement, DateTime, Text, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import asyncpg as dialects
from sqlalchemy.sql.base import Executable

# How long a transaction may take with everything, waiting for a connection included: beyond it the network is
# gone. An act's own deadline (services.operations) is far below, and the server ends long waits and statements itself.
LONGEST_SECONDS = 10.0
# The role of transactions across workspaces. Roles are the server's: it is the same for all its databases.
ACROSS_ROLE = "truth_time_tracker_across"
# The right to take on a role, in SQL. From PostgreSQL 16 on who may grant a role is a member, and may still not do so.
TAKE_ON = (
    "case when cast(current_setting('server_version_num') as int) >= 160000 then 'set' else 'member' end"
)
SESSION_SETTINGS = {
    "lock_timeout": "1500",
    "statement_timeout": "2000",
    "idle_in_transaction_session_timeout": "5000",
    # Every statement here finds few rows by key: planning each anew costs more than running it. A plan is kept
    # that was made while the table was empty, so it must be told not to read the table from end to end.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "jit": "off",
    "application_name": "truth-time-tracker",
    "timezone": "UTC",
}

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]

_DIALECT = dialects.dialect()  # type: ignore[no-untyped-call]

# The instant that stamps facts: the database's clock, unless the test that opened it handed in its own.
DATABASE_NOW = func.coalesce(bindparam("clock", type_=DateTime(timezone=True)), func.clock_timestamp())


def word(said: str) -> ColumnElement[str]:
    """One of the words that a column may hold, written out. A plan that is kept uses a partial index only where the
    index's condition stands in the statement, and not a parameter that may be anything."""
    assert said.isidentifier()
    return literal_column(f"'{said}'", Text)


class Query:
    """One Core statement, compiled when the module is imported. Values are given by the names of its binds."""

    __slots__ = ("_given", "_names", "text")

    def __init__(self, statement: Executable) -> None:
        compiled: Any = statement.compile(dialect=_DIALECT)  # type: ignore[attr-defined]
        self.text: str = compiled.string
        self._names: tuple[str, ...] = tuple(compiled.positiontup or ())
        self._given: dict[str, Any] = {
            name: bind.value for name, bind in compiled.binds.items() if not bind.required
        }

    def arguments(self, values: dict[str, Any]) -> list[Any]:
        given = self._given
        return [values[name] if name in values else given[name] for name in self._names]


_NOW = Query(select(DATABASE_NOW.label("now")))


@dataclass(slots=True)
class Attempts:
    """The transactions that try to do one thing, one after the other. `abandoned` forbids every commit from then on,
    also of one that begins later: a task that was canceled may go on, for the driver can lose that on the way.
    `committing` says that a commit was sent, and that nobody but the database knows what became of it."""

    abandoned: bool = False
    committing: bool = False


@dataclass(frozen=True, slots=True)
class Transaction:
    """An open transaction."""

    connection: Connection
    clock: Callable[[], datetime] | None

    async def enter(self, workspace_id: UUID) -> None:
        """From here on it sees that workspace's rows, and no others."""
        await self.connection.execute(f"{_OWN_ROLE}; {_within(workspace_id)}")

    async def one(self, query: Query, **values: Any) -> asyncpg.Record | None:  # noqa: ANN401
        return await self.connection.fetchrow(query.text, *query.arguments(self._timed(values)))

    async def all(self, query: Query, **values: Any) -> list[asyncpg.Record]:  # noqa: ANN401
        return await self.connection.fetch(query.text, *query.arguments(self._timed(values)))

    async def run(self, query: Query, **values: Any) -> int:  # noqa: ANN401
        """Returns how many rows were touched."""
        status = await self.connection.execute(query.text, *query.arguments(self._timed(values)))
        return int(status.rpartition(" ")[2]) if status[-1:].isdigit() else 0

    async def now(self) -> datetime:
        """The database's clock, UTC."""
        row = await self.one(_NOW)
        assert row is not None
        now: datetime = row["now"]
        return now

    def _timed(self, values: dict[str, Any]) -> dict[str, Any]:
        values["clock"] = self.clock() if self.clock else None
        return values


class Connections(Protocol):
    """Where connections come from: a pool, or the single one of a test."""

    def acquire(self) -> AbstractAsyncContextManager[Connection]: ...


class Abandoned(Exception):
    """The transaction was given up before its commit was sent: nothing of it was saved."""


class Database:
    """`nested` is for a test whose connection is in a transaction already: each one here is a savepoint of it."""

    def __init__(
        self, connections: Connections, clock: Callable[[], datetime] | None = None, *, nested: bool = False
    ) -> None:
        self._connections = connections
        self._clock = clock
        self._begin, self._commit, self._rollback = _SAVEPOINT if nested else _TRANSACTION
        self._nested = nested
        self._across: str | None = None  # known once it was asked for

    def transaction(
        self, workspace_id: UUID, attempts: Attempts | None = None
    ) -> AbstractAsyncContextManager[Transaction]:
        """Sees and changes that workspace's rows: the database holds to it (row-level security), whatever a
        statement forgets. Commits when the block ends, rolls back when it raises.

        `attempts` is for a caller that must know later how far it came, or may give it up.
        Raises Abandoned instead of committing when it was given up meanwhile.
        """
        return self._transaction(_within(workspace_id), attempts or Attempts())

    def across(self) -> AbstractAsyncContextManager[Transaction]:
        """For finding out which workspace is meant, and what is due in any: reads those columns alone that
        `storage.postgres.across` lists, of the rows that the policies named `across` open; never an entry, a project or
        anybody's history. Where the database's login may take on no role for it, the rows are all that is limited."""
        return self._transaction(None, Attempts())

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[Transaction]:
        """For one statement that stands by itself: committed at once, whatever becomes of what it is for. No
        workspace's rows are seen."""
        async with asyncio.timeout(LONGEST_SECONDS), self._connections.acquire() as connection:
            self._refuse_unfinished(connection)
            yield Transaction(connection, self._clock)

    def seconds(self) -> float:
        """A clock for stretches of time within this process: monotonic, or what the test handed in."""
        return self._clock().timestamp() if self._clock else time.monotonic()

    @asynccontextmanager
    async def _transaction(self, scope: str | None, attempts: Attempts) -> AsyncIterator[Transaction]:
        async with asyncio.timeout(LONGEST_SECONDS), self._connections.acquire() as connection:
            if attempts.abandoned:
                raise Abandoned
            self._refuse_unfinished(connection)
            try:
                scope = scope or await self._scope_across(connection)
                # One round trip: what may be seen is set with the beginning, and ends with the transaction.
                await connection.execute(f"{self._begin}; {scope}")
            except asyncpg.InternalClientError:
                # Whoever had it before was canceled in the middle of a statement that the server never answered.
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

    async def _scope_across(self, connection: Connection) -> str:
        """What begins a transaction across workspaces; the database is asked once whether there is a role for it."""
        if self._across is None:
            has_role = await connection.fetchval(_HAS_ROLE, ACROSS_ROLE)
            self._across = f"{_ACROSS}; set local role {ACROSS_ROLE}" if has_role else _ACROSS
        return self._across

    def _refuse_unfinished(self, connection: Connection) -> None:
        if connection.is_in_transaction() and not self._nested:
            # Whoever had it before was canceled while it was being rolled back.
            connection.terminate()
            raise asyncpg.InterfaceError("a connection came back in the middle of a transaction")


_TRANSACTION = "begin", "commit", "rollback"
# The connection's, after that of a transaction across workspaces. What was set in a savepoint outlives it.
_OWN_ROLE = "set local role to default"
_SAVEPOINT = "savepoint act", f"release savepoint act; {_OWN_ROLE}", "rollback to savepoint act"
_HAS_ROLE = f"""
    select has_column_privilege(oid, 'messages', 'due_at', 'select') and pg_has_role(session_user, oid, {TAKE_ON})
    from pg_roles where rolname = $1
"""  # noqa: S608 - of constants
_ACROSS = "set local tracker.workspace = ''; set local tracker.across = 'on'"


def _within(workspace_id: UUID) -> str:
    assert isinstance(workspace_id, UUID)  # whatever else it were would be a part of the statement
    return f"set local tracker.workspace = '{workspace_id}'; set local tracker.across = 'off'"


async def open_pool(
    url: str, *, role: str | None = None, size: int = 10, settings: Mapping[str, str] = SESSION_SETTINGS
) -> asyncpg.Pool[asyncpg.Record]:
    """`role` is taken on by every connection: the plain role that the service runs as. Other `settings` are for tests
    that are not about how long something may take."""
    settings = {**settings, **({"role": role} if role else {})}
    return await asyncpg.create_pool(
        url,
        min_size=min(2, size),
        max_size=size,
        timeout=3.0,  # seconds to connect
        max_inactive_connection_lifetime=300.0,
        server_settings=dict(settings),
        # Nothing here leaves state on a session (no SET, no LISTEN, no session locks): the round trip of
        # asyncpg's reset after every act would buy nothing.
        reset=_nothing_to_reset,
    )


async def _nothing_to_reset(_connection: object) -> None:
    return None
