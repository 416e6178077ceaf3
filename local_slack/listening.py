"""How the workspace listens: for this machine alone, under its own names, and without telling library versions."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
HERE = {"127.0.0.1", "localhost", "::1"}
SERVER = "local-slack"


class Connection(web.RequestHandler):
    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        answer = super().handle_error(request, status, exc, message)
        answer.headers["Server"] = SERVER
        return answer


@web.middleware
async def only_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what names another host: a website may have given its own name this machine's address."""
    try:
        host = request.url.host
    except ValueError:
        host = None
    if host not in HERE:
        return web.json_response({"error": "only for this machine's own page"}, status=403)
    return await handler(request)


async def without_versions(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Server"] = SERVER


async def listen(runner: web.AppRunner, port: int) -> asyncio.Server:
    """Raises OSError where the port is taken."""
    loop, manager = asyncio.get_running_loop(), runner.server
    assert manager is not None
    kept: None = None  # no access log
    return await loop.create_server(
        lambda: Connection(manager, loop=loop, access_log=kept),  # type: ignore[arg-type]
        "127.0.0.1",
        port,
    )
