"""The methods of Slack's Web API that a bot like ours calls. One function a method, found in a table."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from local_slack import blocks as judge
from local_slack import views
from local_slack.files import LARGEST
from local_slack.refusals import Refused
from local_slack.workspace import (
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
Item = TypeVar("Item")
Method = Callable[[Workspace, Json], Json]
LONGEST_MESSAGE = 40_000
MOST_IN_A_PAGE = 999


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
    text, blocks = _checked(given)
    metadata, thread = given.get("metadata"), given.get("thread_ts")
    message = Message(channel.id, "", BOT_USER, text, blocks, metadata=metadata, thread_ts=thread)
    stored = workspace.post(message)
    return {"channel": channel.id, "ts": stored.ts, "message": stored.as_json()}


def post_ephemeral(workspace: Workspace, given: Json) -> Json:
    channel = _place(workspace, given)
    text, blocks = _checked(given)
    if given.get("user") not in workspace.people:
        raise Refused("user_not_in_channel")
    alone, thread = given["user"], given.get("thread_ts")
    stored = workspace.post(
        Message(channel.id, "", BOT_USER, text, blocks, ephemeral_for=alone, thread_ts=thread)
    )
    return {"message_ts": stored.ts}


def permalink(workspace: Workspace, given: Json) -> Json:
    channel = _place(workspace, given)
    message = workspace.find(channel.id, str(given.get("message_ts", "")))
    if message is None or message.ephemeral_for:
        raise Refused("message_not_found")
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
    name = message.ts.replace(".", "")
    link = f"https://{TEAM_DOMAIN}.example.com/archives/{channel.id}/p{name}{thread}"
    return {"channel": channel.id, "permalink": link}


def update(workspace: Workspace, given: Json) -> Json:
    """Blocks stay when neither text nor blocks are given; text alone takes their place."""
    message = _own_message(workspace, given, missing="message_not_found", foreign="cant_update_message")
    if given.get("text") is None and given.get("blocks") is None:
        if not given.get("metadata"):
            raise Refused("no_text")
        text, blocks = message.text, message.blocks
    else:
        text, blocks = _checked(given)
    changed = workspace.rewrite(message, text, blocks, metadata=given.get("metadata"))
    return {"channel": changed.channel, "ts": changed.ts, "text": changed.text, "message": changed.as_json()}


def delete(workspace: Workspace, given: Json) -> Json:
    message = _own_message(workspace, given, missing="message_not_found", foreign="cant_delete_message")
    workspace.delete(message)
    return {"channel": message.channel, "ts": message.ts}


def open_conversation(workspace: Workspace, given: Json) -> Json:
    """The direct messages with one person; the bot knows no groups."""
    if given.get("channel"):
        return {"channel": _channel_object(_place(workspace, given))}
    users = str(given.get("users") or "").split(",")
    if any(user not in workspace.people for user in users):
        raise Refused("user_not_found")
    if len(users) > 1:
        raise Refused("not_enabled")
    channel = workspace.channels[workspace.dm(users[0])]
    return {"no_op": True, "already_open": True, "channel": _channel_object(channel)}


def history(workspace: Workspace, given: Json) -> Json:
    """Newest first. Metadata only where it is asked for; nobody's ephemeral messages."""
    messages = workspace.messages(_place(workspace, given).id)
    found = [one for one in reversed(messages) if one.thread_ts in (None, one.ts)]
    return _page(found, given)


def replies(workspace: Workspace, given: Json) -> Json:
    """A thread from its first message on."""
    thread = given.get("ts")
    messages = workspace.messages(_place(workspace, given).id)
    found = [one for one in messages if thread in (one.ts, one.thread_ts)]
    if not found:
        raise Refused("thread_not_found")
    return _page(found, given)


def conversation_info(workspace: Workspace, given: Json) -> Json:
    return {"channel": _channel_object(_place(workspace, given))}


def user_info(workspace: Workspace, given: Json) -> Json:
    person = workspace.people.get(str(given.get("user", "")))
    if person is None:
        raise Refused("user_not_found")
    return {"user": user_object(workspace, person, locale=_truth(given.get("include_locale")))}


