"""Speaking unasked: one intended message is one message, whatever Slack or the network do.

chat.postMessage has no idempotency key, so each message carries our id in its metadata, nothing here repeats a
call by itself, and after an attempt whose outcome is not known the channel's history is asked first.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.outbox.message_updates import Rewriting, fingerprint
from bot.slack.block_support import BlockSupport
from bot.slack.do_not_disturb import DoNotDisturb
from bot.slack.errors import FAILURES, refusal_of, response_of
from bot.slack.uploads import UNTIL_LOOK_UP as UNTIL_FILE_LOOK_UP
from bot.slack.uploads import Uploads
from bot.views import day, exports, imports, look_back, watch
from bot.views.blocks import Message
from bot.views.message_refs import MessageRef, Stands
from bot.views.notices import words
from bot.views.people import reminder
from bot.views.timer import shared_card, timer_card
from bot.views.week import week_card
from domain.entries.entries import TimerAnswer
from domain.entries.exports import Export
from domain.entries.forgotten_timers import StillOn
from domain.entries.imports import ImportPreview
from domain.outbox.live_messages import Refresh, RewriteOutcome
from domain.outbox.messages import (
    Later,
    Never,
    NotNow,
    Outcome,
    Parcel,
    ReminderContent,
    Sent,
    TextContent,
    Wait,
)
from domain.reports.reports import DayReport
from domain.reports.timesheets import WeekReport
from domain.reports.weekly import LookBack, TeamLookBack
from files.exports import ending, made

EVENT_TYPE = "truth_time_tracker"
_FOR_GOOD = {
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
_LOOK_BACK = timedelta(seconds=30)  # our clock and Slack's differ
UNTIL_LOOK_UP = timedelta(seconds=3)  # what Slack accepted late is in the history by then
# The newest are read whatever their time: a database whose clock is ahead of Slack's would not find what it just sent.
_NEWEST, _PAGE = 20, 100
_MOST_PAGES = 20


class SlackNotifier:
    """tracking's Notifier. The client must have no retry handlers: the SDK's own would send twice."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession, drawing: BlockSupport) -> None:
        self._client = client
        self._rewriting = Rewriting(client, session, drawing)
        self._uploads = Uploads(client, session)
        self._quiet = DoNotDisturb(client)
        self._drawing = drawing

    async def send(self, parcel: Parcel, *, still_ours: Callable[[], bool]) -> Outcome:
        may_wait = parcel.may_wait
        if may_wait and (quiet := await self._quiet.left(parcel.channel, at=may_wait.start)):
            return NotNow(delay=min(quiet, may_wait.length))
        if isinstance(parcel.content, Export):
            return await self._send_file(parcel, parcel.content, still_ours)
        plain = self._drawing.plain
        rendered = _rendered(parcel, plain=plain)
        if not still_ours():
            return Later(delay=timedelta(), why="the lease had ended", clearly=False)
        outcome = await self._post(parcel, rendered)
        if isinstance(outcome, Never) and outcome.why == "invalid_blocks" and not plain:
            self._drawing.refused()
            return Later(delay=timedelta(), why="newer blocks refused", clearly=True)
        return outcome

    async def rewrite(self, refresh: Refresh, *, still_ours: Callable[[], bool]) -> RewriteOutcome:
        return await self._rewriting.rewrite(refresh, still_ours=still_ours)

    async def find(self, parcel: Parcel, *, since: datetime) -> Outcome | None:
        try:
            channel = await self._conversation(parcel.channel)
            return await self._in_history(channel, _sign_of(parcel), since - _LOOK_BACK)
        except SlackApiError as error:
            outcome = self._refused(error)
            # A look-up that fails says nothing about the message; only one that never can ends it.
            if isinstance(outcome, Never | Wait):
                return outcome
            return Later(delay=outcome.delay, why=f"look-up: {error.response.get('error')}", clearly=False)
        except FAILURES as error:
            return Later(delay=timedelta(seconds=1), why=f"look-up: {type(error).__name__}", clearly=False)

    async def _send_file(self, parcel: Parcel, export: Export, still_ours: Callable[[], bool]) -> Outcome:
        # In a thread: a busy year takes the processor for seconds.
        file = await asyncio.to_thread(made, export, parcel.message_id)
        if not still_ours():
            return Later(delay=timedelta(), why="the lease had ended", clearly=True)
        try:
            return await self._uploads.send(
                file,
                title=exports.title(export),
                comment=exports.comment(export),
                channel=await self._conversation(parcel.channel),
                still_ours=still_ours,
            )
        except SlackApiError as error:
            return self._refused(error, again_after=UNTIL_FILE_LOOK_UP)
        except FAILURES as error:
            return Later(delay=timedelta(seconds=1), why=type(error).__name__, clearly=True)

    async def _post(self, parcel: Parcel, rendered: Message) -> Outcome:
        try:
            response = await self._client.chat_postMessage(
                channel=parcel.channel,
                text=rendered["text"],
                blocks=rendered["blocks"],
                metadata={"event_type": EVENT_TYPE, "event_payload": {"id": str(parcel.message_id)}},
                link_names=False,
                parse="none",
                unfurl_links=False,
                unfurl_media=False,
            )
        except SlackApiError as error:
            return self._refused(error)
        except aiohttp.ClientConnectorError as error:
            return Later(delay=timedelta(seconds=1), why=type(error).__name__, clearly=True)
        except FAILURES as error:
            return Later(delay=UNTIL_LOOK_UP, why=type(error).__name__, clearly=False)
        return Sent(channel=response["channel"], ts=response["ts"], shown=fingerprint(rendered))

    def _refused(
        self, error: SlackApiError, *, again_after: timedelta = UNTIL_LOOK_UP
    ) -> Later | Wait | Never:
        refusal = refusal_of(error, again_after=again_after)
        if not isinstance(refusal, str):
            return refusal
        if refusal in _FOR_GOOD or refusal == "invalid_blocks":
            return Never(why=refusal)
        return Later(delay=timedelta(seconds=5), why=refusal, clearly=True)

    async def _conversation(self, channel: str) -> str:
        if not channel.startswith(("U", "W")):
            return channel
        try:
            opened = await self._client.conversations_open(users=channel)
        except SlackApiError as error:
            # Without its scope the person's id is all there is to ask with; what Slack says to that decides.
            if response_of(error)[2] in {"missing_scope", "unknown_method"}:
                return channel
            raise
        found: dict[str, Any] = opened["channel"]
        return str(found["id"])

    async def _in_history(
        self, channel: str, ours: Callable[[dict[str, Any]], bool], since: datetime
    ) -> Sent | None:
        cursor, limit = "", _NEWEST
        for _ in range(_MOST_PAGES):
            page = await self._client.conversations_history(
                channel=channel, include_all_metadata=True, limit=limit, cursor=cursor
            )
            for one in page["messages"]:
                if ours(one):
                    return Sent(channel=channel, ts=one["ts"])
            cursor, limit = (page.get("response_metadata") or {}).get("next_cursor") or "", _PAGE
            if not cursor or float(page["messages"][-1]["ts"]) < since.timestamp():
                return None
        return None


