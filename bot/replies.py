"""Rewriting the message whose button was pressed."""

import asyncio
import logging
from typing import Any

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.views.blocks import Message

REPLY_SECONDS = 5
# How much of Slack's three seconds a press may wait for its card, after the act's own 2.2 at the most.
WAIT_SECONDS = 0.5
FAILURES = (SlackClientError, aiohttp.ClientError, asyncio.TimeoutError, OSError)

log = logging.getLogger(__name__)


class Replies:
    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self._client = client
        self._session = session
        self._under_way: set[asyncio.Task[None]] = set()

    async def replace(self, body: dict[str, Any], answer: Message) -> None:
        """Puts `answer` in the place of the pressed message; said anew where it can not be rewritten.

        What was done is committed before this: whatever happens here, /track shows it. A slow Slack is not
        waited for, or the press itself would be answered too late.
        """
        task = asyncio.create_task(self._replace(body, answer))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        await asyncio.wait({task}, timeout=WAIT_SECONDS)

    async def close(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=REPLY_SECONDS)

    async def _replace(self, body: dict[str, Any], answer: Message) -> None:
        try:
            hook = AsyncWebhookClient(
                body["response_url"], session=self._session, timeout=REPLY_SECONDS, retry_handlers=[]
            )
            answered = await hook.send(**answer, replace_original=True)
            if answered.status_code == 200:
                return
            log.info("the response address answered %s", answered.status_code)
        except (KeyError, *FAILURES) as error:
            log.info("the response address failed: %s", type(error).__name__)
        await self._say_anew(body, answer)

    async def _say_anew(self, body: dict[str, Any], answer: Message) -> None:
        user, channel = body["user"]["id"], body.get("channel", {}).get("id")
        try:
            if channel:
                await self._client.chat_postEphemeral(channel=channel, user=user, **answer)
            else:
                await self._client.chat_postMessage(channel=user, **answer)
        except FAILURES as error:
            log.warning("an answer did not reach its person: %s", type(error).__name__)
