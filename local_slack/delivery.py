"""Sends requests to the app over signed HTTP or a socket, waits three seconds for each, and keeps a list of them."""

import asyncio
import io
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from local_slack.answers import CONNECTION_REFUSED, TIMED_OUT, UNREACHABLE, Answer
from local_slack.requests.encoding import Outgoing, signature_headers
from local_slack.socket_mode import SocketMode

Json = dict[str, Any]
ANSWER_SECONDS = 3.0
EVENT_RETRIES = 3
REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request to the app, as the page lists it."""

    kind: str
    payload: Json
    status: int
    milliseconds: int
    answer: str
    at: float


@dataclass
class EventDelivery:
    """Delivers requests to the app. `transport` is "http" or "socket". An event is repeated after each of
    `retry_delays`."""

    clock: Callable[[], float]
    signing_secret: str
    sockets: SocketMode
    retry_delays: Sequence[float]
    notify: Callable[[], None]
    request_url: str = ""
    transport: str = "http"
    answer_seconds: float = ANSWER_SECONDS

    def __post_init__(self) -> None:
        self.deliveries: deque[Delivery] = deque(maxlen=REMEMBERED)
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        # Without aiohttp's limit of 100 connections: in Slack no request waits for the answer to another.
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def stop(self) -> None:
        if self._session:
            await self._session.close()

    def sign(self, body: bytes, timestamp: int | None = None) -> dict[str, str]:
        at = int(self.clock()) if timestamp is None else timestamp
        return signature_headers(self.signing_secret, at, body)

    async def deliver(
        self, outgoing: Outgoing, *, request_url: str | None = None, attempt: int = 0, reason: str = ""
    ) -> Answer:
        """Send a request once over the present transport."""
        began = asyncio.get_running_loop().time()
        if self.transport == "socket":
            retry = (
                {"retry_attempt": attempt, "retry_reason": reason}
                if outgoing.envelope == "events_api"
                else {}
            )
            answer = await self.sockets.deliver(outgoing, self.answer_seconds, retry)
        else:
            headers = self.sign(outgoing.body) | {"Content-Type": outgoing.content_type}
            if attempt:
                headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
            answer = await self.post(outgoing.body, headers, request_url=request_url)
        took = round((asyncio.get_running_loop().time() - began) * 1_000)
        said = answer.body[:20_000].decode("utf-8", "replace")
        kind = outgoing.payload.get("type", outgoing.envelope)
        self.deliveries.append(Delivery(kind, outgoing.payload, answer.status, took, said, self.clock()))
        self.notify()
        return answer

    async def deliver_until_accepted(self, outgoing: Outgoing, request_url: str | None) -> Answer:
        """Send an event, and repeat it as Slack does while the app does not answer with 2xx."""
        answer = await self.deliver(outgoing, request_url=request_url)
        for attempt, delay in enumerate(self.retry_delays[:EVENT_RETRIES], 1):
            if answer.accepted or answer.final:
                break
            reason = {TIMED_OUT: "http_timeout", UNREACHABLE: "connection_failed"}.get(
                answer.status, "http_error"
            )
            await asyncio.sleep(delay)
            answer = await self.deliver(outgoing, request_url=request_url, attempt=attempt, reason=reason)
        return answer

    async def post(self, body: bytes, headers: dict[str, str], *, request_url: str | None = None) -> Answer:
        if self._session is None:
            raise RuntimeError("the local Slack is not started")
        url = request_url or self.request_url
        if not url:
            return Answer(UNREACHABLE, b"no request_url is set")
        try:
            async with self._session.post(
                url,
                data=io.BytesIO(body),
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=self.answer_seconds),
            ) as response:
                final = response.headers.get("X-Slack-No-Retry") == "1"
                return Answer(response.status, await response.read(), response.content_type, final=final)
        except TimeoutError:
            return Answer(TIMED_OUT, b"")
        except aiohttp.ClientConnectorError:
            return Answer(UNREACHABLE, CONNECTION_REFUSED)
        except aiohttp.ClientError:
            return Answer(UNREACHABLE, b"")
