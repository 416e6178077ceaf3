"""Download a file that a person drops into the direct messages, and offer to import it."""

from typing import Any

from bot.interaction.context import BotContext
from bot.slack.downloads import NOT_HANDED_OVER, TOO_LARGE
from bot.slack.json_shapes import is_word
from domain.entries.imports import LARGEST_FILE
from domain.errors import NotFound, PersonUnknown, Refusal
from domain.history.operations import OperationRequest
from domain.text import sanitize_text

Payload = dict[str, Any]
MOST_FILES = 5  # in one message
LONGEST_NAME = 200


async def offer_dropped_files(context: BotContext, body: Payload) -> None:
    """Offer to import the files of a direct message.

    Raises errors that the person can not fix, so that Slack sends the event again.
    """
    event = body["event"]
    who, files = event.get("user"), event.get("files")
    ours = event.get("bot_id") or who in {one.get("user_id") for one in body.get("authorizations") or ()}
    if event.get("channel_type") != "im" or ours or not isinstance(who, str) or not isinstance(files, list):
        return
    for file in files[:MOST_FILES]:
        if isinstance(file, dict) and is_word(file.get("id")):
            request = context.request("file", f"{event.get('channel')}:{event.get('ts')}:{file['id']}", who)
            try:
                await _offer(context, request, file)
            except PersonUnknown:
                try:
                    await context.introduce(who)
                except NotFound:
                    return  # a bot, or a person who is no longer a member
                await _offer(context, request, file)


async def _offer(context: BotContext, request: OperationRequest, file: Payload) -> None:
    name = " ".join(sanitize_text(str(file.get("name") or "the file")).split())[:LONGEST_NAME]
    try:
        content = await _fetch(context, file, name)
    except Refusal as refusal:
        await context.services.imports.decline(request, refusal.sentence)
        return
    await context.services.imports.offer(request, name=name, content=content)


async def _fetch(context: BotContext, file: Payload, name: str) -> bytes:
    size, url = file.get("size"), file.get("url_private_download") or file.get("url_private")
    if isinstance(size, int) and size > LARGEST_FILE:
        raise Refusal(TOO_LARGE.format(name=name))
    if not isinstance(url, str):
        raise Refusal(NOT_HANDED_OVER.format(name=name))
    return await context.downloads.fetch(url, name=name)
