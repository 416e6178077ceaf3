"""Finds out whether an operation was saved if its commit got no answer in time."""

import asyncio

from domain.history.operations import OperationRequest, Source
from domain.outbox.messages import TextContent
from services.outages import OUTAGE
from storage.history import operations
from storage.outbox import messages
from storage.postgres.database import Database

RETRY_EVERY_SECONDS = 2.0

SAVED = "About a moment ago, when I wasn't sure: it *was* saved. `/track` shows what is true now."
NOT_SAVED = "About a moment ago, when I wasn't sure: it was *not* saved. Please do it once more."


class Settler:
    """Looks up operations in the background, and tells people in Slack whether theirs were saved."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tasks: set[asyncio.Task[None]] = set()

    def settle_later(self, request: OperationRequest) -> None:
        """Settle the operation in a task of its own. `close` cancels the task."""
        task = asyncio.create_task(self.settle(request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self, request: OperationRequest) -> None:
        """Find out whether the operation was saved, and tell the person who waits for it in Slack.

        The result is final: this can spend the key only after the transaction in doubt has ended, and then no other
        transaction of that operation can commit. If the operation was not saved, the key is given back, so that the
        person can ask for the same again. Tries until the database answers.
        """
        while True:
            try:
                async with self._database.transaction(request.workspace_id) as tx:
                    begun = await operations.begin(tx, request)
                    saved = not begun.fresh
                    if not saved:
                        await operations.release_key(tx, request)
                    if request.who and request.source is Source.SLACK:
                        await messages.queue(
                            tx,
                            request.workspace_id,
                            asked=True,
                            key=f"settled:{request.key}",
                            channel=request.who,
                            content=TextContent(text=SAVED if saved else NOT_SAVED),
                            person_id=None,
                        )
                return
            except OUTAGE:
                await asyncio.sleep(RETRY_EVERY_SECONDS)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
