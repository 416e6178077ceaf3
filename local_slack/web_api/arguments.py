"""Reads the arguments of methods: channels, messages, content, pages. Each function raises Refused."""

from typing import Any, TypeVar

from local_slack.judge import blocks as judge
from local_slack.refusals import Refused
from local_slack.workspace import BOT_USER, Channel, Message, Workspace

Json = dict[str, Any]
Item = TypeVar("Item")
LONGEST_MESSAGE = 40_000  # characters
MOST_IN_A_PAGE = 999


def find_channel(workspace: Workspace, arguments: Json) -> Channel:
    channel = workspace.find_channel(str(arguments.get("channel", "")))
    if channel is None:
        raise Refused("channel_not_found")
    return channel


def find_own_message(workspace: Workspace, arguments: Json, *, missing: str, foreign: str) -> Message:
    message = workspace.find(find_channel(workspace, arguments).id, str(arguments.get("ts", "")))
    if message is None or message.ephemeral_for:
        raise Refused(missing)
    if message.user != BOT_USER:
        raise Refused(foreign)
    return message


def read_content(arguments: Json) -> tuple[str, tuple[Json, ...]]:
    text, blocks = str(arguments.get("text") or ""), arguments.get("blocks") or []
    if not text and not blocks:
        raise Refused("no_text")
    if len(text) > LONGEST_MESSAGE:
        raise Refused("msg_too_long")
    if found := judge.find_problems(blocks):
        raise Refused("invalid_blocks", found)
    return text, tuple(blocks)


def slice_page(found: list[Item], arguments: Json, *, otherwise: int) -> tuple[list[Item], bool, str]:
    """Return one page, whether more follow, and the cursor to the next page."""
    try:
        limit, skip = int(arguments.get("limit") or otherwise), int(arguments.get("cursor") or 0)
    except (TypeError, ValueError):
        raise Refused(
            "invalid_cursor" if str(arguments.get("limit") or 0).isdigit() else "invalid_limit"
        ) from None
    if limit < 1 or skip < 0:
        raise Refused("invalid_limit")
    end = skip + min(limit, MOST_IN_A_PAGE)
    return found[skip:end], end < len(found), str(end)


def is_true(value: object) -> bool:
    return value in (True, 1, "1", "true", "True")
