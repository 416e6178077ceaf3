"""Finding out whether an operation was saved when its commit got no answer in time."""

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
    """Looks up operations in the background, and tells people in Slack what became of theirs."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tasks: set[asyncio.Task[None]] = set()

    def settle_later(self, request: OperationRequest) -> None:
        """Settle the operation in a task of its own, which ends with `close` at the latest."""
        task = asyncio.create_task(self.settle(request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self, request: OperationRequest) -> None:
        """Find out whether the operation was saved, and tell the person who waits for it in Slack.

        The finding is final: the key can only be spent here once the transaction in doubt has ended, and no other
        transaction of that operation will commit. A key that was not spent before is given back, so that the same
        thing can be asked for again. Tries until the database answers.
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
