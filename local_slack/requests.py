"""What Slack sends to an app: commands, presses, submissions, shortcuts, events; built and signed as Slack does."""

import hmac
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from local_slack.forms import State, chosen, elements, state_of
from local_slack.views import View
from local_slack.workspace import APP_ID, BOT_USER, TEAM_DOMAIN, TEAM_ID, Channel, Message, Workspace

Json = dict[str, Any]
VERIFICATION_TOKEN = "local-slack-verification-token"  # noqa: S105 - Slack's deprecated field, never a secret here


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
    """The mention of who is called so: by handle, whole name or first name, in any case, as Slack's list of people
    after an `@` finds them while somebody types."""
    wanted = words.casefold()
    names = (
        (one, (one.handle, one.name.casefold(), one.name.split()[0].casefold()))
        for one in workspace.people.values()
    )
    return next((f"@{one.id}|{one.handle}" for one, spoken in names if wanted in spoken), None)


def _channel(workspace: Workspace, words: str) -> str | None:
    public = (one for one in workspace.channels.values() if not one.person)
    return next((f"#{one.id}|{one.name}" for one in public if one.name == words), None)


@dataclass(frozen=True, slots=True)
class Place:
    """What an interaction happened in: a message, or a view. `state` is what stands in its fields."""

    message: Message | None = None
    view: View | None = None
    state: State = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        if self.view:
            return self.view.blocks
        return list(self.message.as_json()["blocks"]) if self.message else []


def interaction(workspace: Workspace, kind: str, user: str, **more: object) -> Json:
    """What every interactive payload has."""
    person = workspace.people[user]
    return {
        "type": kind,
        "user": {"id": user, "username": person.handle, "name": person.handle, "team_id": person.team},
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
        **more,
    }


def block_action(
    workspace: Workspace,
    user: str,
    place: Place,
    action: Json,
    *,
    trigger_id: str,
    response_url: str | None,
) -> Json:
    return interaction(
        workspace,
        "block_actions",
        user,
        trigger_id=trigger_id,
        actions=[action],
        **_about(workspace, place),
        **({"response_url": response_url} if response_url else {}),
    )


def _about(workspace: Workspace, place: Place) -> Json:
    if place.view:
        return {
            "container": {"type": "view", "view_id": place.view.id},
            "view": place.view.as_json(),
        }
    message = place.message
    assert message is not None
    ephemeral, channel = message.ephemeral_for is not None, workspace.channels[message.channel]
    thread = {"thread_ts": message.thread_ts} if message.thread_ts else {}
    return {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": ephemeral,
            **thread,
        },
        "channel": _channel_named(channel),
        **({} if ephemeral else {"message": message.as_json()}),
        "state": {"values": place.state},
    }


def action(block: Json, element: Json, choice: object, *, action_ts: str) -> Json:
    """One entry of `actions`: what was pressed or chosen. Raises LookupError for an option that is not there."""
    made = {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "type": element["type"],
        "action_ts": action_ts,
    }
    if element["type"] == "button":
        return {"text": element["text"], **_given(element, "value"), **made}
    if element["type"] == "overflow":
        return {"selected_option": chosen(element, choice), **made}
    return {**state_of(element, choice), **made}


def _given(element: Json, name: str) -> Json:
    return {name: element[name]} if name in element else {}


def view_submission(workspace: Workspace, view: View, *, trigger_id: str) -> Json:
    return interaction(
        workspace,
        "view_submission",
        view.user,
        trigger_id=trigger_id,
        view=view.as_json(),
        response_urls=[],
    )


def view_closed(workspace: Workspace, view: View, *, cleared: bool) -> Json:
    return interaction(workspace, "view_closed", view.user, view=view.as_json(), is_cleared=cleared)


def shortcut(workspace: Workspace, user: str, callback_id: str, *, action_ts: str, trigger_id: str) -> Json:
    """A global one: it has no channel and no response_url."""
    return interaction(
        workspace, "shortcut", user, callback_id=callback_id, action_ts=action_ts, trigger_id=trigger_id
    )


def message_action(
    workspace: Workspace,
    user: str,
    message: Message,
    callback_id: str,
    *,
    action_ts: str,
    trigger_id: str,
    response_url: str,
) -> Json:
    return interaction(
        workspace,
        "message_action",
        user,
        callback_id=callback_id,
        action_ts=action_ts,
        trigger_id=trigger_id,
        response_url=response_url,
        message_ts=message.ts,
        message=message.as_json(),
        channel=_channel_named(workspace.channels[message.channel]),
    )


def block_suggestion(
    workspace: Workspace, user: str, place: Place, block: Json, element: Json, typed: str
) -> Json:
    return interaction(
        workspace,
        "block_suggestion",
        user,
        action_id=element["action_id"],
        block_id=block["block_id"],
        value=typed,
        **_about(workspace, place),
    )


def home_opened(workspace: Workspace, user: str, tab: str) -> Json:
    home = workspace.views.homes.get(user)
    return {
        "type": "app_home_opened",
        "user": user,
        "channel": workspace.dm(user),
        "tab": tab,
        "event_ts": f"{workspace.clock():.6f}",
        **({"view": home.as_json()} if home else {}),
    }


def direct_message(message: Message) -> Json:
    """What was said in direct messages, as the event tells it."""
    return {
        **message.as_json(),
        "channel": message.channel,
        "channel_type": "im",
        "event_ts": message.ts,
        **({"subtype": "file_share"} if message.files else {}),
    }


def _channel_named(channel: Channel) -> Json:
    return {"id": channel.id, "name": "directmessage" if channel.person else channel.name}


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


def pressable(place: Place, wanted: str, block_id: str | None = None) -> tuple[Json, Json]:
    """The block and element of that visible text, placeholder or action id. Raises LookupError."""
    found = [
        (block, element)
        for block, element in elements(place.blocks)
        if (block["type"] != "input" or block.get("dispatch_action"))
        and block_id in (None, block["block_id"])
    ]
    texts = [_words_of(element) for _, element in found]
    for names in (texts, [element["action_id"] for _, element in found]):
        if wanted in names:
            return found[names.index(wanted)]
    raise LookupError(f"no button {wanted!r}; there are {texts}")


def _words_of(element: Json) -> str:
    words = element.get("text") or element.get("placeholder") or {}
    return str(words.get("text", element["action_id"]))
