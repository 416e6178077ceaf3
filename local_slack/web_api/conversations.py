"""The methods of `conversations`: channels, their history and threads."""

from typing import Any

from local_slack.refusals import Refused
from local_slack.web_api.arguments import find_channel, is_true, slice_page
from local_slack.workspace import Channel, Message, Workspace

Json = dict[str, Any]


def open_conversation(workspace: Workspace, arguments: Json) -> Json:
    """Open the direct messages with one person; groups are refused."""
    if arguments.get("channel"):
        return {"channel": channel_object(find_channel(workspace, arguments))}
    users = str(arguments.get("users") or "").split(",")
    if any(user not in workspace.people for user in users):
        raise Refused("user_not_found")
    if len(users) > 1:
        raise Refused("not_enabled")
    channel = workspace.channels[workspace.dm(users[0])]
    return {"no_op": True, "already_open": True, "channel": channel_object(channel)}


def history(workspace: Workspace, arguments: Json) -> Json:
    """Return messages, newest first; metadata only on request, and never ephemeral messages."""
    messages = workspace.messages(find_channel(workspace, arguments).id)
    found = [one for one in reversed(messages) if one.thread_ts in (None, one.ts)]
    return page_of_messages(found, arguments)


def replies(workspace: Workspace, arguments: Json) -> Json:
    """Return a thread from its first message on."""
    thread = arguments.get("ts")
    messages = workspace.messages(find_channel(workspace, arguments).id)
    found = [one for one in messages if thread in (one.ts, one.thread_ts)]
    if not found:
        raise Refused("thread_not_found")
    return page_of_messages(found, arguments)


def conversation_info(workspace: Workspace, arguments: Json) -> Json:
    return {"channel": channel_object(find_channel(workspace, arguments))}


def channel_object(channel: Channel) -> Json:
    if channel.person:
        return {"id": channel.id, "is_im": True, "is_channel": False, "user": channel.person}
    return {"id": channel.id, "name": channel.name, "is_im": False, "is_channel": True, "is_member": True}


def page_of_messages(messages: list[Message], arguments: Json) -> Json:
    oldest, latest = _read_timestamp(arguments, "oldest", 0), _read_timestamp(arguments, "latest", 10**17)
    inclusive = is_true(arguments.get("inclusive"))
    found = []
    for one in messages:
        at = _microseconds(one.ts)
        if not one.ephemeral_for and (oldest < at < latest or (inclusive and at in (oldest, latest))):
            found.append(one)
    page, more, cursor = slice_page(found, arguments, otherwise=100)
    with_metadata = is_true(arguments.get("include_all_metadata"))
    return {
        "messages": [
            one.as_json() | ({"metadata": one.metadata} if with_metadata and one.metadata else {})
            for one in page
        ],
        "has_more": more,
        "response_metadata": {"next_cursor": cursor if more else ""},
    }


def _read_timestamp(arguments: Json, name: str, otherwise: int) -> int:
    try:
        return _microseconds(str(arguments[name])) if arguments.get(name) else otherwise
    except ValueError:
        raise Refused(f"invalid_ts_{name}") from None


def _microseconds(ts: str) -> int:
    """Return the timestamp in whole microseconds, because a float would round its last digits."""
    seconds, _, rest = ts.partition(".")
    return int(seconds) * 1_000_000 + int(rest[:6].ljust(6, "0"))
