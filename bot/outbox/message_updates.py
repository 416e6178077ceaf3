"""Rewriting what stands in Slack: Home tabs, digests, cards. A place that says so already is left alone."""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.addresses import NotSlack, ResponseUrls
from bot.slack.block_support import BlockSupport
from bot.slack.errors import FAILURES, asked_to_wait, refusal_of
from bot.views.day import digest, whole_day
from bot.views.home import home_tab
from bot.views.message_refs import MessageRef, Stands
from bot.views.timer import shared_card, timer_card
from bot.views.watch import question
from bot.views.week import week_card
from domain.entries.entries import TimerAnswer
from domain.entries.forgotten_timers import StillOn
from domain.outbox.live_messages import Gone, LiveMessage, Refresh, RewriteOutcome, Rewritten
from domain.outbox.messages import Later, Never, Wait
from domain.reports.home_tab import Home
from domain.reports.reports import DayReport
from domain.reports.timesheets import WeekReport

AGAIN_AFTER = timedelta(seconds=5)
WRITE_SECONDS = 5.0
# Of the five uses of a response address (Slack, "Handling user interaction") one is the press's own, and one is kept
# for what must be said beside it; the rest are for changes from elsewhere.
MOST_USES = 3

log = logging.getLogger(__name__)


class Rewriting:
    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession, drawing: BlockSupport) -> None:
        self._client = client
        self._response_urls = ResponseUrls(client, session)
        self._drawing = drawing

    async def rewrite(self, refresh: Refresh, *, still_ours: Callable[[], bool]) -> RewriteOutcome:
        live_message, plain = refresh.live_message, self._drawing.plain
        said = _said(refresh, plain=plain)
        shown = fingerprint(said)
        if shown == live_message.shown:
            return Rewritten(shown=shown, asked=False)
        if live_message.response_url and live_message.uses >= MOST_USES:
            return Gone()
        if not still_ours():
            return Later(delay=timedelta(), why="the lease had ended", clearly=True)
        try:
            outcome = await self._write(live_message, said)
        except SlackApiError as error:
            outcome = refusal_of(error, again_after=AGAIN_AFTER, method=live_message.method)
        except FAILURES as error:
            return Later(delay=AGAIN_AFTER, why=type(error).__name__, clearly=False)
        if outcome == _INVALID and not plain:
            self._drawing.refused()
            return Later(delay=timedelta(), why=_INVALID, clearly=True)
        return Rewritten(shown=shown) if outcome is None else _ended(outcome)

    async def _write(
        self, live_message: LiveMessage, said: dict[str, Any]
    ) -> "str | Later | Wait | Never | None":
        """None once it is done; Slack's word for it where it is refused."""
        if live_message.channel and live_message.ts:
            await self._client.chat_update(channel=live_message.channel, ts=live_message.ts, **said)
            return None
        if live_message.response_url is None:
            await self._client.views_publish(user_id=live_message.slack_user_id, view=said)
            return None
        try:
            answered = await self._response_urls.post(
                live_message.response_url, {**said, "replace_original": True}, seconds=WRITE_SECONDS
            )
        except NotSlack:
            return "its response address is not Slack's"
        if answered.status == 200:
            return None
        if answered.status == 429:
            return Wait(delay=asked_to_wait(answered.headers.get("Retry-After")), method=live_message.method)
        if answered.status >= 500:
            return Later(delay=AGAIN_AFTER, why=f"status {answered.status}", clearly=False)
        return _INVALID if _INVALID in answered.body else f"status {answered.status}"


_INVALID = "invalid_blocks"


def fingerprint(said: Mapping[str, Any]) -> bytes:
    """Tells whether a message or a view says the same as another one."""
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).digest()


def _ended(outcome: "str | Later | Wait | Never") -> RewriteOutcome:
    if isinstance(outcome, str):
        log.info("a message can not be rewritten any more: %s", outcome)
        return Gone()
    return outcome


def _said(refresh: Refresh, *, plain: bool) -> dict[str, Any]:
    live_message = refresh.live_message
    match refresh.content:
        case Home() as home:
            return home_tab(home)
        case DayReport() as report:
            stands = Stands.DIGEST if live_message.channel else Stands.DAY
            message_ref = MessageRef(
                stands=stands, card_id=live_message.id, owner=live_message.slack_user_id, day=report.day
            )
            if live_message.channel:
                return {**digest(report, message_ref, plain=plain)}
            return {**whole_day(report, message_ref, plain=plain)}
        case WeekReport() as report:
            message_ref = MessageRef(
                stands=Stands.WEEK, card_id=live_message.id, owner=live_message.slack_user_id, day=report.week
            )
            return {**week_card(report, message_ref, plain=plain)}
        case StillOn() as asked:
            message_ref = MessageRef(
                stands=Stands.CARD, card_id=live_message.id, owner=live_message.slack_user_id
            )
            return {**question(asked, message_ref)}
        case TimerAnswer() as answer:
            shared = live_message.channel and not live_message.channel.startswith("D")
            stands = Stands.SHARED if shared else Stands.CARD
            message_ref = MessageRef(stands=stands, card_id=live_message.id, owner=live_message.slack_user_id)
            return {**(shared_card(answer, message_ref) if shared else timer_card(answer, message_ref))}
