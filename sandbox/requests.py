"""What Slack sends to an app: slash commands, button presses, events; built and signed as Slack does."""

import hmac
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sandbox.workspace import (
    APP_ID,
    BOT_USER,
    TEAM_DOMAIN,
    TEAM_ID,
    Message,
    Workspace,
)

Json = dict[str, Any]
VERIFICATION_TOKEN = "sandbox-verification-token"  # noqa: S105 - Slack's deprecated field, never a secret here


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One delivery. `envelope` is Socket Mode's name for its kind, `payload` its dict there."""

    envelope: str
    payload: Json
    body: bytes
    content_type: str


def command(
    workspace: Workspace, user: str, text: str, channel: str, *, trigger_id: str, response_url: str
) -> Json:
    person, place = workspace.people[user], workspace.channels[channel]
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel,
        "channel_name": "directmessage" if place.person else place.name,
        "user_id": user,
        "user_name": person.handle,
        "command": "/track",
        "text": text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def block_action(
    workspace: Workspace,
    user: str,
    message: Message,
    element: Json,
    *,
    action_ts: str,
    trigger_id: str,
    response_url: str,
) -> Json:
    person, place = workspace.people[user], workspace.channels[message.channel]
    ephemeral = message.ephemeral_for is not None
    return {
        "type": "block_actions",
        "user": {"id": user, "username": person.handle, "name": person.handle, "team_id": TEAM_ID},
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": ephemeral,
        },
        "trigger_id": trigger_id,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": message.channel, "name": place.name},
        **({} if ephemeral else {"message": message.as_json()}),
        "state": {"values": {}},
        "response_url": response_url,
        "actions": [
            {
                "action_id": element["action_id"],
                "block_id": element.get("block_id", "b"),
                "text": element["text"],
                **({"value": element["value"]} if "value" in element else {}),
                "type": "button",
                "action_ts": action_ts,
            }
        ],
    }


def event(inner: Json, *, event_id: str, at: float) -> Json:
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "api_app_id": APP_ID,
        "event": inner,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(at),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
    }


def as_form(payload: Json) -> Outgoing:
    body = urlencode(payload).encode()
    return Outgoing("slash_commands", payload, body, "application/x-www-form-urlencoded")


def as_interaction(payload: Json) -> Outgoing:
    body = urlencode({"payload": json.dumps(payload)}).encode()
    return Outgoing("interactive", payload, body, "application/x-www-form-urlencoded")


def as_event(payload: Json) -> Outgoing:
    return Outgoing("events_api", payload, json.dumps(payload).encode(), "application/json")


def signature(secret: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The two headers of Slack's "Verifying requests from Slack"."""
    signed = f"v0:{timestamp}:".encode() + body
    digest = hmac.digest(secret.encode(), signed, "sha256").hex()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}


def button(message: Message, wanted: str) -> Json:
    """The button of that visible text or action id. Raises LookupError naming the ones there are."""
    found = [
        {**element, "block_id": block.get("block_id", f"b{index}")}
        for index, block in enumerate(message.blocks)
        for element in [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
        if isinstance(element, dict) and element.get("type") == "button"
    ]
    for element in found:
        if wanted in (element["text"]["text"], element["action_id"]):
            return element
    raise LookupError(f"no button {wanted!r}; there are {[element['text']['text'] for element in found]}")
