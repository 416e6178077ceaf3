"""Webhook deliveries that were refused for their signature: counted here, written down every few seconds.

Anybody can send one. So the database hears of them at most once in FLUSH_SECONDS per workspace, however many come;
what a killed process had not written yet is lost.
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
    """Only endpoints that exist are counted: the counts are bounded by how many those are."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counts: defaultdict[UUID, Counter[UUID]] = defaultdict(Counter)
        self._waiting: asyncio.Task[None] | None = None

    def note(self, workspace_id: UUID, endpoint_id: UUID) -> None:
        """Count one delivery; it is written down later."""
        self._counts[workspace_id][endpoint_id] += 1
        if self._waiting is None or self._waiting.done():
            self._waiting = asyncio.create_task(self._flush_later())

    async def flush(self) -> None:
        """Write down what was counted. Where the database does not answer, it stays counted for the next time."""
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
