"""Tasks that go on after a payload is answered; a stop of the service waits for them."""

import asyncio
from collections.abc import Coroutine
from typing import Any

LONGEST_SECONDS = 1.0  # that a stop waits for these tasks, after everything else has ended
# The longest that an answer waits for a task: the operation may have used 2.2 of Slack's three seconds.
WAIT_SECONDS = 0.5


class BackgroundTasks:
    """Runs tasks beside the answer. They die with the process, so nothing that must happen belongs here.

    `least_wait` raises every wait to at least that many seconds, for tests on a busy machine.
    """

    def __init__(self, least_wait: float = 0.0) -> None:
        self._least_wait = least_wait
        self._running_tasks: set[asyncio.Task[None]] = set()

    async def run(self, work: Coroutine[Any, Any, None], *, wait: float = 0.0) -> None:
        """Start the task and wait at most `wait` seconds for it."""
        task = asyncio.create_task(work)
        self._running_tasks.add(task)
        task.add_done_callback(self._running_tasks.discard)
        if wait:
            await asyncio.wait({task}, timeout=max(wait, self._least_wait))

    async def close(self) -> None:
        if self._running_tasks:
            await asyncio.wait(self._running_tasks, timeout=LONGEST_SECONDS)