def _sign_of(parcel: Parcel) -> Callable[[dict[str, Any]], bool]:
    """By what this message is known again: its metadata, or the name of its file, which can have none."""
    message_id = parcel.message_id
    if isinstance(parcel.content, Export):
        behind = ending(parcel.content.format, message_id)
        return lambda one: any(str(file.get("name")).endswith(behind) for file in one.get("files") or ())
    return lambda one: (one.get("metadata") or {}).get("event_payload", {}).get("id") == str(message_id)


def _rendered(parcel: Parcel, *, plain: bool) -> Message:
    card_id = parcel.message_id
    match parcel.content:
        case DayReport() as report:
            owner = report.person.slack_user_id
            message_ref = MessageRef(stands=Stands.DIGEST, card_id=card_id, owner=owner, day=report.day)
            return day.digest(report, message_ref, plain=plain)
        case WeekReport() as report:
            owner = report.viewer.slack_user_id
            message_ref = MessageRef(stands=Stands.WEEK, card_id=card_id, owner=owner, day=report.week)
            return week_card(report, message_ref, plain=plain)
        case TimerAnswer() as answer:
            owner = answer.person.slack_user_id
            if parcel.channel == owner:
                return timer_card(answer, MessageRef(stands=Stands.CARD, card_id=card_id, owner=owner))
            return shared_card(answer, MessageRef(stands=Stands.SHARED, card_id=card_id, owner=owner))
        case StillOn() as asked:
            return watch.question(
                asked, MessageRef(stands=Stands.CARD, card_id=card_id, owner=parcel.channel)
            )
        case LookBack() as week:
            owner, monday = week.period.person.slack_user_id, week.period.dates.first
            message_ref = MessageRef(stands=Stands.LOOK_BACK, card_id=card_id, owner=owner, day=monday)
            return look_back.look_back(week, message_ref, plain=plain)
        case TeamLookBack() as week:
            return look_back.team_look_back(week, plain=plain)
        case ReminderContent():
            return reminder(MessageRef(stands=Stands.CARD, card_id=card_id, owner=parcel.channel))
        case ImportPreview() as found:
            owner = found.person.slack_user_id
            return imports.preview(found, MessageRef(stands=Stands.CARD, card_id=card_id, owner=owner))
        case TextContent(text=text):
            return words(text)
        case Export():
            raise TypeError("a file is uploaded, not rendered")
