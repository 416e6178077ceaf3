"""The reading half of the control interface: the workspace as one person sees it, a stream of changes, and the
traffic."""

import asyncio
import contextlib
import dataclasses
from itertools import islice
from typing import Any
from urllib.parse import quote

from aiohttp import web

from local_slack.actions import WorkspaceActions
from local_slack.control.json_views import message_json, view_json
from local_slack.workspace import BOT_NAME, BOT_USER, TEAM_NAME

Json = dict[str, Any]
MOST_PEOPLE, MOST_MESSAGES, MOST_TRAFFIC = 50, 200, 80  # how many the page gets at a time
QUIET_SECONDS, BURST_SECONDS = 15.0, 0.05


class ReadingControl:
    """Answers the GET requests."""

    def __init__(self, actions: WorkspaceActions) -> None:
        self._actions = actions

    async def show_state(self, request: web.Request) -> web.Response:
        workspace = self._actions.workspace
        me = request.query.get("person") or next(iter(workspace.people))
        if me not in workspace.people:
            return web.json_response({"error": "no such person"}, status=404)
        own = workspace.channels[workspace.dm(me)]
        channels = [*(one for one in workspace.channels.values() if not one.person), own]
        known = list(workspace.people.values())[:MOST_PEOPLE]
        people = known if workspace.people[me] in known else [*known, workspace.people[me]]
        return web.json_response(
            {
                "team": TEAM_NAME,
                "me": me,
                "now": workspace.clock(),
                "bot": {"id": BOT_USER, "name": BOT_NAME},
                "people": [dataclasses.asdict(person) for person in people],
                "channels": [dataclasses.asdict(channel) for channel in channels],
                "messages": {
                    channel.id: [
                        message_json(message)
                        for message in workspace.messages(channel.id)
                        if message.ephemeral_for in (None, me)
                    ][-MOST_MESSAGES:]
                    for channel in channels
                },
                "completions": [
                    {"usage": usage, "about": about} for usage, about in self._actions.completions
                ],
                "shortcuts": [dataclasses.asdict(one) for one in self._actions.shortcuts],
                "home": view_json(workspace.views.homes.get(me)),
                "modals": [view_json(one) for one in workspace.views.stacks.get(me, [])],
                "traffic": self._list_traffic(),
            }
        )

    def _list_traffic(self) -> list[Json]:
        deliveries = [
            {
                "to": "app",
                "what": one.kind,
                "about": _summarize(one.payload),
                "sent": one.payload,
                "answer": one.answer,
                "outcome": str(one.status),
                "good": one.status < 300,
                "milliseconds": one.milliseconds,
                "at": one.at,
            }
            for one in list(self._actions.deliveries)[-MOST_TRAFFIC:]
        ]
        calls = [
            {
                "to": "slack",
                "what": one.method,
                "about": str(one.arguments.get("channel") or one.arguments.get("user") or ""),
                "sent": one.arguments,
                "outcome": one.outcome,
                "good": one.outcome == "ok",
                "at": one.at,
            }
            for one in list(islice(reversed(self._actions.calls), MOST_TRAFFIC))
        ]
        newest_first = sorted(deliveries + calls, key=lambda one: float(str(one["at"])), reverse=True)
        return newest_first[:MOST_TRAFFIC]

    async def stream_changes(self, request: web.Request) -> web.StreamResponse:
        """Send a server-sent event after each change, and regular comments to keep the stream open."""
        changed = asyncio.Event()
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        listeners = self._actions.workspace.changed
        listeners.append(changed.set)
        try:
            while request.transport and not request.transport.is_closing():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), QUIET_SECONDS)
                await response.write(b"data: changed\n\n" if changed.is_set() else b": still here\n\n")
                changed.clear()
                await asyncio.sleep(BURST_SECONDS)  # so that a burst of changes becomes one event
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            listeners.remove(changed.set)
        return response

    async def list_calls(self, request: web.Request) -> web.Response:
        since = int(request.query.get("from", "0"))
        return web.json_response([dataclasses.asdict(call) for call in list(self._actions.calls)[since:]])

    async def list_messages(self, request: web.Request) -> web.Response:
        place = self._actions.workspace.find_channel(request.query.get("channel", ""))
        if place is None:
            return web.json_response({"error": "no such channel"}, status=404)
        found = self._actions.workspace.messages(place.id)
        more = [{"metadata": one.metadata, "ephemeral_for": one.ephemeral_for} for one in found]
        return web.json_response([message_json(one) | extra for one, extra in zip(found, more, strict=True)])

    async def download_file(self, request: web.Request) -> web.Response:
        """Send a file to the person who uses the page."""
        file = self._actions.workspace.files.find(request.match_info["file"])
        if file is None:
            return web.json_response({"error": "no such file"}, status=404)
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=file.content, content_type=file.mimetype, headers=headers)


def _summarize(payload: Json) -> str:
    """Return a few words by which a person recognizes the request."""
    if "command" in payload:
        return f"{payload['command']} {payload['text']}".strip()
    if payload.get("actions"):
        action = payload["actions"][0]
        return str(action.get("text", {}).get("text") or action["action_id"])
    if payload.get("view") or payload.get("callback_id"):
        return str(payload.get("callback_id") or payload["view"]["callback_id"])
    return str(payload.get("event", {}).get("type", ""))
