"""The interface by which the page, and tests of other processes, act in the workspace. JSON in, JSON out."""

import asyncio
import contextlib
import dataclasses
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from aiohttp import web

from local_slack import requests
from local_slack.answers import Answer
from local_slack.faults import Faults
from local_slack.forms import first_state
from local_slack.page import local
from local_slack.refusals import Refused
from local_slack.views import View
from local_slack.workspace import BOT_NAME, BOT_USER, TEAM_NAME, Message, Person

if TYPE_CHECKING:
    from local_slack.server import LocalSlack

Json = dict[str, Any]
MOST_PEOPLE, MOST_MESSAGES, MOST_TRAFFIC = 50, 200, 80  # what the page is sent at a time
QUIET_SECONDS, BURST_SECONDS = 15.0, 0.05


class Control:
    def __init__(self, local_slack: "LocalSlack") -> None:
        self._local_slack = local_slack

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/local-slack/state", local(self._state)),
            web.get("/local-slack/stream", local(self._stream)),
            web.get("/local-slack/calls", local(self._calls)),
            web.get("/local-slack/messages", local(self._messages)),
            web.get("/local-slack/file/{file}", local(self._file)),
            web.post("/local-slack/drop", local(self._drop)),
            web.post("/local-slack/command", local(self._command)),
            web.post("/local-slack/say", local(self._say)),
            web.post("/local-slack/press", local(self._press)),
            web.post("/local-slack/submit", local(self._submit)),
            web.post("/local-slack/close", local(self._close)),
            web.post("/local-slack/options", local(self._options)),
            web.post("/local-slack/shortcut", local(self._shortcut)),
            web.post("/local-slack/home", local(self._home)),
            web.post("/local-slack/event", local(self._event)),
            web.post("/local-slack/faults", local(self._faults)),
            web.post("/local-slack/people", local(self._people)),
            web.post("/local-slack/change", local(self._change)),
            web.post("/local-slack/reset", local(self._reset)),
        ]

    async def _state(self, request: web.Request) -> web.Response:
        workspace = self._local_slack.workspace
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
                        _shown(message)
                        for message in workspace.messages(channel.id)
                        if message.ephemeral_for in (None, me)
                    ][-MOST_MESSAGES:]
                    for channel in channels
                },
                "completions": [
                    {"usage": usage, "about": about} for usage, about in self._local_slack.completions
                ],
                "shortcuts": [dataclasses.asdict(one) for one in self._local_slack.shortcuts],
                "home": _view(workspace.views.homes.get(me)),
                "modals": [_view(one) for one in workspace.views.stacks.get(me, [])],
                "traffic": self._traffic(),
            }
        )

    def _traffic(self) -> list[Json]:
        deliveries = [
            {
                "to": "app",
                "what": one.kind,
                "about": _gist(one.payload),
                "sent": one.payload,
                "answer": one.answer,
                "outcome": str(one.status),
                "good": one.status < 300,
                "milliseconds": one.milliseconds,
                "at": one.at,
            }
            for one in list(self._local_slack.deliveries)[-MOST_TRAFFIC:]
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
            for one in list(islice(reversed(self._local_slack.calls), MOST_TRAFFIC))
        ]
        newest_first = sorted(deliveries + calls, key=lambda one: float(str(one["at"])), reverse=True)
        return newest_first[:MOST_TRAFFIC]

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: one whenever something changed, and a comment now and then to keep it open."""
        changed = asyncio.Event()
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        listeners = self._local_slack.workspace.changed
        listeners.append(changed.set)
        try:
            while request.transport and not request.transport.is_closing():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), QUIET_SECONDS)
                await response.write(b"data: changed\n\n" if changed.is_set() else b": still here\n\n")
                changed.clear()
                await asyncio.sleep(BURST_SECONDS)  # a burst is one event
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            listeners.remove(changed.set)
        return response

    async def _calls(self, request: web.Request) -> web.Response:
        since = int(request.query.get("from", "0"))
        return web.json_response([dataclasses.asdict(call) for call in list(self._local_slack.calls)[since:]])

    async def _messages(self, request: web.Request) -> web.Response:
        place = self._local_slack.workspace.place(request.query.get("channel", ""))
        if place is None:
            return web.json_response({"error": "no such channel"}, status=404)
        found = self._local_slack.workspace.messages(place.id)
        more = [{"metadata": one.metadata, "ephemeral_for": one.ephemeral_for} for one in found]
        return web.json_response([_shown(one) | extra for one, extra in zip(found, more, strict=True)])

    async def _file(self, request: web.Request) -> web.Response:
        """A file for the person before the page, who is signed in."""
        file = self._local_slack.workspace.files.find(request.match_info["file"])
        if file is None:
            return web.json_response({"error": "no such file"}, status=404)
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(body=file.content, content_type=file.mimetype, headers=headers)

    async def _drop(self, request: web.Request) -> web.Response:
        """The body is the file's bytes; who drops it where, and what it is called, stands in the query."""
        given, workspace = request.query, self._local_slack.workspace
        user, place = workspace.people[given["user"]], workspace.channels[given["channel"]]
        content = await request.read()
        if not content or not given["name"]:
            return web.json_response({"error": "There is nothing in that file."}, status=400)
        message, answer = await self._local_slack.screens.drop(
            user.id, given["name"], content, channel=place.id
        )
        errors = [answer.failure] if answer and not answer.taken else []
        return web.json_response({"ok": True, "ts": message.ts, "errors": errors})

    async def _command(self, request: web.Request) -> web.Response:
        given = await request.json()
        answer = await self._local_slack.command(
            given["user"],
            given.get("text", ""),
            given.get("channel", "C0GENERAL"),
            trigger_id=given.get("trigger_id"),
            request_url=given.get("request_url"),
        )
        return _answered(answer)

    async def _say(self, request: web.Request) -> web.Response:
        """A message of a person's own. The app has subscribed to direct messages alone."""
        given = await request.json()
        workspace = self._local_slack.workspace
        user, place = workspace.people[given["user"]], workspace.channels[given["channel"]]
        text, thread = requests.escaped(workspace, given["text"]), given.get("thread")
        posted = workspace.post(Message(place.id, "", user.id, text, thread_ts=thread))
        if place.person:
            await self._local_slack.event(requests.direct_message(posted))
        return web.json_response({"ok": True, "ts": posted.ts})

    async def _press(self, request: web.Request) -> web.Response:
        """`choice` is what was chosen in a menu; `state` are the fields of the view as the page has them."""
        given = await request.json()
        place = self._place(given)
        if place is None:
            return web.json_response({"error": "that message is gone"}, status=404)
        try:
            answer = await self._local_slack.press(
                given["user"],
                place,
                given["button"],
                choice=given.get("choice"),
                state=given.get("state"),
                block_id=given.get("block_id"),
                action_ts=given.get("action_ts"),
                request_url=given.get("request_url"),
            )
        except LookupError as error:
            return web.json_response({"error": str(error)}, status=404)
        return _answered(answer)

    def _place(self, given: Json) -> Message | View | None:
        workspace = self._local_slack.workspace
        if "view" in given:
            return workspace.views.find(given["view"])
        return workspace.find(given["channel"], given["ts"])

    async def _submit(self, request: web.Request) -> web.Response:
        """`values` name fields by their label, or `state` is the whole state as the page has it."""
        given = await request.json()
        view = self._local_slack.workspace.views.find(given["view"])
        if view is None:
            return web.json_response({"error": "that modal is closed"}, status=404)
        try:
            answer = await self._local_slack.screens.submit(
                view, given.get("values"), state=given.get("state"), request_url=given.get("request_url")
            )
        except LookupError as error:
            return web.json_response({"error": str(error)}, status=404)
        return _answered(answer)

    async def _close(self, request: web.Request) -> web.Response:
        given = await request.json()
        view = self._local_slack.workspace.views.find(given["view"])
        if view:
            await self._local_slack.screens.close(view, all_of_them=bool(given.get("all")))
        return web.json_response({"ok": True})

    async def _options(self, request: web.Request) -> web.Response:
        given = await request.json()
        place = self._place(given)
        if place is None:
            return web.json_response({"error": "that view is gone"}, status=404)
        about = self._local_slack.place_of(place, given.get("state"))
        try:
            found = await self._local_slack.screens.options(
                given["user"],
                about,
                given["name"],
                given.get("value", ""),
                block_id=given.get("block_id"),
            )
        except LookupError as error:
            return web.json_response({"error": str(error)}, status=404)
        except Refused as refused:
            return web.json_response({"error": refused.error, "options": []})
        return web.json_response({"options": found})

    async def _shortcut(self, request: web.Request) -> web.Response:
        """On a message where `channel` and `ts` name one, else the global one."""
        given = await request.json()
        screens = self._local_slack.screens
        if "ts" not in given:
            answer = await screens.global_shortcut(given["user"], given["callback_id"])
            return _answered(answer, view=_view(self._local_slack.workspace.views.top(given["user"])))
        message = self._local_slack.workspace.find(given["channel"], given["ts"])
        if message is None:
            return web.json_response({"error": "that message is gone"}, status=404)
        return _answered(await screens.message_shortcut(given["user"], message, given["callback_id"]))

    async def _home(self, request: web.Request) -> web.Response:
        given = await request.json()
        return web.json_response({"home": _view(await self._local_slack.screens.open_home(given["user"]))})

    async def _event(self, request: web.Request) -> web.Response:
        given = await request.json()
        return _answered(await self._local_slack.event(given["event"], event_id=given.get("event_id")))

    async def _faults(self, request: web.Request) -> web.Response:
        given = await request.json()
        for name in {"methods", "unknown_blocks"} & given.keys():
            given[name] = set(given[name])
        self._local_slack.faults = Faults(**given)
        return web.json_response({"ok": True})

    async def _people(self, request: web.Request) -> web.Response:
        given = await request.json()
        for one in given if isinstance(given, list) else [given]:
            self._local_slack.workspace.add_person(Person(**one))
        return web.json_response({"ok": True})

    async def _change(self, request: web.Request) -> web.Response:
        """`id` and what is different about that person now; the app is sent the event."""
        given = await request.json()
        person = self._local_slack.workspace.people.get(str(given.pop("id", "")))
        if person is None:
            return web.json_response({"error": "no such person"}, status=404)
        return _answered(await self._local_slack.change_person(dataclasses.replace(person, **given)))

    async def _reset(self, _request: web.Request) -> web.Response:
        self._local_slack.calls.clear()
        self._local_slack.deliveries.clear()
        self._local_slack.faults = Faults()
        self._local_slack.workspace.clear()
        return web.json_response({"ok": True})


