"""Sending a file in three calls: Slack gives an address, takes the bytes there, and shows the file once that is
completed.

What fails before the last call is clearly not there. completeUploadExternal takes no metadata, so a file is known again
by the end of its name (files.exports).
"""

import asyncio
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.addresses import SlackAddresses
from bot.slack.errors import FAILURES
from files.exports import ExportFile
from services.outbox.delivery import Retry, SentMessage

UPLOAD_SECONDS = (
    8  # below the share of its lease that an attempt may take (services.outbox.outbox), with what follows
)
COMPLETE_SECONDS = 3
# Slack shows a file a while after it has taken it.
UNTIL_LOOK_UP = timedelta(seconds=10)


class Uploads:
    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self._client = client
        self._session = session
        self._addresses = SlackAddresses(client)

    async def send(
        self, file: ExportFile, *, title: str, comment: str, channel: str, still_ours: Callable[[], bool]
    ) -> SentMessage | Retry:
        """Try once to send the file. Raises SlackApiError where Slack refuses, which shows nothing to anybody."""
        try:
            async with asyncio.timeout(UPLOAD_SECONDS):
                file_id = await self._uploaded(file)
        except SlackApiError:
            raise
        except FAILURES as error:
            return Retry(delay=timedelta(seconds=1), why=f"upload: {type(error).__name__}", clearly=True)
        if not still_ours():
            return Retry(delay=timedelta(), why="the lease had ended", clearly=True)
        try:
            async with asyncio.timeout(COMPLETE_SECONDS):
                await self._client.files_completeUploadExternal(
                    files=[{"id": file_id, "title": title}], channel_id=channel, initial_comment=comment
                )
        except SlackApiError:
            raise
        except aiohttp.ClientConnectorError as error:
            return Retry(delay=timedelta(seconds=1), why=type(error).__name__, clearly=True)
        except FAILURES as error:
            return Retry(delay=UNTIL_LOOK_UP, why=type(error).__name__, clearly=False)
        return SentMessage(channel=channel, ts=None)

    async def _uploaded(self, file: ExportFile) -> str:
        ticket: Any = await self._client.files_getUploadURLExternal(
            filename=file.name, length=len(file.content)
        )
        if not self._addresses.is_file_url(str(ticket["upload_url"])):
            raise aiohttp.ClientPayloadError("the address to upload to is not Slack's")
        # The address is good for one upload: no token is sent there, and no redirect is followed.
        async with self._session.post(
            ticket["upload_url"], data=io.BytesIO(file.content), allow_redirects=False
        ) as answered:
            if answered.status != 200:
                raise aiohttp.ClientPayloadError(f"the upload was answered with {answered.status}")
        return str(ticket["file_id"])
