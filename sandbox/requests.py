"""What Slack sends to an app: slash commands, button presses, events; built and signed as Slack does.

A modal's submission, a shortcut or an opened Home is one more function here and one more `as_…` call in the server.
"""

import hmac
import json
import re
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
        "text": escaped(workspace, text),
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


_WORD = re.compile(r"(?<!\S)(?:([@#])([\w.-]+(?: [A-Z]\w+)?)|(https?://[^\s<>|]+))")


def escaped(workspace: Workspace, text: str) -> str:
    """What `should_escape` does: entities, and people, channels and links in angle brackets."""

    def known(found: re.Match[str]) -> str:
        sign, name, link = found.groups()
        if link:
            return f"<{link}>"
        first = name.split(" ")[0]
        for words, left in ((name, ""), (first, name.removeprefix(first))):
            inside = _person(workspace, words) if sign == "@" else _channel(workspace, words)
            if inside:
                return f"<{inside}>{left}"
        return found.group()

    return _WORD.sub(known, text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def _person(workspace: Workspace, words: str) -> str | None:
    names = ((one, (one.handle, one.name)) for one in workspace.people.values())
    return next((f"@{one.id}|{one.handle}" for one, spoken in names if words in spoken), None)


def _channel(workspace: Workspace, words: str) -> str | None:
    public = (one for one in workspace.channels.values() if not one.person)
    return next((f"#{one.id}|{one.name}" for one in public if one.name == words), None)


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
        "channel": {"id": message.channel, "name": "directmessage" if place.person else place.name},
        **({} if ephemeral else {"message": message.as_json()}),
        "state": {"values": {}},
        "response_url": response_url,
        "actions": [
            {
                "action_id": element["action_id"],
                "block_id": element["block_id"],
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


def url_verification(challenge: str) -> Json:
    return {"token": VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}


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


def button(message: Message, wanted: str, block_id: str | None = None) -> Json:
    """The button of that visible text or action id. Raises LookupError naming the ones there are."""
    found = [
        {**element, "block_id": block["block_id"]}
        for block in message.as_json()["blocks"]
        for element in [*block.get("elements", []), block.get("accessory")]
        if isinstance(element, dict) and element.get("type") == "button"
        if block_id in (None, block["block_id"])
    ]
    texts = [element["text"]["text"] for element in found]
    for names in (texts, [element["action_id"] for element in found]):
        if wanted in names:
            return found[names.index(wanted)]
    raise LookupError(f"no button {wanted!r}; there are {texts}")
