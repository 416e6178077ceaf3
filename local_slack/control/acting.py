"""The writing half of the control interface: each POST request is one action of a person, or a change of the
workspace."""

import dataclasses
from typing import Any

from aiohttp import web

from local_slack.actions import WorkspaceActions
from local_slack.control.json_views import answer_response, view_json
from local_slack.faults import Faults
from local_slack.refusals import Refused
from local_slack.requests import commands, events
from local_slack.views import View
from local_slack.workspace import Message, Person

Json = dict[str, Any]


class ActingControl:
    """Answers the POST requests."""

    def __init__(self, actions: WorkspaceActions) -> None:
        self._actions = actions

    async def drop_file(self, request: web.Request) -> web.Response:
        """Drop a file: its bytes are the body; the query names person, channel and file."""
        body, workspace = request.query, self._actions.workspace
        user, place = workspace.people[body["user"]], workspace.channels[body["channel"]]
        content = await request.read()
        if not content or not body["name"]:
            return web.json_response({"error": "There is nothing in that file."}, status=400)
        message, answer = await self._actions.screens.drop(user.id, body["name"], content, channel=place.id)
        errors = [answer.failure] if answer and not answer.accepted else []
        return web.json_response({"ok": True, "ts": message.ts, "errors": errors})

    async def type_command(self, request: web.Request) -> web.Response:
        body = await request.json()
        answer = await self._actions.command(
            body["user"],
            body.get("text", ""),
            body.get("channel", "C0GENERAL"),
            trigger_id=body.get("trigger_id"),
            request_url=body.get("request_url"),
        )
        return answer_response(answer)

    async def post_message(self, request: web.Request) -> web.Response:
        """Post a message as a person. The app gets an event only for a direct message, as its manifest subscribes."""
        body = await request.json()
        workspace = self._actions.workspace
        user, place = workspace.people[body["user"]], workspace.channels[body["channel"]]
        text, thread = commands.escape_text(workspace, body["text"]), body.get("thread")
        posted = workspace.post(Message(place.id, "", user.id, text, thread_ts=thread))
        if place.person:
            await self._actions.event(events.direct_message(posted))
        return web.json_response({"ok": True, "ts": posted.ts})

    async def press_button(self, request: web.Request) -> web.Response:
        """Press a button. `choice` is the chosen option of a menu; `state` holds the values of the fields on the
        page."""
        body = await request.json()
        place = self._find_place(body)
        if place is None:
            return web.json_response({"error": "that message is gone"}, status=404)
        try:
            answer = await self._actions.press(
                body["user"],
                place,
                body["button"],
                choice=body.get("choice"),
                state=body.get("state"),
                block_id=body.get("block_id"),
                action_ts=body.get("action_ts"),
                request_url=body.get("request_url"),
            )
        except LookupError as error:
            return web.json_response({"error": str(error)}, status=404)
        return answer_response(answer)

    def _find_place(self, body: Json) -> Message | View | None:
        workspace = self._actions.workspace
        if "view" in body:
            return workspace.views.find(body["view"])
        return workspace.find(body["channel"], body["ts"])

    async def submit_modal(self, request: web.Request) -> web.Response:
        """Submit a modal. `values` are fields by their label; `state` instead is the whole state as the page has it."""
        body = await request.json()
        view = self._actions.workspace.views.find(body["view"])
        if view is None:
            return web.json_response({"error": "that modal is closed"}, status=404)
        try:
            answer = await self._actions.screens.submit(
                view, body.get("values"), state=body.get("state"), request_url=body.get("request_url")
            )
        except LookupError as error:
            return web.json_response({"error": str(error)}, status=404)
        return answer_response(answer)

    async def close_modal(self, request: web.Request) -> web.Response:
        body = await request.json()
        view = self._actions.workspace.views.find(body["view"])
        if view:
            await self._actions.screens.close(view, all_of_them=bool(body.get("all")))
        return web.json_response({"ok": True})

    async def load_options(self, request: web.Request) -> web.Response:
        body = await request.json()
        place = self._find_place(body)
        if place is None:
            return web.json_response({"error": "that view is gone"}, status=404)
        about = self._actions.make_place(place, body.get("state"))
        try:
            found = await self._actions.screens.options(
                body["user"],
                about,
                body["name"],
                body.get("value", ""),
                block_id=body.get("block_id"),
            )
        except LookupError as error:
            return web.json_response({"error": str(error)}, status=404)
        except Refused as refused:
            return web.json_response({"error": refused.error, "options": []})
        return web.json_response({"options": found})

    async def take_shortcut(self, request: web.Request) -> web.Response:
        """Take a shortcut: on the message with that `channel` and `ts`, or else a global one."""
        body = await request.json()
        screens = self._actions.screens
        if "ts" not in body:
            answer = await screens.global_shortcut(body["user"], body["callback_id"])
            return answer_response(answer, view=view_json(self._actions.workspace.views.top(body["user"])))
        message = self._actions.workspace.find(body["channel"], body["ts"])
        if message is None:
            return web.json_response({"error": "that message is gone"}, status=404)
        return answer_response(await screens.message_shortcut(body["user"], message, body["callback_id"]))

    async def open_home(self, request: web.Request) -> web.Response:
        body = await request.json()
        return web.json_response({"home": view_json(await self._actions.screens.open_home(body["user"]))})

    async def send_event(self, request: web.Request) -> web.Response:
        body = await request.json()
        return answer_response(await self._actions.event(body["event"], event_id=body.get("event_id")))

    async def set_faults(self, request: web.Request) -> web.Response:
        body = await request.json()
        for name in {"methods", "unknown_blocks"} & body.keys():
            body[name] = set(body[name])
        self._actions.faults = Faults(**body)
        return web.json_response({"ok": True})

    async def add_people(self, request: web.Request) -> web.Response:
        body = await request.json()
        for one in body if isinstance(body, list) else [body]:
            self._actions.workspace.add_person(Person(**one))
        return web.json_response({"ok": True})

    async def change_person(self, request: web.Request) -> web.Response:
        """Change the person with that `id`, and send the app the event."""
        body = await request.json()
        person = self._actions.workspace.people.get(str(body.pop("id", "")))
        if person is None:
            return web.json_response({"error": "no such person"}, status=404)
        return answer_response(await self._actions.change_person(dataclasses.replace(person, **body)))

    async def reset(self, _request: web.Request) -> web.Response:
        self._actions.calls.clear()
        self._actions.deliveries.clear()
        self._actions.faults = Faults()
        self._actions.workspace.clear()
        return web.json_response({"ok": True})