def lookup_by_email(workspace: Workspace, given: Json) -> Json:
    wanted = str(given.get("email", "")).lower()
    for person in workspace.people.values():
        if wanted and person.email.lower() == wanted and not person.deleted:
            return {"user": user_object(workspace, person, locale=False)}
    raise Refused("users_not_found")


def dnd_info(workspace: Workspace, given: Json) -> Json:
    """Of another person than the bot Slack says nothing of a snooze but the end that it gives to their quiet time."""
    person = workspace.people.get(str(given.get("user", "")))
    if person is None:
        raise Refused("user_not_found")
    begin, end = person.quiet
    return {"dnd_enabled": bool(end), "next_dnd_start_ts": int(begin), "next_dnd_end_ts": int(end)}


def list_users(workspace: Workspace, given: Json) -> Json:
    locale = _truth(given.get("include_locale"))
    people, more, cursor = _slice(list(workspace.people.values()), given, otherwise=MOST_IN_A_PAGE)
    members = [user_object(workspace, person, locale=locale) for person in people]
    return {"members": members, "response_metadata": {"next_cursor": cursor if more else ""}}


def upload_address(workspace: Workspace, given: Json) -> Json:
    name, length = str(given.get("filename") or ""), str(given.get("length") or "")
    if not name or not (length.isascii() and length.isdigit()) or int(length) == 0:
        raise Refused("invalid_arguments")
    if int(length) > LARGEST:
        raise Refused("file_upload_size_restricted")
    file_id, address = workspace.files.ask(name, int(length), user=BOT_USER)
    return {"file_id": file_id, "upload_url": address}


def complete_upload(workspace: Workspace, given: Json) -> Json:
    """Shows the files in a message; Slack does not say in which one."""
    asked = given.get("files") or []
    if not asked or not all(isinstance(one, dict) and one.get("id") for one in asked):
        raise Refused("invalid_arguments")
    channel = workspace.channels.get(str(given.get("channel_id", "")))  # no people's ids here
    if channel is None:
        raise Refused("channel_not_found")
    files = tuple(workspace.files.share(str(one["id"]), one.get("title")) for one in asked)
    text = str(given.get("initial_comment") or "")
    workspace.post(Message(channel.id, "", BOT_USER, text, files=files))
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


METHODS: dict[str, Method] = {
    "api.test": lambda _workspace, _given: {},
    "auth.test": auth_test,
    "chat.delete": delete,
    "chat.getPermalink": permalink,
    "chat.postEphemeral": post_ephemeral,
    "chat.postMessage": post_message,
    "chat.update": update,
    "conversations.history": history,
    "conversations.info": conversation_info,
    "conversations.open": open_conversation,
    "conversations.replies": replies,
    "files.completeUploadExternal": complete_upload,
    "files.getUploadURLExternal": upload_address,
    "dnd.info": dnd_info,
    "users.info": user_info,
    "users.list": list_users,
    "users.lookupByEmail": lookup_by_email,
    "views.open": views.open_view,
    "views.publish": views.publish_view,
    "views.push": views.push_view,
    "views.update": views.update_view,
}


def user_object(workspace: Workspace, person: Person, *, locale: bool) -> Json:
    """Slack's "User object" (docs.slack.dev/reference/objects/user-object). Of somebody deactivated only the names are
    left: no zone, no flags."""
    names = {"real_name": person.name, "display_name": person.name.split()[0]}
    return {
        "id": person.id,
        "team_id": person.team,
        "name": person.handle,
        "real_name": person.name,
        "deleted": person.deleted,
        "is_bot": person.bot,
        "is_app_user": False,
        "profile": {**names, "email": person.email, "team": person.team},
        **({} if person.deleted else _of_the_living(workspace, person)),
        **({"locale": person.locale} if locale else {}),
    }


