"""Counts webhook deliveries that were refused for their signature, and writes the counts every few seconds.

Anybody can send such deliveries. So they cause at most one write in FLUSH_SECONDS per workspace, however many come.
If the process is killed, the counts that it has not written are lost.
"""

import asyncio
import logging
from collections import Counter, defaultdict
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from services.outages import OUTAGE
from storage.postgres.database import Database
from storage.webhooks import unsigned_deliveries

FLUSH_SECONDS = 10.0
CLOSE_SECONDS = 1.0
KEPT_FOR = timedelta(days=2)
MOST_OF_A_FLUSH = 1_000_000  # of one endpoint

log = logging.getLogger(__name__)


class UnsignedDeliveries:
    """Counts refused deliveries of endpoints that exist, so the number of counts is limited by the number of
    endpoints."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counts: defaultdict[UUID, Counter[UUID]] = defaultdict(Counter)
        self._waiting: asyncio.Task[None] | None = None

    def count(self, workspace_id: UUID, endpoint_id: UUID) -> None:
        """Count one delivery. The count is written later."""
        self._counts[workspace_id][endpoint_id] += 1
        if self._waiting is None or self._waiting.done():
            self._waiting = asyncio.create_task(self._flush_later())

    async def flush(self) -> None:
        """Write the counts. If the database does not answer, they are kept for the next time."""
        for workspace_id in list(self._counts):
            counts = self._counts.pop(workspace_id)
            bounded = {one: min(count, MOST_OF_A_FLUSH) for one, count in counts.items()}
            try:
                async with self._database.transaction(workspace_id) as tx:
                    since = await tx.now() - KEPT_FOR
                    await unsigned_deliveries.add_counts(tx, workspace_id, bounded, keep_since=since)
            except OUTAGE as error:
                self._counts[workspace_id].update(counts)
                log.info("refused deliveries were not written down yet: %s", type(error).__name__)
                return

    async def close(self) -> None:
        if self._waiting:
            self._waiting.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.flush()

    async def _flush_later(self) -> None:
        await asyncio.sleep(FLUSH_SECONDS)
        await self.flush()
