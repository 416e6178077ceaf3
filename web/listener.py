"""The HTTP listener: it closes connections that send no complete request in time, and limits their number."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from web.http.headers import SERVER_NAME
from web.http.problems import Problem, problem_response

HEADER_SECONDS = 15.0  # for the first request's headers; its body has READ_SECONDS (web.http.bodies)
KEEPALIVE_SECONDS = (
    75.0  # longer than load balancers keep a connection, so that they are the side that closes it
)
LINGER_SECONDS = 1.0  # time for reading the rest of a refused body
MAX_CONNECTIONS = 2_000

log = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Connection(web.RequestHandler):
    """A connection that answers bytes that are not an HTTP request with a problem, without a traceback in the log."""

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
            # Anybody can send such bytes as often as they like, so no traceback is logged for them.
            log.debug("bytes that are no request came from %s: %s", request.remote, type(exc).__name__)
            detail = "The bytes that came are no HTTP request that can be read."
            answer = problem_response(Problem(title=HTTPStatus(status).phrase, status=status, detail=detail))
            answer.force_close()
        answer.headers["Server"] = SERVER_NAME
        return answer


class Listener:
    """Accepts connections for an application. `header_seconds` and `most` are lowered by tests."""

    def __init__(
        self,
        app: web.Application,
        *,
        drain: float,
        header_seconds: float = HEADER_SECONDS,
        most: int = MAX_CONNECTIONS,
    ) -> None:
        self._without_request: dict[asyncio.BaseProtocol, asyncio.TimerHandle] = {}
        self._header_seconds = header_seconds
        self._most = most
        app.middlewares.insert(0, self._cancel_timeout)
        self._runner = web.AppRunner(app, shutdown_timeout=drain)
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Start to listen, and return the port. Raises OSError if listening is not possible."""
        await self._runner.setup()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._make_connection, host, port, backlog=256)
        found: int = self._server.sockets[0].getsockname()[1]
        return found

    async def stop(self) -> None:
        """Accept no new connections, and finish the requests that have begun."""
        if self._server:
            self._server.close()
        await self._runner.cleanup()
        for timer in self._without_request.values():
            timer.cancel()

    def _make_connection(self) -> asyncio.Protocol:
        server = self._runner.server
        assert server is not None
        loop = asyncio.get_running_loop()
        connection = Connection(
            server,
            loop=loop,
            access_log=None,  # type: ignore[arg-type]
            keepalive_timeout=KEEPALIVE_SECONDS,
            lingering_time=LINGER_SECONDS,
            auto_decompress=False,  # a few bytes can decompress to any number; `read_body` refuses compressed bodies
        )
        timeout = self._header_seconds if len(server.connections) < self._most else 0
        self._without_request[connection] = loop.call_later(timeout, self._hang_up, connection)
        return connection

    def _hang_up(self, connection: web.RequestHandler) -> None:
        del self._without_request[connection]
        connection.force_close()
        if connection.transport:
            connection.transport.abort()

    @web.middleware
    async def _cancel_timeout(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if timer := self._without_request.pop(request.protocol, None):
            timer.cancel()
        return await handler(request)
