"""Serves the Web API: reads arguments in all their forms, checks tokens, injects faults, records every call."""

import asyncio
import json
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from local_slack.faults import Fault, Faults
from local_slack.refusals import Refused
from local_slack.socket_mode import SocketMode
from local_slack.web_api.methods import METHODS
from local_slack.workspace import Workspace

Json = dict[str, Any]
REMEMBERED = 100_000
APP_TOKEN_METHODS = {"api.test", "auth.test"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Web API, without its token, and its outcome: "ok", an error or a fault."""

    method: str
    arguments: Json
    at: float
    outcome: str = "ok"


async def read_arguments(request: web.Request) -> Json:
    """Read arguments from query, form or JSON, as Slack does; structures in a form are JSON texts. Raises Refused."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            inside = json.loads(await request.text() or "{}")
        except (ValueError, RecursionError):
            raise Refused("invalid_json") from None
        if not isinstance(inside, dict):
            raise Refused("json_not_object")
        arguments |= inside
    elif request.can_read_body:
        arguments |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    for name, kind in (("blocks", list), ("files", list), ("metadata", dict), ("view", dict)):
        if isinstance(arguments.get(name), str):
            try:
                arguments[name] = json.loads(arguments[name]) if arguments[name] else None
            except ValueError:
                raise Refused(f"invalid_{name}_format") from None
        if arguments.get(name) is not None and not isinstance(arguments[name], kind):
            raise Refused(f"invalid_{name}_format")
    authorization = request.headers.get("Authorization", "")
    if authorization.startswith("Bearer "):
        arguments["token"] = authorization.removeprefix("Bearer ")
    return arguments


@dataclass
class WebApi:
    """Serves all methods. It reads `faults` at each call, so a test may change them at any time."""

    workspace: Workspace
    sockets: SocketMode
    bot_token: str
    app_token: str | None
    faults: Callable[[], Faults]
    base_url: Callable[[], str]

    def __post_init__(self) -> None:
        self.calls: deque[Call] = deque(maxlen=REMEMBERED)
        self.tally: Counter[tuple[str, str]] = Counter()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        method, faults = request.match_info["method"], self.faults()
        fault = faults.draw(method)
        if delay := faults.latency + faults.slow.get(method, 0.0):
            await asyncio.sleep(delay)
        arguments: Json = {}
        try:
            arguments = await read_arguments(request)
            if method in faults.refused:
                raise Refused(faults.refused[method])
            body = self._call(method, arguments, fault, faults.unknown_blocks)
        except Refused as refused:
            body = {"ok": False, "error": refused.error}
            if refused.messages:
                body["response_metadata"] = {"messages": refused.messages}
        arguments.pop("token", None)
        outcome = fault.value if fault is not Fault.NONE else str(body.get("error", "ok"))
        self.record(method, arguments, outcome)
        if fault is Fault.RATE_LIMITED:
            headers = {"Retry-After": str(faults.retry_after)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        if fault is Fault.ACCEPTED_THEN_CUT and request.transport:
            request.transport.abort()
        if fault in {Fault.REFUSED, Fault.ACCEPTED_THEN_500}:
            return web.json_response({"ok": False, "error": "internal_error"}, status=500)
        return web.json_response(body)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Take the bytes of a file at its upload address."""
        fault = self.faults().draw("upload")
        if self.faults().latency:
            await asyncio.sleep(self.faults().latency)
        content = await request.read()
        ticket, taken = request.match_info["ticket"], False
        if fault not in {Fault.RATE_LIMITED, Fault.REFUSED}:
            taken = self.workspace.files.put(ticket, content)
        outcome = fault.value if fault is not Fault.NONE else "ok" if taken else "refused"
        self.record("upload", {"length": len(content)}, outcome)
        if fault is Fault.ACCEPTED_THEN_CUT and request.transport:
            request.transport.abort()
        if fault is Fault.RATE_LIMITED:
            return web.Response(status=429, headers={"Retry-After": str(self.faults().retry_after)})
        if fault in {Fault.REFUSED, Fault.ACCEPTED_THEN_500}:
            return web.Response(status=500)
        return web.Response(text=f"OK - {len(content)}") if taken else web.Response(status=400)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Send a file to the bot. A request without its token is redirected to a sign-in page, as in Slack."""
        file = self.workspace.files.find(request.match_info["file"])
        if request.headers.get("Authorization") != f"Bearer {self.bot_token}":
            return web.Response(status=302, headers={"Location": f"{self.base_url()}/?signin"})
        if file is None:
            return web.Response(status=404)
        return web.Response(body=file.content, content_type=file.mimetype)

    def record(self, method: str, arguments: Json, outcome: str) -> None:
        self.calls.append(Call(method, arguments, self.workspace.clock(), outcome))
        self.tally[method, outcome] += 1
        self.workspace.notify()

    def _call(self, method: str, arguments: Json, fault: Fault, unknown_blocks: set[str]) -> Json:
        self._authorize(method, arguments.get("token"))
        if method == "apps.connections.open":
            address = self.base_url().replace("http", "ws", 1)
            return {"ok": True, "url": f"{address}/socket?ticket={self.sockets.make_ticket()}"}
        if method not in METHODS:
            raise Refused("unknown_method")
        if fault in {Fault.RATE_LIMITED, Fault.REFUSED}:
            return {"ok": False}
        blocks = arguments.get("blocks") or (arguments.get("view") or {}).get("blocks") or ()
        for index, block in enumerate(blocks):
            if isinstance(block, dict) and block.get("type") in unknown_blocks:
                said = f"unsupported type: {block['type']} [json-pointer:/blocks/{index}/type]"
                raise Refused("invalid_blocks", [said])
        return {"ok": True, **METHODS[method](self.workspace, arguments)}

    def _authorize(self, method: str, token: object) -> None:
        if not token and method == "api.test":
            return
        if not token:
            raise Refused("not_authed")
        of_the_app = self.app_token is not None and token == self.app_token
        if method == "apps.connections.open":
            if not of_the_app:
                raise Refused("not_allowed_token_type" if token == self.bot_token else "invalid_auth")
        elif token != self.bot_token and not (of_the_app and method in APP_TOKEN_METHODS):
            raise Refused("not_allowed_token_type" if of_the_app else "invalid_auth")
