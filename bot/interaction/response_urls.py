"""Answers sent after the acknowledgment: they replace the bot's message or add one beside it."""

import asyncio
import logging
from enum import Enum, auto
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.addresses import NotSlack, ResponseUrls
from bot.slack.block_support import BlockSupport
from bot.slack.errors import FAILURES
from bot.views.blocks import Message, Response
from bot.views.notices import render_refusal

REPLY_SECONDS = 5
REPLACING: dict[str, Any] = {"replace_original": True}
BESIDE: dict[str, Any] = {"replace_original": False, "response_type": "ephemeral"}
# Seconds before each retry. They use at most three of a response URL's five uses (bot.outbox.message_updates).
AGAIN_AFTER = 0.5, 2.0

log = logging.getLogger(__name__)


class _Reply(Enum):
    """The result of a post to a response URL. After UNKNOWN it may have been shown: Slack's answer got lost."""

    SHOWN = auto()
    REFUSED = auto()
    UNKNOWN = auto()


class ResponseClient:
    def __init__(
        self, client: AsyncWebClient, session: aiohttp.ClientSession, block_support: BlockSupport
    ) -> None:
        self._client = client
        self._response_urls = ResponseUrls(client, session)
        self._block_support = block_support

    async def replace(
        self, response_url: str | None, response: Response, *, who: str, channel: str | None
    ) -> None:
        """Replace the message of the response URL, or post a new one if Slack refuses that.

        Replacing twice is harmless, posting twice is not: after a post of unknown outcome, only the replacement is
        repeated. The operation is committed before this: whatever happens here, /track shows it.
        """
        reply = await self._rewrite(response_url, response)
        for pause in AGAIN_AFTER:
            if reply is not _Reply.UNKNOWN:
                break
            await asyncio.sleep(pause)
            again = await self._rewrite(response_url, response)
            reply = again if again is _Reply.SHOWN else reply
        if reply is _Reply.REFUSED:
            await self._say(response.message, who=who, channel=channel)

    async def post_rich_message(self, response_url: str | None, response: Response) -> bool:
        """Post a command's answer with its table and chart to the response URL.

        Returns False if nothing was posted and the caller has to send the text version: there is no table or chart,
        this workspace does not take them, or Slack refused them. These blocks can not be in the acknowledgment, because
        Slack drops blocks that it refuses there without an error. After an attempt of unknown outcome the answer is
        posted again, at most twice: a report changes nothing, and a report shown twice is better than none.
        """
        if response_url is None or response.rich_message is None or self._block_support.plain:
            return False
        reply = await self._send(response_url, response.rich_message, BESIDE, newer=True)
        for pause in AGAIN_AFTER:
            if reply is not _Reply.UNKNOWN:
                break
            await asyncio.sleep(pause)
            reply = await self._send(response_url, response.rich_message, BESIDE, newer=True)
        if reply is _Reply.UNKNOWN:
            log.warning("whether a report reached its person is not known; they can ask again")
        return reply is not _Reply.REFUSED

    async def beside(
        self,
        response_url: str | None,
        message: Message,
        *,
        who: str,
        channel: str | None,
        thread: str | None = None,
    ) -> None:
        """Send a message that only this person sees, at most once, without changing the message of the response URL."""
        how = BESIDE | ({"thread_ts": thread} if thread else {})
        if await self._send(response_url, message, how) is _Reply.REFUSED:
            await self._say(message, who=who, channel=channel, thread=thread)

    async def explain(
        self, response_url: str | None, sentence: str, *, who: str, channel: str | None
    ) -> None:
        await self.beside(response_url, render_refusal(sentence), who=who, channel=channel)

    async def _rewrite(self, response_url: str | None, response: Response) -> _Reply:
        if response.rich_message and not self._block_support.plain:
            reply = await self._send(response_url, response.rich_message, REPLACING, newer=True)
            if reply is not _Reply.REFUSED:
                return reply
        return await self._send(response_url, response.message, REPLACING)

    async def _send(
        self, response_url: str | None, message: Message, how: dict[str, Any], *, newer: bool = False
    ) -> _Reply:
        if response_url is None:
            return _Reply.REFUSED
        try:
            answered = await self._response_urls.post(response_url, {**message} | how, seconds=REPLY_SECONDS)
        except NotSlack:
            log.warning("a response address that is not Slack's was not used")
            return _Reply.REFUSED
        except FAILURES as error:
            log.info("the response address failed: %s", type(error).__name__)
            unreached = isinstance(error, aiohttp.ClientConnectorError)
            return _Reply.REFUSED if unreached else _Reply.UNKNOWN
        if answered.status == 200:
            return _Reply.SHOWN
        log.info("the response address answered %s", answered.status)
        if newer and "invalid_blocks" in answered.body:
            self._block_support.record_refusal()
        return _Reply.UNKNOWN if answered.status >= 500 else _Reply.REFUSED

    async def _say(
        self, message: Message, *, who: str, channel: str | None, thread: str | None = None
    ) -> None:
        try:
            if channel:
                await self._client.chat_postEphemeral(channel=channel, user=who, thread_ts=thread, **message)
            else:
                await self._client.chat_postMessage(channel=who, **message)
        except FAILURES as error:
            log.warning("an answer did not reach its person: %s", type(error).__name__)
