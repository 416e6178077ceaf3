"""Rewrites live messages and Home tabs in Slack, unless they already show the current state."""

import hashlib
import json
import logging
from collections.abc import Callable
from datetime import timedelta

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.outbox.message_views import Rendered, render_message
from bot.slack.addresses import NotSlack, ResponseUrls
from bot.slack.block_support import BlockSupport
from bot.slack.errors import FAILURES, read_refusal, read_retry_after
from bot.views.message_refs import MessageRef
from services.outbox.delivery import (
    LiveMessageUpdate,
    LostMessage,
    RateLimit,
    Rejection,
    Retry,
    UpdatedMessage,
    UpdateOutcome,
)

AGAIN_AFTER = timedelta(seconds=5)
WRITE_SECONDS = 5.0
# A response URL may be used five times (Slack, "Handling user interaction"). One use answers the press and one is for a
# notice beside the message, so three are left for rewriting it.
MOST_USES = 3

log = logging.getLogger(__name__)


class MessageUpdates:
    """Rewrites live messages."""

    def __init__(
        self, client: AsyncWebClient, session: aiohttp.ClientSession, block_support: BlockSupport
    ) -> None:
        self._client = client
        self._response_urls = ResponseUrls(client, session)
        self._block_support = block_support

    async def update(self, update: LiveMessageUpdate, *, still_ours: Callable[[], bool]) -> UpdateOutcome:
        """Rewrite the live message once, if `still_ours` says right before the call that the lease holds."""
        live_message, plain = update.live_message, self._block_support.plain
        message_ref = MessageRef(
            kind=live_message.kind, card_id=live_message.id, owner=live_message.slack_user_id
        )
        rendered = render_message(update.subject, message_ref, plain=plain)
        shown = fingerprint(rendered)
        if shown == live_message.shown:
            return UpdatedMessage(shown=shown, called_slack=False)
        if live_message.response_url and live_message.uses >= MOST_USES:
            return LostMessage()
        if not still_ours():
            return Retry(delay=timedelta(), why="the lease had ended", clearly=True)
        try:
            outcome = await self._write(update, rendered)
        except SlackApiError as error:
            outcome = read_refusal(error, again_after=AGAIN_AFTER, method=live_message.method)
        except FAILURES as error:
            return Retry(delay=AGAIN_AFTER, why=type(error).__name__, clearly=False)
        if outcome == _INVALID and not plain:
            self._block_support.record_refusal()
            return Retry(delay=timedelta(), why=_INVALID, clearly=True)
        return UpdatedMessage(shown=shown) if outcome is None else _classify_outcome(outcome)

    async def _write(
        self, update: LiveMessageUpdate, rendered: Rendered
    ) -> "str | Retry | RateLimit | Rejection | None":
        """Write the message or view to Slack. Returns None after success, and Slack's error code if Slack refuses."""
        live_message = update.live_message
        if live_message.channel and live_message.ts:
            await self._client.chat_update(channel=live_message.channel, ts=live_message.ts, **rendered)
            return None
        if live_message.response_url is None:
            await self._client.views_publish(user_id=live_message.slack_user_id, view=dict(rendered))
            return None
        try:
            answered = await self._response_urls.post(
                live_message.response_url, {**rendered, "replace_original": True}, seconds=WRITE_SECONDS
            )
        except NotSlack:
            return "its response address is not Slack's"
        if answered.status == 200:
            return None
        if answered.status == 429:
            return RateLimit(
                delay=read_retry_after(answered.headers.get("Retry-After")), method=live_message.method
            )
        if answered.status >= 500:
            return Retry(delay=AGAIN_AFTER, why=f"status {answered.status}", clearly=False)
        return _INVALID if _INVALID in answered.body else f"status {answered.status}"


_INVALID = "invalid_blocks"


def fingerprint(rendered: Rendered) -> bytes:
    """Return a hash of a message or view; equal ones have equal hashes."""
    return hashlib.sha256(json.dumps(rendered, sort_keys=True).encode()).digest()


def _classify_outcome(outcome: "str | Retry | RateLimit | Rejection") -> UpdateOutcome:
    """Return the outcome of a failed attempt: after an error code from Slack, the message counts as lost."""
    if isinstance(outcome, str):
        log.info("a message can not be rewritten any more: %s", outcome)
        return LostMessage()
    return outcome