def _gist(payload: Json) -> str:
    """The few words by which a person knows a request again."""
    if "command" in payload:
        return f"{payload['command']} {payload['text']}".strip()
    if payload.get("actions"):
        action = payload["actions"][0]
        return str(action.get("text", {}).get("text") or action["action_id"])
    if payload.get("view") or payload.get("callback_id"):
        return str(payload.get("callback_id") or payload["view"]["callback_id"])
    return str(payload.get("event", {}).get("type", ""))


def _shown(message: Message) -> Json:
    return {
        "channel": message.channel,
        "ts": message.ts,
        "user": message.user,
        "text": message.text,
        "blocks": list(message.blocks),
        "ephemeral": message.ephemeral_for is not None,
        "edited": message.edited,
        "thread": message.thread_ts,
        "files": [file.as_json() for file in message.files],
        "state": first_state(message.as_json()["blocks"]),
    }


def _view(view: View | None) -> Json | None:
    return view.as_json() | {"errors": view.errors} if view else None


def _answered(answer: Answer, **more: object) -> web.Response:
    return web.json_response(
        {
            "status": answer.status,
            "body": answer.body.decode("utf-8", "replace"),
            "message": _shown(answer.message) if answer.message else None,
            "errors": list(answer.errors),
            **more,
        }
    )