def _of_the_living(workspace: Workspace, person: Person) -> Json:
    organization = {"id": person.id, "enterprise_id": "E0LOCAL", "teams": list(person.enterprise_teams)}
    return {
        **_zone(workspace, person),
        "is_admin": person.admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.guest or person.single_channel,
        "is_ultra_restricted": person.single_channel,
        **({"is_stranger": True} if person.team != TEAM_ID and not person.enterprise_teams else {}),
        **({"enterprise_user": organization} if person.enterprise_teams else {}),
    }


def _zone(workspace: Workspace, person: Person) -> Json:
    try:
        zone = ZoneInfo(person.tz or "")
    except (KeyError, ValueError, OSError):  # none, or a name that Slack has and this machine has not
        offset = {} if person.offset is None else {"tz_offset": person.offset}
        return {"tz": person.tz, "tz_label": None, **offset}
    here = datetime.fromtimestamp(workspace.clock(), UTC).astimezone(zone)
    offset_now = here.utcoffset()
    seconds = int(offset_now.total_seconds()) if offset_now else 0
    return {"tz": person.tz, "tz_label": here.tzname(), "tz_offset": seconds}


def _channel_object(channel: Channel) -> Json:
    if channel.person:
        return {"id": channel.id, "is_im": True, "is_channel": False, "user": channel.person}
    return {"id": channel.id, "name": channel.name, "is_im": False, "is_channel": True, "is_member": True}


def _place(workspace: Workspace, given: Json) -> Channel:
    channel = workspace.place(str(given.get("channel", "")))
    if channel is None:
        raise Refused("channel_not_found")
    return channel


def _own_message(workspace: Workspace, given: Json, *, missing: str, foreign: str) -> Message:
    message = workspace.find(_place(workspace, given).id, str(given.get("ts", "")))
    if message is None or message.ephemeral_for:
        raise Refused(missing)
    if message.user != BOT_USER:
        raise Refused(foreign)
    return message


def _checked(given: Json) -> tuple[str, tuple[Json, ...]]:
    text, blocks = str(given.get("text") or ""), given.get("blocks") or []
    if not text and not blocks:
        raise Refused("no_text")
    if len(text) > LONGEST_MESSAGE:
        raise Refused("msg_too_long")
    if found := judge.problems(blocks):
        raise Refused("invalid_blocks", found)
    return text, tuple(blocks)


def _page(messages: list[Message], given: Json) -> Json:
    oldest, latest = _instant(given, "oldest", 0), _instant(given, "latest", 10**17)
    inclusive = _truth(given.get("inclusive"))
    found = []
    for one in messages:
        at = _microseconds(one.ts)
        if not one.ephemeral_for and (oldest < at < latest or (inclusive and at in (oldest, latest))):
            found.append(one)
    page, more, cursor = _slice(found, given, otherwise=100)
    with_metadata = _truth(given.get("include_all_metadata"))
    return {
        "messages": [
            one.as_json() | ({"metadata": one.metadata} if with_metadata and one.metadata else {})
            for one in page
        ],
        "has_more": more,
        "response_metadata": {"next_cursor": cursor if more else ""},
    }


def _slice(found: list[Item], given: Json, *, otherwise: int) -> tuple[list[Item], bool, str]:
    """One page, whether more follow, and the cursor to them."""
    try:
        limit, skip = int(given.get("limit") or otherwise), int(given.get("cursor") or 0)
    except (TypeError, ValueError):
        raise Refused(
            "invalid_cursor" if str(given.get("limit") or 0).isdigit() else "invalid_limit"
        ) from None
    if limit < 1 or skip < 0:
        raise Refused("invalid_limit")
    end = skip + min(limit, MOST_IN_A_PAGE)
    return found[skip:end], end < len(found), str(end)


def _instant(given: Json, name: str, otherwise: int) -> int:
    try:
        return _microseconds(str(given[name])) if given.get(name) else otherwise
    except ValueError:
        raise Refused(f"invalid_ts_{name}") from None


def _microseconds(ts: str) -> int:
    """Whole numbers, because a float would round the last digits of a timestamp."""
    seconds, _, rest = ts.partition(".")
    return int(seconds) * 1_000_000 + int(rest[:6].ljust(6, "0"))


def _truth(value: object) -> bool:
    return value in (True, 1, "1", "true", "True")
