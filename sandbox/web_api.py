"""The methods of Slack's Web API that a bot like ours calls. One function a method, found in a table."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox import blocks as judge
from sandbox.workspace import (
    BOT_ID,
    BOT_NAME,
    BOT_USER,
    TEAM_DOMAIN,
    TEAM_ID,
    TEAM_NAME,
    Channel,
    Message,
    Person,
    Workspace,
)

Json = dict[str, Any]
LONGEST_MESSAGE = 40_000


@dataclass(frozen=True, slots=True)
class Call:
    """One call that was made to us, and what it was answered."""

    method: str
    arguments: Json
    outcome: str
    at: float


class Refused(Exception):
    """`{"ok": false, "error": …}`"""

    def __init__(self, error: str, messages: list[str] | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages


async def arguments_of(request: web.Request) -> Json:
    """From the query, a form or JSON alike, as Slack takes them; structures inside a form are JSON texts."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        given |= json.loads(await request.text() or "{}")
    elif request.can_read_body:
        given |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    for name in ("blocks", "metadata"):
        if isinstance(given.get(name), str):
            try:
                given[name] = json.loads(given[name])
            except ValueError:
                raise Refused(f"invalid_{name}") from None
    authorization = request.headers.get("Authorization", "")
    if authorization.startswith("Bearer "):
        given["token"] = authorization.removeprefix("Bearer ")
    return given


def auth_test(_workspace: Workspace, _given: Json) -> Json:
    return {
        "url": f"https://{TEAM_DOMAIN}.example.com/",
        "team": TEAM_NAME,
        "user": BOT_NAME,
        "team_id": TEAM_ID,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def post_message(workspace: Workspace, given: Json) -> Json:
    channel = _place(workspace, given)
    _check(given)
    stored = workspace.post(
        Message(
            channel=channel.id,
            ts="",
            author=BOT_USER,
            text=str(given.get("text", "")),
            blocks=tuple(given.get("blocks") or ()),
            metadata=given.get("metadata"),
            thread_ts=given.get("thread_ts"),
        )
    )
    return {"channel": channel.id, "ts": stored.ts, "message": stored.as_json()}


def post_ephemeral(workspace: Workspace, given: Json) -> Json:
    channel = _place(workspace, given)
    _check(given)
    if given.get("user") not in workspace.people:
        raise Refused("user_not_in_channel")
    stored = workspace.post(
        Message(
            channel=channel.id,
            ts="",
            author=BOT_USER,
            text=str(given.get("text", "")),
            blocks=tuple(given.get("blocks") or ()),
            ephemeral_for=given["user"],
        )
    )
    return {"message_ts": stored.ts}


def update(workspace: Workspace, given: Json) -> Json:
    message = _own_message(workspace, given)
    _check(given)
    workspace.rewrite(message, str(given.get("text", "")), tuple(given.get("blocks") or ()))
    return {"channel": message.channel, "ts": message.ts, "text": given.get("text", "")}


def delete(workspace: Workspace, given: Json) -> Json:
    message = _own_message(workspace, given)
    workspace.delete(message)
    return {"channel": message.channel, "ts": message.ts}


def open_conversation(workspace: Workspace, given: Json) -> Json:
    user = str(given.get("users", ""))
    if user not in workspace.people:
        raise Refused("user_not_found")
    return {"no_op": True, "already_open": True, "channel": {"id": workspace.dm(user)}}


def history(workspace: Workspace, given: Json) -> Json:
    """Newest first. Metadata only where it is asked for; nobody's ephemeral messages."""
    return _page(workspace, given, lambda message: message.thread_ts is None)


def replies(workspace: Workspace, given: Json) -> Json:
    thread = given.get("ts")
    return _page(workspace, given, lambda message: thread in {message.ts, message.thread_ts})


def conversation_info(workspace: Workspace, given: Json) -> Json:
    channel = _place(workspace, given)
    return {"channel": {"id": channel.id, "name": channel.name, "is_im": channel.person is not None}}


def user_info(workspace: Workspace, given: Json) -> Json:
    person = workspace.people.get(str(given.get("user", "")))
    if person is None:
        raise Refused("user_not_found")
    return {"user": user_object(person, locale=_truth(given.get("include_locale")))}


def lookup_by_email(workspace: Workspace, given: Json) -> Json:
    wanted = str(given.get("email", "")).lower()
    for person in workspace.people.values():
        if person.email.lower() == wanted:
            return {"user": user_object(person, locale=False)}
    raise Refused("users_not_found")


def list_users(workspace: Workspace, given: Json) -> Json:
    members = [
        user_object(person, locale=_truth(given.get("include_locale")))
        for person in workspace.people.values()
    ]
    return {"members": members}


METHODS: dict[str, Callable[[Workspace, Json], Json]] = {
    "api.test": lambda _workspace, _given: {},
    "auth.test": auth_test,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.postMessage": post_message,
    "chat.update": update,
    "conversations.history": history,
    "conversations.info": conversation_info,
    "conversations.open": open_conversation,
    "conversations.replies": replies,
    "users.info": user_info,
    "users.list": list_users,
    "users.lookupByEmail": lookup_by_email,
}


def user_object(person: Person, *, locale: bool) -> Json:
    name = {"real_name": person.name, "display_name": person.name.split()[0]}
    return {
        "id": person.id,
        "team_id": TEAM_ID,
        "name": person.handle,
        "real_name": person.name,
        "deleted": False,
        "tz": person.tz,
        "is_bot": False,
        "profile": {**name, "email": person.email, "team": TEAM_ID},
        **({"locale": person.locale} if locale else {}),
    }


def _place(workspace: Workspace, given: Json) -> Channel:
    channel = workspace.place(str(given.get("channel", "")))
    if channel is None:
        raise Refused("channel_not_found")
    return channel


def _own_message(workspace: Workspace, given: Json) -> Message:
    message = workspace.find(_place(workspace, given).id, str(given.get("ts", "")))
    if message is None or message.author != BOT_USER or message.ephemeral_for:
        raise Refused("message_not_found")
    return message


def _check(given: Json) -> None:
    if not given.get("text") and not given.get("blocks"):
        raise Refused("no_text")
    if len(str(given.get("text", ""))) > LONGEST_MESSAGE:
        raise Refused("msg_too_long")
    if given.get("blocks") and (found := judge.problems(given["blocks"])):
        raise Refused("invalid_blocks", found)


def _page(workspace: Workspace, given: Json, wanted: Callable[[Message], bool]) -> Json:
    channel = _place(workspace, given)
    oldest, latest = float(given.get("oldest") or 0), float(given.get("latest") or 1e12)
    limit, skip = min(int(given.get("limit") or 100), 1_000), int(given.get("cursor") or 0)
    found = [
        message
        for message in reversed(workspace.messages(channel.id))
        if not message.ephemeral_for and oldest < float(message.ts) <= latest and wanted(message)
    ]
    page = found[skip : skip + limit]
    with_metadata = _truth(given.get("include_all_metadata"))
    more = skip + limit < len(found)
    return {
        "messages": [
            message.as_json() | ({"metadata": message.metadata} if with_metadata and message.metadata else {})
            for message in page
        ],
        "has_more": more,
        "response_metadata": {"next_cursor": str(skip + limit) if more else ""},
    }


def _truth(value: object) -> bool:
    return value in (True, 1, "1", "true", "True")
