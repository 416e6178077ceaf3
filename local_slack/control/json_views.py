"""The JSON of messages, views and answers in the control interface."""

from typing import Any

from aiohttp import web

from local_slack.answers import Answer
from local_slack.forms import initial_state
from local_slack.views import View
from local_slack.workspace import Message

Json = dict[str, Any]


def message_json(message: Message) -> Json:
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
        "state": initial_state(message.as_json()["blocks"]),
    }


def view_json(view: View | None) -> Json | None:
    return view.as_json() | {"errors": view.errors} if view else None


def answer_response(answer: Answer, **more: object) -> web.Response:
    return web.json_response(
        {
            "status": answer.status,
            "body": answer.body.decode("utf-8", "replace"),
            "message": message_json(answer.message) if answer.message else None,
            "errors": list(answer.errors),
            **more,
        }
    )
