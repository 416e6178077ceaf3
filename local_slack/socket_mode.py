"""Socket Mode: connections that the app opens. Requests go to the app over them, and acknowledgments come back."""

import asyncio
import json
import random
import secrets
from typing import Any

from aiohttp import WSMsgType, web

from local_slack.answers import TIMED_OUT, UNREACHABLE, Answer
from local_slack.requests.encoding import Outgoing
from local_slack.workspace import APP_ID

Json = dict[str, Any]


class SocketMode:
    """The app's connections. Each is opened with a ticket of `apps.connections.open`, which is valid once."""

    def __init__(self) -> None:
        self._tickets: set[str] = set()
        self._sockets: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    @property
    def connected(self) -> int:
        return len(self._sockets)

    def make_ticket(self) -> str:
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=404)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        try:
            await socket.send_json(
                {
                    "type": "hello",
                    "num_connections": self.connected,
                    "connection_info": {"app_id": APP_ID},
                    "debug_info": {
                        "host": "local_slack",
                        "build_number": 1,
                        "approximate_connection_time": 18_060,
                    },
                }
            )
            async for received in socket:  # aiohttp answers pings
                if received.type is WSMsgType.TEXT:
                    self._resolve_acknowledgment(received.data)
        finally:
            self._sockets.remove(socket)
        return socket

    async def deliver(self, outgoing: Outgoing, timeout: float, retry: Json) -> Answer:
        """Send a request over one connection, picked at random as in Slack."""
        if not self._sockets:
            return Answer(UNREACHABLE, b"no connection")
        envelope_id = secrets.token_hex(16)
        acknowledged: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = acknowledged
        envelope = {
            "envelope_id": envelope_id,
            "type": outgoing.envelope,
            "accepts_response_payload": outgoing.envelope != "events_api",
            "payload": outgoing.payload,
            **retry,
        }
        try:
            async with asyncio.timeout(timeout):
                await random.choice(self._sockets).send_json(envelope)  # noqa: S311 - no secret
                acknowledgment = await acknowledged
        except TimeoutError:
            return Answer(TIMED_OUT, b"")
        except ConnectionError:
            return Answer(UNREACHABLE, b"")
        finally:
            del self._waiting[envelope_id]
        payload = acknowledgment.get("payload")
        return Answer(200, json.dumps(payload).encode() if payload else b"", "application/json")

    async def close(self) -> None:
        for socket in list(self._sockets):
            await socket.close()

    def _resolve_acknowledgment(self, text: str) -> None:
        try:
            said = json.loads(text)
        except ValueError:
            return
        waiting = self._waiting.get(str(said.get("envelope_id"))) if isinstance(said, dict) else None
        if waiting and not waiting.done():
            waiting.set_result(said)
