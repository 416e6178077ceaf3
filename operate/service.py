"""A running service, and how it stops."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from domain.identity.people import Workspace
from scheduler.schedule import Schedule
from services.outbox.notifier import Members
from services.services import Services

STOP_SECONDS = 9.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Service:
    """A service that listens, with its schedule not started yet. Each of `closers` closes one entry point."""

    services: Services
    workspace: Workspace
    members: Members
    schedule: Schedule
    address: str
    closers: Sequence[Callable[[], Awaitable[None]]]

    async def close(self) -> None:
        """Refuse new requests and let all entry points finish running ones at the same time, within nine seconds.

        Unfinished work is continued by another replica, or Slack sends the request again.
        """
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await asyncio.gather(self.schedule.stop(), *(close() for close in self.closers))
        except TimeoutError:
            log.warning(
                "something was still under way after %.0f seconds; it is taken up again", STOP_SECONDS
            )
