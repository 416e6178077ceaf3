"""Which errors mean that the database does not answer, and how they are handled."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

import asyncpg

from domain.errors import NotSaved
from storage.postgres.database import Abandoned

P = ParamSpec("P")
Answer = TypeVar("Answer")

RETRY_FOR_SECONDS, RETRY_EVERY_SECONDS = 20.0, 0.5

# These errors may pass if the operation is tried again under the same key, which can do no harm: a deadlock, a
# serialization failure, or a server that went away before the commit or after it (the next attempt then finds the
# key).
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
# After these errors another attempt within the operation's deadline would fail too.
LASTING = (
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InsufficientResourcesError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    TimeoutError,
    OSError,
    Abandoned,
)
OUTAGE = (*TRANSIENT, *LASTING)

log = logging.getLogger(__name__)


@contextmanager
def not_saved_on_outage() -> Iterator[None]:
    """Raise NotSaved if the database does not answer.

    For changes that are no operations because their answer must not be stored (a log-in, a refresh), and that can be
    repeated without harm.
    """
    try:
        yield
    except OUTAGE as error:
        raise NotSaved("The database did not answer in time. Please try again in a minute.") from error


async def retry_transient(
    work: Callable[P, Awaitable[Answer]], /, *args: P.args, **kwargs: P.kwargs
) -> Answer:
    """Call `work` until it succeeds, for up to 20 seconds while the database does not answer.

    For the start of a replica: a frozen replica may hold a lock that this one needs. The database ends such an idle
    transaction after five seconds.
    """
    clock = asyncio.get_running_loop().time
    ends = clock() + RETRY_FOR_SECONDS
    while True:
        try:
            return await work(*args, **kwargs)
        except OUTAGE as error:
            if clock() > ends:
                raise
            log.info("the database said %s; the start is tried again", type(error).__name__)
            await asyncio.sleep(RETRY_EVERY_SECONDS)
