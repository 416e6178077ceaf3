"""The page, and the interface by which the page and tests of other processes act in the workspace.

Only for this machine: a website in the same browser must not be able to drive it, so requests that name another
host or come from another origin are refused.
"""

import asyncio
import contextlib
import dataclasses
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.answers import Answer
from sandbox.faults import Faults
from sandbox.workspace import BOT_NAME, BOT_USER, TEAM_NAME, Message, Person

if TYPE_CHECKING:
    from sandbox.server import Sandbox

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_PAGE = Path(__file__).parent / "page"
_LOCAL = {"127.0.0.1", "localhost"}
_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)


class Control:
    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", _file("index.html")),
            web.get("/page/style.css", _file("style.css")),
            web.get("/page/app.js", _file("app.js")),
            web.get("/page/blocks.js", _file("blocks.js")),
            web.get("/sandbox/state", _local(self._state)),
            web.get("/sandbox/stream", _local(self._stream)),
            web.get("/sandbox/calls", _local(self._calls)),
            web.get("/sandbox/messages", _local(self._messages)),
            web.post("/sandbox/command", _local(self._command)),
            web.post("/sandbox/press", _local(self._press)),
            web.post("/sandbox/faults", _local(self._faults)),
            web.post("/sandbox/people", _local(self._people)),
            web.post("/sandbox/reset", _local(self._reset)),
        ]

    async def _state(self, request: web.Request) -> web.Response:
        workspace = self._sandbox.workspace
        me = request.query.get("person", next(iter(workspace.people)))
        if me not in workspace.people:
            return web.json_response({"error": "no such person"}, status=404)
        channels = [channel for channel in workspace.channels.values() if channel.person in (None, me)]
        return web.json_response(
            {
                "team": TEAM_NAME,
                "me": me,
                "bot": {"id": BOT_USER, "name": BOT_NAME},
                "people": [dataclasses.asdict(person) for person in list(workspace.people.values())[:50]],
                "channels": [dataclasses.asdict(channel) for channel in channels],
                "messages": {
                    channel.id: [
                        _shown(message)
                        for message in workspace.messages(channel.id)
                        if message.ephemeral_for in (None, me)
                    ]
                    for channel in channels
                },
                "completions": [
                    {"usage": usage, "about": about} for usage, about in self._sandbox.completions
                ],
                "traffic": self._traffic(),
            }
        )

    def _traffic(self) -> list[Json]:
        deliveries = [
            {
                "to": "app",
                "what": one.kind,
                "detail": one.payload,
                "outcome": f"{one.status} in {one.milliseconds} ms",
                "at": one.at,
            }
            for one in list(self._sandbox.deliveries)[-60:]
        ]
        calls = [
            {"to": "slack", "what": one.method, "detail": one.arguments, "outcome": one.outcome, "at": one.at}
            for one in list(self._sandbox.calls)[-60:]
        ]
        return sorted(deliveries + calls, key=lambda one: float(str(one["at"])), reverse=True)[:80]

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: one whenever something changed, and a comment now and then to keep it open."""
        changed = asyncio.Event()
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        listeners = self._sandbox.workspace.changed
        listeners.append(changed.set)
        try:
            while request.transport and not request.transport.is_closing():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), 15)
                await response.write(b"data: changed\n\n" if changed.is_set() else b": still here\n\n")
                changed.clear()
                await asyncio.sleep(0.05)  # a burst is one event
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            listeners.remove(changed.set)
        return response

    async def _calls(self, request: web.Request) -> web.Response:
        since = int(request.query.get("from", "0"))
        return web.json_response([dataclasses.asdict(call) for call in list(self._sandbox.calls)[since:]])

    async def _messages(self, request: web.Request) -> web.Response:
        place = self._sandbox.workspace.place(request.query.get("channel", ""))
        if place is None:
            return web.json_response({"error": "no such channel"}, status=404)
        found = self._sandbox.workspace.messages(place.id)
        return web.json_response([{**_shown(message), "metadata": message.metadata} for message in found])

    async def _command(self, request: web.Request) -> web.Response:
        given = await request.json()
        answer = await self._sandbox.command(
            given["user"],
            given.get("text", ""),
            given.get("channel", "C0GENERAL"),
            trigger_id=given.get("trigger_id"),
            request_url=given.get("request_url"),
        )
        return _answered(answer)

    async def _press(self, request: web.Request) -> web.Response:
        given = await request.json()
        message = self._sandbox.workspace.find(given["channel"], given["ts"])
        if message is None:
            return web.json_response({"error": "that message is gone"}, status=404)
        try:
            answer = await self._sandbox.press(
                given["user"],
                message,
                given["button"],
                action_ts=given.get("action_ts"),
                request_url=given.get("request_url"),
            )
        except LookupError as error:
            return web.json_response({"error": str(error)}, status=404)
        return _answered(answer)

    async def _faults(self, request: web.Request) -> web.Response:
        given = await request.json()
        for name in {"methods", "unknown_blocks"} & given.keys():
            given[name] = set(given[name])
        self._sandbox.faults = Faults(**given)
        return web.json_response({"ok": True})

    async def _people(self, request: web.Request) -> web.Response:
        for one in await request.json():
            person = Person(
                one["id"], one["name"], one["tz"], one.get("locale", "en-US"), one.get("email", "")
            )
            self._sandbox.workspace.add_person(person)
        return web.json_response({"ok": True})

    async def _reset(self, _request: web.Request) -> web.Response:
        self._sandbox.workspace.clear()
        self._sandbox.calls.clear()
        self._sandbox.deliveries.clear()
        return web.json_response({"ok": True})


def _shown(message: Message) -> Json:
    return {
        "channel": message.channel,
        "ts": message.ts,
        "author": message.author,
        "text": message.text,
        "blocks": list(message.blocks),
        "ephemeral": message.ephemeral_for is not None,
        "edited": message.edited,
    }


def _answered(answer: Answer) -> web.Response:
    return web.json_response(
        {
            "status": answer.status,
            "body": answer.body.decode("utf-8", "replace"),
            "message": _shown(answer.message) if answer.message else None,
            "errors": list(answer.errors),
        }
    )


def _file(name: str) -> Handler:
    kinds = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}

    async def file(request: web.Request) -> web.StreamResponse:
        if not _is_local(request):
            return web.Response(status=403)
        path = _PAGE / name
        headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
        return web.Response(text=path.read_text("utf-8"), content_type=kinds[path.suffix], headers=headers)

    return file


def _local(handler: Handler) -> Handler:
    async def guarded(request: web.Request) -> web.StreamResponse:
        if not _is_local(request):
            return web.json_response({"error": "only for this machine's own page"}, status=403)
        try:
            return await handler(request)
        except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

    return guarded


def _is_local(request: web.Request) -> bool:
    origin = request.headers.get("Origin")
    return request.url.host in _LOCAL and origin in (None, f"http://{request.host}")
