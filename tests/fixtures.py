"""One PostgreSQL for the run, one template database, a copy or a savepoint for each test.

Durability is off here, for speed and by name; the service itself refuses such a server.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import pytest
import pytest_asyncio
from hypothesis import settings

from domain.language.patterns import compile_patterns
from local_slack.server import LocalSlack
from storage.postgres.database import Database
from storage.postgres.embedded import EmbeddedPostgres
from storage.postgres.migrate import migrate
from tests.canaries import no_secret_in_the_log
from tests.cast import Cast
from tests.conftest import TEMPLATE, Clock
from tests.postgres import Emptier, copy_database, patient_pool, start_server
from tests.replica import WARM_POOLS, Replica, make_local_slack, run_replica

if TYPE_CHECKING:
    from storage.postgres.database import Connection

__all__ = ["no_secret_in_the_log"]  # a fixture that every module has

# Hypothesis ends an example after 200 ms otherwise, which a busy machine takes for one of no work at all.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest_asyncio.fixture(scope="session")
async def server() -> AsyncIterator[EmbeddedPostgres]:
    server = await start_server()
    await server.ensure_database(TEMPLATE)
    await migrate(server.owner_url(TEMPLATE), service_login="tracker", durable=False)
    yield server
    await server.stop()
    shutil.rmtree(server.root.parent, ignore_errors=True)


@pytest_asyncio.fixture(scope="session")
async def shared_pool(server: EmbeddedPostgres) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    await copy_database(server, TEMPLATE, "shared")
    pool = await patient_pool(server.service_url("shared"), size=2)
    yield pool
    pool.terminate()


class OneConnection:
    """A pool of one connection, on which each transaction of the code under test is a savepoint of the test's."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def acquire(self) -> "AsyncIterator[Connection]":
        async with self._turn:
            yield self._connection


@pytest_asyncio.fixture
async def database(shared_pool: "asyncpg.Pool[asyncpg.Record]", clock: Clock) -> AsyncIterator[Database]:
    async with shared_pool.acquire() as connection:
        outer = connection.transaction()
        await outer.start()
        yield Database(OneConnection(connection), clock, nested=True)
        await outer.rollback()


@pytest_asyncio.fixture(scope="session")
async def own_database(server: EmbeddedPostgres) -> AsyncIterator[Emptier]:
    await copy_database(server, TEMPLATE, "own")
    emptier = await Emptier.connect(server, "own")
    yield emptier
    await emptier.close()


@pytest_asyncio.fixture
async def own_database_url(server: EmbeddedPostgres, own_database: Emptier) -> str:
    """A database without a row and without connections, for races and for whole processes."""
    await own_database.hang_up()
    await own_database.empty()
    return server.service_url("own")


@pytest_asyncio.fixture(scope="session")
async def replicas_database(server: EmbeddedPostgres) -> "AsyncIterator[Emptier]":
    """The database of all replicas of the run; each test finds it empty."""
    compile_patterns()  # before the first test, which would have to wait for it
    await copy_database(server, TEMPLATE, "replicas")
    WARM_POOLS.keep(server.service_url("replicas"))
    emptier = await Emptier.connect(server, "replicas")
    yield emptier
    WARM_POOLS.terminate()
    await emptier.close()


@pytest_asyncio.fixture
async def empty_database_url(server: EmbeddedPostgres, replicas_database: Emptier) -> str:
    """A database without a row, for `app` and further replicas."""
    await replicas_database.empty()
    return server.service_url("replicas")


@pytest_asyncio.fixture
async def cast(database: Database, clock: Clock) -> AsyncIterator[Cast]:
    """A workspace with three people in three zones, and the operations for them."""
    cast = await Cast.create(database, clock)
    yield cast
    await cast.services.close()


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).parent.parent


@pytest_asyncio.fixture
async def local_slack() -> AsyncIterator[LocalSlack]:
    local_slack = make_local_slack()
    await local_slack.start()
    yield local_slack
    await local_slack.stop()


@pytest_asyncio.fixture
async def app(empty_database_url: str, local_slack: LocalSlack) -> AsyncIterator[Replica]:
    """A replica over signed HTTP, on an empty database."""
    async with run_replica(empty_database_url, local_slack) as running:
        yield running
