"""Opens and changes modals. Slack accepts a trigger once, within three seconds ("Modals", 2026)."""

import asyncio
import logging
import re
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.errors import FAILURES, read_response
from domain.errors import Refusal

OPEN_SECONDS = 2.0
NOT_OPENED = "Slack did not let me open the form in time. Nothing was changed; please try once more."

# Cards show the address as a link, between < and |.
_ADDRESS = re.compile(r"https://[^\s<>|]+")

log = logging.getLogger(__name__)


class ModalClient:
    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def open(self, trigger_id: str, view: dict[str, Any], *, push: bool = False) -> None:
        """Open a modal, with `push` above the one that is open. Raises Refusal when Slack refuses it."""
        put = self._client.views_push if push else self._client.views_open
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                await put(trigger_id=trigger_id, view=view)
        except FAILURES as error:
            log.warning("a form was not opened: %s", _describe_error(error))
            raise Refusal(NOT_OPENED) from None

    async def update(self, open_view: dict[str, Any], view: dict[str, Any]) -> None:
        """Replace the modal `open_view` by `view`, unless it has changed meanwhile. Raises Refusal."""
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                await self._client.views_update(
                    view_id=open_view["id"], hash=open_view.get("hash"), view=view
                )
        except FAILURES as error:
            log.info("a form was not updated: %s", _describe_error(error))
            raise Refusal(NOT_OPENED) from None

    async def permalink(self, channel: str, ts: str) -> str | None:
        """Return the address of a message; None if Slack does not return one, as the entry is complete without it."""
        try:
            async with asyncio.timeout(OPEN_SECONDS / 2):
                response = await self._client.chat_getPermalink(channel=channel, message_ts=ts)
        except FAILURES as error:
            log.info("a message's address is not known: %s", _describe_error(error))
            return None
        found = str(response.get("permalink") or "")
        return found if _ADDRESS.fullmatch(found) else None


def _describe_error(error: Exception) -> str:
    error_code = read_response(error)[2] if isinstance(error, SlackApiError) else ""
    return error_code or type(error).__name__
