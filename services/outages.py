"""A database that does not answer: which errors say so, and what is done then."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import asyncpg

from domain.errors import NotSaved
from storage.postgres.database import Abandoned

Answer = TypeVar("Answer")

PATIENCE_SECONDS, PATIENCE_EVERY_SECONDS = 20.0, 0.5

# The database said no for a reason that a second try under the same key can not make worse: a deadlock, a
# serialization failure, a server that went away before or after the commit (then the key is found spent).
TRANSIENT = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    ConnectionError,
)
# It will not get better within the deadline.
GIVEN_UP = (
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InsufficientResourcesError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    TimeoutError,
    OSError,
    Abandoned,
)

log = logging.getLogger(__name__)


@contextmanager
def answered_or_said() -> Iterator[None]:
    """For what changes something and is no act, because its answer must not be kept: a log-in, a refresh. It is safe to
    be asked for again. Raises NotSaved where the database does not answer."""
    try:
        yield
    except (*TRANSIENT, *GIVEN_UP) as error:
        raise NotSaved("The database did not answer in time. Please try again in a minute.") from error


async def retry_transient(work: Callable[[], Awaitable[Answer]]) -> Answer:
    """For a start, which is nobody's act: tries again for a while. A replica that was frozen with its hands on what is
    needed holds it until the database ends its transaction, after five seconds."""
    clock = asyncio.get_running_loop().time
    ends = clock() + PATIENCE_SECONDS
    while True:
        try:
            return await work()
        except (*TRANSIENT, *GIVEN_UP) as error:
            if clock() > ends:
                raise
            log.info("the database said %s; the start goes on as soon as it can", type(error).__name__)
            await asyncio.sleep(PATIENCE_EVERY_SECONDS)
