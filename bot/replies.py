"""Answers after the ack: a message of ours is rewritten in its place, or something is said beside it."""

import logging
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.drawing import Drawing
from bot.slack_errors import FAILURES
from bot.views.blocks import Message, Told
from bot.views.notices import refusal

REPLY_SECONDS = 5
REPLACING: dict[str, Any] = {"replace_original": True}
BESIDE: dict[str, Any] = {"replace_original": False, "response_type": "ephemeral"}

log = logging.getLogger(__name__)


class Replies:
    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession, drawing: Drawing) -> None:
        self._client = client
        self._session = session
        self._drawing = drawing

    async def replace(self, response_url: str | None, told: Told, *, who: str, channel: str | None) -> None:
        """Puts `told` in the place of the message of that address; said anew where that can not be.

        What was done is committed before this: whatever happens here, /track shows it.
        """
        if not await self._rewritten(response_url, told):
            await self._say(told.message, who=who, channel=channel)

    async def figures(self, response_url: str | None, figures: Message) -> None:
        """A table and a chart beside an answer that says the same in words, which is enough where they are refused."""
        if not self._drawing.plain:
            await self._send(response_url, figures, BESIDE, newer=True)

    async def beside(
        self,
        response_url: str | None,
        message: Message,
        *,
        who: str,
        channel: str | None,
        thread: str | None = None,
    ) -> None:
        """Says something to that person alone, and leaves the message of that address as it is."""
        how = BESIDE | ({"thread_ts": thread} if thread else {})
        if not await self._send(response_url, message, how):
            await self._say(message, who=who, channel=channel, thread=thread)

    async def explain(
        self, response_url: str | None, sentence: str, *, who: str, channel: str | None
    ) -> None:
        await self.beside(response_url, refusal(sentence), who=who, channel=channel)

    async def _rewritten(self, response_url: str | None, told: Told) -> bool:
        return await self._drawn(response_url, told) or await self._send(
            response_url, told.message, REPLACING
        )

    async def _drawn(self, response_url: str | None, told: Told) -> bool:
        if told.drawn is None or self._drawing.plain:
            return False
        return await self._send(response_url, told.drawn, REPLACING, newer=True)

    async def _send(
        self, response_url: str | None, message: Message, how: dict[str, Any], *, newer: bool = False
    ) -> bool:
        if response_url is None:
            return False
        try:
            hook = AsyncWebhookClient(
                response_url, session=self._session, timeout=REPLY_SECONDS, retry_handlers=[]
            )
            answered = await hook.send_dict({**message} | how)
        except FAILURES as error:
            log.info("the response address failed: %s", type(error).__name__)
            return False
        if answered.status_code == 200:
            return True
        log.info("the response address answered %s", answered.status_code)
        if newer and "invalid_blocks" in answered.body:
            self._drawing.refused()
        return False

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
