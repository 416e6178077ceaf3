"""The workspace as a server: the Web API, response addresses, sockets, the page and its control interface."""

import asyncio
import contextlib
import io
import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web

from sandbox import requests
from sandbox.answers import Answer, ResponseUrls, to_command
from sandbox.control import Control
from sandbox.faults import Fault, Faults
from sandbox.requests import Outgoing
from sandbox.socket_mode import SocketMode
from sandbox.web_api import METHODS, Call, Refused, arguments_of
from sandbox.workspace import Message, Workspace

Json = dict[str, Any]
ANSWER_SECONDS = 3.0
EVENT_RETRIES = 3


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request to the app, for the page's list of traffic."""

    kind: str
    payload: Json
    status: int
    milliseconds: int
    at: float


class Sandbox:
    """Slack, on loopback. `clock` gives seconds since 1970; `transport` is "http" or "socket"."""

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        signing_secret: str,
        bot_token: str,
        app_token: str | None = None,
        request_url: str = "",
        completions: Sequence[tuple[str, str]] = (),
        retry_delays: Sequence[float] = (0.0, 60.0, 300.0),
    ) -> None:
        self.workspace = Workspace(clock)
        self.faults = Faults()
        self.signing_secret, self.bot_token, self.app_token = signing_secret, bot_token, app_token
        self.request_url = request_url
        self.transport = "http"
        self.completions = tuple(completions)
        self.calls: deque[Call] = deque(maxlen=100_000)
        self.deliveries: deque[Delivery] = deque(maxlen=200)
        self.url = ""
        self._retry_delays = retry_delays
        self._response_urls = ResponseUrls(self.workspace)
        self._sockets = SocketMode()
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    async def start(self, port: int = 0) -> None:
        app = web.Application()
        control = Control(self)
        app.add_routes(
            [
                web.route("*", "/api/{method}", self._api),
                web.post("/response/{name}", self._response),
                web.get("/socket", self._sockets.serve),
                *control.routes(),
            ]
        )
        self._session = aiohttp.ClientSession()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self._sockets.close()
        if self._session:
            await self._session.close()
        if self._runner:
            await self._runner.cleanup()

    async def command(
        self,
        user: str,
        text: str,
        channel: str = "C0GENERAL",
        *,
        trigger_id: str | None = None,
        request_url: str | None = None,
    ) -> Answer:
        """The person types `/track` and this text."""
        payload = self.command_form(user, text, channel, trigger_id=trigger_id)
        answer = await self.deliver(requests.as_form(payload), request_url=request_url)
        return to_command(self.workspace, answer, channel=channel, user=user)

    async def press(
        self,
        user: str,
        message: Message,
        button: str,
        *,
        action_ts: str | None = None,
        request_url: str | None = None,
    ) -> Answer:
        """The person presses the button of that text. Raises LookupError. What the message says then is in the
        workspace: `current` finds it."""
        payload = self.press_payload(user, message, button, action_ts=action_ts)
        return await self.deliver(requests.as_interaction(payload), request_url=request_url)

    async def event(
        self, inner: Json, *, event_id: str | None = None, request_url: str | None = None
    ) -> Answer:
        """An event, repeated as Slack repeats it while the app does not answer with 2xx."""
        event_id = event_id or f"Ev{self.workspace.unique():08d}"
        outgoing = requests.as_event(requests.event(inner, event_id=event_id, at=self.workspace.clock()))
        answer = await self.deliver(outgoing, request_url=request_url)
        for number, delay in enumerate(self._retry_delays[:EVENT_RETRIES], 1):
            if answer.status < 300:
                break
            await asyncio.sleep(delay)
            reason = "http_timeout" if answer.status == 408 else "http_error"
            extra = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
            answer = await self.deliver(outgoing, request_url=request_url, extra=extra)
        return answer

    def command_form(
        self, user: str, text: str, channel: str = "C0GENERAL", *, trigger_id: str | None = None
    ) -> Json:
        url = self._response_urls.make(channel, user)
        return requests.command(
            self.workspace,
            user,
            text,
            channel,
            trigger_id=trigger_id or self._trigger(),
            response_url=f"{self.url}/response/{url}",
        )

    def press_payload(
        self, user: str, message: Message, button: str, *, action_ts: str | None = None
    ) -> Json:
        url = self._response_urls.make(message.channel, user, message)
        return requests.block_action(
            self.workspace,
            user,
            message,
            requests.button(message, button),
            action_ts=action_ts or f"{self.workspace.clock():.6f}{self.workspace.unique()}",
            trigger_id=self._trigger(),
            response_url=f"{self.url}/response/{url}",
        )

    def current(self, message: Message) -> Message | None:
        """What that message says by now; None when it was deleted."""
        return self.workspace.find(message.channel, message.ts)

    def signed(self, body: bytes, timestamp: int | None = None) -> dict[str, str]:
        at = int(self.workspace.clock()) if timestamp is None else timestamp
        return requests.signature(self.signing_secret, at, body)

    async def deliver(
        self,
        outgoing: Outgoing,
        *,
        request_url: str | None = None,
        extra: dict[str, str] | None = None,
    ) -> Answer:
        """One attempt, over the transport that is set. 408 when the app does not answer within 3 seconds."""
        began = asyncio.get_running_loop().time()
        if self.transport == "socket":
            answer = await self._sockets.deliver(outgoing, ANSWER_SECONDS)
        else:
            headers = self.signed(outgoing.body) | {"Content-Type": outgoing.content_type} | (extra or {})
            answer = await self.post(outgoing.body, headers, request_url=request_url)
        took = round((asyncio.get_running_loop().time() - began) * 1_000)
        self.deliveries.append(
            Delivery(outgoing.envelope, outgoing.payload, answer.status, took, self.workspace.clock())
        )
        return answer

    async def post(self, body: bytes, headers: dict[str, str], *, request_url: str | None = None) -> Answer:
        """Raw bytes to the app, for who wants to send them twice, or wrong."""
        if self._session is None:
            raise RuntimeError("the sandbox is not started")
        try:
            async with self._session.post(
                request_url or self.request_url,
                data=io.BytesIO(body),
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS),
            ) as response:
                return Answer(response.status, await response.read(), response.content_type)
        except TimeoutError:
            return Answer(408, b"")
        except aiohttp.ClientError:
            return Answer(503, b"")

    def _trigger(self) -> str:
        return f"{self.workspace.unique()}.{int(self.workspace.clock() * 1000)}.sandbox"

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fault = self.faults.draw(method)
        if self.faults.latency:
            await asyncio.sleep(self.faults.latency)
        given: Json = {}
        try:
            given = await arguments_of(request)
            token = given.pop("token", None)
            body = self._answered(method, token, given, fault)
        except Refused as refused:
            body = {"ok": False, "error": refused.error}
            if refused.messages:
                body["response_metadata"] = {"messages": refused.messages}
        outcome = fault.value if fault is not Fault.NONE else body.get("error", "ok")
        self.calls.append(Call(method, given, outcome, self.workspace.clock()))
        if fault is Fault.RATE_LIMITED:
            headers = {"Retry-After": str(self.faults.retry_after)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        if fault is Fault.ACCEPTED_THEN_CUT and request.transport:
            request.transport.abort()
        if fault in {Fault.REFUSED, Fault.ACCEPTED_THEN_500}:
            return web.json_response({"ok": False, "error": "internal_error"}, status=500)
        return web.json_response(body)

    def _answered(self, method: str, token: str | None, given: Json, fault: Fault) -> Json:
        if not token:
            raise Refused("not_authed")
        if method == "apps.connections.open":
            if token != self.app_token:
                raise Refused("invalid_auth")
            return {
                "ok": True,
                "url": f"ws{self.url.removeprefix('http')}/socket?ticket={self._sockets.ticket()}",
            }
        if token != self.bot_token and not (method == "auth.test" and token == self.app_token):
            raise Refused("invalid_auth")
        if method not in METHODS:
            raise Refused("unknown_method")
        if fault in {Fault.RATE_LIMITED, Fault.REFUSED}:
            return {"ok": False}
        if {block.get("type") for block in given.get("blocks") or ()} & self.faults.unknown_blocks:
            raise Refused("invalid_blocks", ["unsupported type"])
        return {"ok": True, **METHODS[method](self.workspace, given)}

    async def _response(self, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(self.faults.response_url_latency)
        given: Json = {}
        with contextlib.suppress(ValueError):
            given = json.loads(await request.text())
        status, body = self._response_urls.used(request.match_info["name"], given)
        self.calls.append(Call("response_url", given, body.get("error", "ok"), self.workspace.clock()))
        return web.json_response(body, status=status)
