"""Downloads dropped files. It sends the bot's token, so it uses Slack's own addresses only."""

import asyncio

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.addresses import SlackAddresses
from domain.entries.imports import LARGEST_FILE
from domain.errors import Refusal

FETCH_SECONDS = 1.8  # a part of the three seconds that Slack gives an event
_CHUNK = 64 * 1024
NOT_HANDED_OVER = "Slack did not hand me “{name}”. Nothing was read. Please drop it here once more."
TOO_LARGE = f"“{{name}}” is larger than {LARGEST_FILE // 1024 // 1024} MiB, the most that I read. Nothing was imported."
NOT_ALLOWED = (
    "Slack does not let me read “{name}”: this app lacks the scope files:read. Whoever runs it can install it again "
    "with the manifest as it is now."
)


class Downloads:
    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._token = client.token
        self._addresses = SlackAddresses(client)

    async def fetch(self, url: str, *, name: str) -> bytes:
        """Return the content of the file at one of Slack's addresses. Raises Refusal."""
        if not self._addresses.is_file_url(url):
            raise Refusal(NOT_HANDED_OVER.format(name=name))
        try:
            async with (
                asyncio.timeout(FETCH_SECONDS),
                # A redirect leads to Slack's sign-in page, and would send the token there.
                self._session.get(
                    url, headers={"Authorization": f"Bearer {self._token}"}, allow_redirects=False
                ) as answer,
            ):
                if answer.status in {302, 401, 403} or answer.content_type == "text/html":
                    raise Refusal(NOT_ALLOWED.format(name=name))
                if answer.status != 200:
                    raise Refusal(NOT_HANDED_OVER.format(name=name))
                return await _bounded(answer.content, name)
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise Refusal(NOT_HANDED_OVER.format(name=name)) from None


async def _bounded(content: aiohttp.StreamReader, name: str) -> bytes:
    """Read the content up to the size limit, whatever the headers say about its size. Raises Refusal above it."""
    found = bytearray()
    async for chunk in content.iter_chunked(_CHUNK):
        found += chunk
        if len(found) > LARGEST_FILE:
            raise Refusal(TOO_LARGE.format(name=name))
    return bytes(found)
