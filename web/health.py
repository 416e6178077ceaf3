"""Health checks for operators: whether the process is alive, and whether it can serve requests."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from services.services import Services

READY_SECONDS = 2.0

log = logging.getLogger(__name__)


async def answer_healthz(_request: web.Request) -> web.Response:
    """Answer that the process is alive."""
    return web.json_response({"status": "alive"})


def make_readyz_route(
    services: Services, ticking: Callable[[], bool]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make the handler of `/readyz`.

    It answers 200 if the database answers, is migrated and the scheduler runs, and 503 otherwise.
    """

    async def readyz(_request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(READY_SECONDS):
                readiness = await services.maintenance.readiness()
        except Exception as error:  # noqa: BLE001 - whatever it is, we are not ready
            log.warning("not ready: the database failed with %s", type(error).__name__)
            return web.json_response({"status": "not ready", "database": "not answering"}, status=503)
        ready = readiness.migrated and ticking()
        body = {
            "status": "ready" if ready else "not ready",
            "database": "ok",
            "migrations": "ok" if readiness.migrated else "behind",
            "clock": "ticking" if ticking() else "stopped",
            "slack": ", ".join(readiness.stopped) or "ok",
            "oldest_waiting_message_seconds": round(readiness.oldest_waiting, 1),
            "failed_messages_of_a_day": sum(readiness.failed.values()),
            "given_up_of_a_day": {
                **{f"message: {kind}": times for kind, times in readiness.failed.items()},
                **readiness.given_up,
            },
        }
        return web.json_response(body, status=200 if ready else 503)

    return readyz
