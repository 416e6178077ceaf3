"""The HTTP listener: who sends nothing whole in time is hung up on, and only so many may be connected."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from web.http.headers import SERVER
from web.http.problems import Problem, response

HEADER_SECONDS = 15.0  # for the first request's headers; its body has READ_SECONDS (web.http.bodies)
KEEPALIVE_SECONDS = (
    75.0  # above what load balancers keep a connection for, so that they are the ones to close it
)
LINGER_SECONDS = 1.0  # for the rest of a body that was refused
MOST_CONNECTIONS = 2_000

log = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Connection(web.RequestHandler):
    """A connection whose own refusals, of bytes that are no request, say and log no more than the others do."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or request.writer.output_size > 0:
            answer = super().handle_error(request, status, exc, message)
        else:
            # Anybody may send such bytes as often as they like: no traceback is logged for them.
            log.debug("bytes that are no request came from %s: %s", request.remote, type(exc).__name__)
            detail = "The bytes that came are no HTTP request that can be read."
            answer = response(Problem(title=HTTPStatus(status).phrase, status=status, detail=detail))
            answer.force_close()
        answer.headers["Server"] = SERVER
        return answer


class Listener:
    """`header_seconds` and `most` are for tests that can not wait, or not open so many."""

    def __init__(
        self,
        app: web.Application,
        *,
        drain: float,
        header_seconds: float = HEADER_SECONDS,
        most: int = MOST_CONNECTIONS,
    ) -> None:
        self._unheard: dict[asyncio.BaseProtocol, asyncio.TimerHandle] = {}
        self._header_seconds = header_seconds
        self._most = most
        app.middlewares.insert(0, self._hears)
        self._runner = web.AppRunner(app, shutdown_timeout=drain)
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """The port it listens on. Raises OSError where it can not."""
        await self._runner.setup()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, host, port, backlog=256)
        found: int = self._server.sockets[0].getsockname()[1]
        return found

    async def stop(self) -> None:
        """Takes no new connections, and lets what was asked be answered."""
        if self._server:
            self._server.close()
        await self._runner.cleanup()
        for timer in self._unheard.values():
            timer.cancel()

    def _connection(self) -> asyncio.Protocol:
        server = self._runner.server
        assert server is not None
        loop = asyncio.get_running_loop()
        connection = Connection(
            server,
            loop=loop,
            access_log=None,  # type: ignore[arg-type]
            keepalive_timeout=KEEPALIVE_SECONDS,
            lingering_time=LINGER_SECONDS,
            auto_decompress=False,  # a few bytes may stand for any number; `read` refuses compressed bodies
        )
        patience = self._header_seconds if len(server.connections) < self._most else 0
        self._unheard[connection] = loop.call_later(patience, self._hang_up, connection)
        return connection

    def _hang_up(self, connection: web.RequestHandler) -> None:
        del self._unheard[connection]
        connection.force_close()
        if connection.transport:
            connection.transport.abort()

    @web.middleware
    async def _hears(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if timer := self._unheard.pop(request.protocol, None):
            timer.cancel()
        return await handler(request)
