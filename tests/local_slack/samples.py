"""Sample blocks and views, and readers of what the app was sent about them."""

import json
from typing import Any
from urllib.parse import parse_qs

from slack_sdk.web.async_client import AsyncWebClient

from local_slack.server import LocalSlack
from local_slack.views import View
from tests.local_slack.conftest import App

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def marked(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(text: str, **more: object) -> Json:
    return {"text": plain(text), "value": text.lower(), **more}


def button(text: str, **more: object) -> Json:
    return {"type": "button", "text": plain(text), "action_id": text.lower(), **more}


def menu(action: str, *options: str, **more: object) -> Json:
    return {"type": "overflow", "action_id": action, "options": [option(one) for one in options], **more}


def row(text: str, accessory: Json, **more: object) -> Json:
    return {"type": "section", "text": marked(text), "accessory": accessory, **more}


def input_block(label: str, element: Json, **more: object) -> Json:
    return {
        "type": "input",
        "block_id": label.lower(),
        "label": plain(label),
        "element": {"action_id": "value", **element},
        **more,
    }


def modal(*blocks: Json, **more: object) -> Json:
    return {
        "type": "modal",
        "callback_id": "edit",
        "title": plain("Edit"),
        "submit": plain("Save"),
        "blocks": list(blocks),
        **more,
    }


def home(*blocks: Json) -> Json:
    return {"type": "home", "blocks": list(blocks)}


def read_payload(app: App, index: int = -1) -> Json:
    fields = parse_qs(app.received[index][1].decode())
    return dict(json.loads(fields["payload"][0]))


def read_values(app: App, index: int = -1) -> Json:
    """Return the values of the fields by block id; each block has one field here."""
    held = read_payload(app, index)["view"]["state"]["values"]
    entries = {block: next(iter(inside.values())) for block, inside in held.items()}
    return {
        block: next(value for name, value in entry.items() if name != "type")
        for block, entry in entries.items()
    }


async def open_modal(local_slack: LocalSlack, client: AsyncWebClient, *blocks: Json, **more: object) -> View:
    trigger = local_slack.command_form("U0ADA", "x")["trigger_id"]
    await client.views_open(trigger_id=trigger, view=modal(*blocks, **more))
    view = local_slack.workspace.views.top("U0ADA")
    assert view is not None
    return view


async def push_modal(local_slack: LocalSlack, client: AsyncWebClient, *blocks: Json, **more: object) -> View:
    trigger = local_slack.command_form("U0ADA", "x")["trigger_id"]
    await client.views_push(trigger_id=trigger, view=modal(*blocks, **more))
    view = local_slack.workspace.views.top("U0ADA")
    assert view is not None
    return view
