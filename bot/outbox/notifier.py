"""Sends the messages of the outbox to Slack, each once.

chat.postMessage has no idempotency key. So each message carries its id in the metadata, nothing in this module repeats
a call, and after an attempt of unknown outcome the notifier searches the channel's history first.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.outbox.message_updates import MessageUpdates, fingerprint
from bot.outbox.message_views import UPLOADED, Rendered, render_message
from bot.slack.block_support import BlockSupport
from bot.slack.do_not_disturb import DoNotDisturb
from bot.slack.errors import FAILURES, read_refusal, read_response
from bot.slack.uploads import UNTIL_LOOK_UP as UNTIL_FILE_LOOK_UP
from bot.slack.uploads import Uploads
from bot.views import exports
from bot.views.message_refs import MessageRef
from domain.entries.exports import Export
from files.exports import name_ending, write_export
from services.outbox.delivery import (
    LiveMessageUpdate,
    OutgoingMessage,
    QuietTime,
    RateLimit,
    Rejection,
    Retry,
    SendOutcome,
    SentMessage,
    UpdateOutcome,
)

EVENT_TYPE = "truth_time_tracker"
_PERMANENT_ERRORS = {
    "cannot_dm_bot",
    "channel_not_found",
    "is_archived",
    "messages_tab_disabled",
    "missing_scope",
    "msg_too_long",
    "not_in_channel",
    "restricted_action",
    "user_disabled",
    "user_not_found",
}
_CLOCK_DIFFERENCE = timedelta(seconds=30)  # our clock and Slack's differ
UNTIL_LOOK_UP = timedelta(seconds=3)  # by then, a message that Slack accepted late is in the history
# The newest messages are searched whatever their time: if the database's clock is ahead of Slack's, a message that was
# just sent looks too old.
_NEWEST, _PAGE = 20, 100
_MOST_PAGES = 20


class SlackNotifier:
    """Sends and finds messages in Slack. The client must have no retry handlers: those of the SDK would send twice."""

    def __init__(
        self, client: AsyncWebClient, session: aiohttp.ClientSession, block_support: BlockSupport
    ) -> None:
        self._client = client
        self._updates = MessageUpdates(client, session, block_support)
        self._uploads = Uploads(client, session)
        self._do_not_disturb = DoNotDisturb(client)
        self._block_support = block_support

    async def send(self, message: OutgoingMessage, *, still_ours: Callable[[], bool]) -> SendOutcome:
        may_wait = message.may_wait
        if may_wait and (
            quiet_time := await self._do_not_disturb.find_time_left(message.channel, at=may_wait.start)
        ):
            return QuietTime(delay=min(quiet_time, may_wait.length))
        if isinstance(message.subject, UPLOADED):
            return await self._send_file(message, message.subject, still_ours)
        plain = self._block_support.plain
        message_ref = MessageRef(kind=message.kind, card_id=message.id, owner=message.owner)
        rendered = render_message(message.subject, message_ref, plain=plain)
        if not still_ours():
            return Retry(delay=timedelta(), why="the lease had ended", clearly=False)
        outcome = await self._post(message, rendered)
        if isinstance(outcome, Rejection) and outcome.why == "invalid_blocks" and not plain:
            self._block_support.record_refusal()
            return Retry(delay=timedelta(), why="newer blocks refused", clearly=True)
        return outcome

    async def update(self, update: LiveMessageUpdate, *, still_ours: Callable[[], bool]) -> UpdateOutcome:
        return await self._updates.update(update, still_ours=still_ours)

    async def find(self, message: OutgoingMessage, *, since: datetime) -> SendOutcome | None:
        try:
            channel = await self._open_conversation(message.channel)
            return await self._find_in_history(channel, _make_matcher(message), since - _CLOCK_DIFFERENCE)
        except SlackApiError as error:
            outcome = self._classify_error(error)
            # A failed search does not show whether the message was sent. Give up only if no search can ever succeed.
            if isinstance(outcome, Rejection | RateLimit):
                return outcome
            return Retry(delay=outcome.delay, why=f"look-up: {error.response.get('error')}", clearly=False)
        except FAILURES as error:
            return Retry(delay=timedelta(seconds=1), why=f"look-up: {type(error).__name__}", clearly=False)

    async def _send_file(
        self, message: OutgoingMessage, export: Export, still_ours: Callable[[], bool]
    ) -> SendOutcome:
        # In a thread, because a year of entries takes seconds of the processor.
        file = await asyncio.to_thread(write_export, export, message.id)
        if not still_ours():
            return Retry(delay=timedelta(), why="the lease had ended", clearly=True)
        try:
            return await self._uploads.send(
                file,
                title=exports.format_title(export),
                comment=exports.format_comment(export),
                channel=await self._open_conversation(message.channel),
                still_ours=still_ours,
            )
        except SlackApiError as error:
            return self._classify_error(error, again_after=UNTIL_FILE_LOOK_UP)
        except FAILURES as error:
            return Retry(delay=timedelta(seconds=1), why=type(error).__name__, clearly=True)

    async def _post(self, message: OutgoingMessage, rendered: Rendered) -> SendOutcome:
        try:
            response = await self._client.chat_postMessage(
                channel=message.channel,
                text=rendered["text"],
                blocks=rendered["blocks"],
                metadata={"event_type": EVENT_TYPE, "event_payload": {"id": str(message.id)}},
                link_names=False,
                parse="none",
                unfurl_links=False,
                unfurl_media=False,
            )
        except SlackApiError as error:
            return self._classify_error(error)
        except aiohttp.ClientConnectorError as error:
            return Retry(delay=timedelta(seconds=1), why=type(error).__name__, clearly=True)
        except FAILURES as error:
            return Retry(delay=UNTIL_LOOK_UP, why=type(error).__name__, clearly=False)
        return SentMessage(channel=response["channel"], ts=response["ts"], shown=fingerprint(rendered))

    def _classify_error(
        self, error: SlackApiError, *, again_after: timedelta = UNTIL_LOOK_UP
    ) -> Retry | RateLimit | Rejection:
        refusal = read_refusal(error, again_after=again_after)
        if not isinstance(refusal, str):
            return refusal
        if refusal in _PERMANENT_ERRORS or refusal == "invalid_blocks":
            return Rejection(why=refusal)
        return Retry(delay=timedelta(seconds=5), why=refusal, clearly=True)

    async def _open_conversation(self, channel: str) -> str:
        if not channel.startswith(("U", "W")):
            return channel
        try:
            opened = await self._client.conversations_open(users=channel)
        except SlackApiError as error:
            # Without the scope for this method, use the person's id, and let the next call decide.
            if read_response(error)[2] in {"missing_scope", "unknown_method"}:
                return channel
            raise
        found: dict[str, Any] = opened["channel"]
        return str(found["id"])

    async def _find_in_history(
        self, channel: str, is_match: Callable[[dict[str, Any]], bool], since: datetime
    ) -> SentMessage | None:
        cursor, limit = "", _NEWEST
        for _ in range(_MOST_PAGES):
            page = await self._client.conversations_history(
                channel=channel, include_all_metadata=True, limit=limit, cursor=cursor
            )
            for found_message in page["messages"]:
                if is_match(found_message):
                    return SentMessage(channel=channel, ts=found_message["ts"])
            cursor, limit = (page.get("response_metadata") or {}).get("next_cursor") or "", _PAGE
            if not cursor or float(page["messages"][-1]["ts"]) < since.timestamp():
                return None
        return None


def _make_matcher(message: OutgoingMessage) -> Callable[[dict[str, Any]], bool]:
    """Make a function that recognizes this message in a channel's history.

    It compares the metadata, or for a file, which has no metadata, the end of its name.
    """
    message_id = message.id
    if isinstance(message.subject, UPLOADED):
        ending = name_ending(message.subject.format, message_id)
        return lambda found_message: any(
            str(file.get("name")).endswith(ending) for file in found_message.get("files") or ()
        )
    return lambda found_message: (
        (found_message.get("metadata") or {}).get("event_payload", {}).get("id") == str(message_id)
    )
