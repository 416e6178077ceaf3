"""Opens the server on loopback, under the names of this machine, without showing library versions."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}
SERVER = "local-slack"


class Connection(web.RequestHandler):
    """A connection whose error answers do not show the library's version."""

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
async def refuse_other_hosts(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests that name another host, because a website may resolve its own name to this machine's address."""
    try:
        host = request.url.host
    except ValueError:
        host = None
    if host not in LOCAL_HOSTS:
        return web.json_response({"error": "only for this machine's own page"}, status=403)
    return await handler(request)


async def hide_versions(_request: web.Request, response: web.StreamResponse) -> None:
    """Replace the header that names the library and its version."""
    response.headers["Server"] = SERVER


async def listen(runner: web.AppRunner, port: int) -> asyncio.Server:
    """Listen on loopback. Raises OSError if the port is taken."""
    loop, manager = asyncio.get_running_loop(), runner.server
    assert manager is not None
    no_log: None = None
    return await loop.create_server(
        lambda: Connection(manager, loop=loop, access_log=no_log),  # type: ignore[arg-type]
        "127.0.0.1",
        port,
    )
