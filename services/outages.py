"""Errors of a database that does not answer, and what is done about them."""

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

# Another attempt under the same key may succeed and can do no harm: a deadlock, a serialization failure, a server that
# went away before the commit, or after it (the key is found spent then).
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
# Another attempt within the deadline of an operation would fail too.
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
    """Raise NotSaved where the database does not answer.

    This is for changes that are no operations, because their answer must not be kept (a log-in, a refresh), and that
    may be asked for again without harm.
    """
    try:
        yield
    except OUTAGE as error:
        raise NotSaved("The database did not answer in time. Please try again in a minute.") from error


async def retry_transient(
    work: Callable[P, Awaitable[Answer]], /, *args: P.args, **kwargs: P.kwargs
) -> Answer:
    """Do the work, again and again for up to 20 seconds while the database does not answer.

    This is for the start of a replica. One that was frozen while it held a lock holds it for five seconds at most: the
    database ends its transaction then.
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
