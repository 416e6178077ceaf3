"""Sends a file in three calls: get an address, upload the bytes, and complete the upload, which shows the file.

If a call before the last one fails, the file is surely not shown. completeUploadExternal takes no metadata, so the end
of its name identifies the file (files.exports).
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

UPLOAD_SECONDS = 8  # less than the lease allows an attempt and what follows it (services.outbox.outbox)
COMPLETE_SECONDS = 3
# Slack lists a file some time after it has accepted it.
UNTIL_LOOK_UP = timedelta(seconds=10)


class Uploads:
    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self._client = client
        self._session = session
        self._addresses = SlackAddresses(client)

    async def send(
        self, file: ExportFile, *, title: str, comment: str, channel: str, still_ours: Callable[[], bool]
    ) -> SentMessage | Retry:
        """Try once to send the file. Raises SlackApiError if Slack refuses it; nobody sees the file then."""
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
        # The address alone permits one upload: no token is sent there, and no redirect is followed.
        async with self._session.post(
            ticket["upload_url"], data=io.BytesIO(file.content), allow_redirects=False
        ) as answered:
            if answered.status != 200:
                raise aiohttp.ClientPayloadError(f"the upload was answered with {answered.status}")
        return str(ticket["file_id"])
