"""Work that goes on after a payload was answered, and that a stop of the service lets come to its end."""

import asyncio
from collections.abc import Coroutine
from typing import Any

LONGEST_SECONDS = 1.0  # of a stop, when everything else has ended
# How long an answer may wait for what follows it: the operation may have taken 2.2 of Slack's three seconds.
WAIT_SECONDS = 0.5


class BackgroundTasks:
    """Runs work beside the answer. It dies with the process, so nothing that must happen belongs here.

    `patience` is the least number of seconds that an answer waits where it waits at all: for tests on a busy machine.
    """

    def __init__(self, patience: float = 0.0) -> None:
        self._patience = patience
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self, work: Coroutine[Any, Any, None], *, wait: float = 0.0) -> None:
        """Start the work, and wait for it for at most `wait` seconds."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        if wait:
            await asyncio.wait({task}, timeout=max(wait, self._patience))

    async def close(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=LONGEST_SECONDS)
