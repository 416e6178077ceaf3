"""Looks up in batches which of many ids exist, so that the database is asked at most ten times a second."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from itertools import islice
from uuid import UUID

EVERY_SECONDS = 0.1
MOST_AT_ONCE = 1_000


class Batches:
    """Looks up ids in batches. `existing` takes some ids, and returns those that exist."""

    def __init__(self, existing: Callable[[Collection[UUID]], Awaitable[set[UUID]]]) -> None:
        self._existing = existing
        self._waiting: dict[UUID, asyncio.Future[bool]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def exists(self, one: UUID) -> bool:
        """Return whether the id exists. The first id is looked up at once; ids that arrive during a look-up wait for
        the next batch.

        Raises what `existing` raises.
        """
        future = self._waiting.get(one)
        if future is None:
            future = self._waiting[one] = asyncio.get_running_loop().create_future()
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        return await asyncio.shield(future)

    async def _ask(self) -> None:
        while self._waiting:
            # In the order of arrival, so that a flood of invented ids does not delay an existing one.
            first = list(islice(self._waiting, MOST_AT_ONCE))
            batch = [(one, self._waiting.pop(one)) for one in first]
            try:
                found = await self._existing([one for one, _ in batch])
            except Exception as error:  # noqa: BLE001 - each caller gets it
                for _, future in batch:
                    future.set_exception(error)
                    # Read the exception: if the caller has gone, asyncio would log it as never retrieved.
                    future.exception()
            else:
                for one, future in batch:
                    future.set_result(one in found)
            await asyncio.sleep(EVERY_SECONDS)
