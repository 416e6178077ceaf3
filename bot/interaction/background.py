"""What goes on after a payload was answered: a slow Slack is not waited for, and a stop lets it come to its end."""

import asyncio
from collections.abc import Coroutine
from typing import Any

LONGEST_SECONDS = 1.0  # of a stop, which has let everything else end by then
# How much of Slack's three seconds an answer may wait for what follows it, after the act's own 2.2 at the most.
WAIT_SECONDS = 0.5


class BackgroundTasks:
    """Nothing that must happen belongs here: what is under way dies with the process. An answer that waits for what
    follows it waits `patience` seconds at least: for tests, which look at both and may run on a busy machine."""

    def __init__(self, patience: float = 0.0) -> None:
        self._patience = patience
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self, work: Coroutine[Any, Any, None], *, wait: float = 0.0) -> None:
        """Lets it go on by itself; the answer waits for it `wait` seconds at the most."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        if wait:
            await asyncio.wait({task}, timeout=max(wait, self._patience))

    async def close(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=LONGEST_SECONDS)
