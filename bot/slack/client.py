"""Makes the client of Slack's Web API, and finds the bot's own identity."""

import asyncio
import time
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.library_logs import make_library_logger

START_SECONDS = 30.0  # the longest that a start waits for Slack
AGAIN_SECONDS = 1.0
CALL_SECONDS = 10


class CanNotConnect(Exception):
    """Slack can not be used; the message is one sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The bot's user and workspace, from auth.test."""

    team_id: str
    enterprise_id: str
    team: str
    bot_id: str
    bot_user_id: str


def make_client(token: str | None, base_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Return a client without the SDK's own retry handler, which sends a message again after a cut connection."""
    logger = make_library_logger("slack_sdk")
    return AsyncWebClient(token, base_url, CALL_SECONDS, session=session, retry_handlers=[], logger=logger)


async def find_identity(client: AsyncWebClient) -> Identity:
    """Ask Slack for the bot's identity, and repeat while Slack does not answer. Raises CanNotConnect."""
    give_up = time.monotonic() + START_SECONDS
    while True:
        try:
            return await _ask(client)
        except SlackApiError as error:
            if isinstance(error.response, dict) or error.response.status_code != 200:
                problem = "it answered with an error"
            else:
                raise CanNotConnect(
                    f"Slack refuses SLACK_BOT_TOKEN ({error.response['error']}): install the app again "
                    "and copy the new token."
                ) from None
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError):
            problem = "it does not answer"
        if time.monotonic() > give_up:
            raise CanNotConnect(f"Slack can not be reached at SLACK_API_URL: {problem}.")
        await asyncio.sleep(AGAIN_SECONDS)


async def _ask(client: AsyncWebClient) -> Identity:
    answer = await client.auth_test()
    return Identity(
        team_id=answer.get("team_id") or "",
        enterprise_id=answer.get("enterprise_id") or "",
        team=answer.get("team") or "",
        bot_id=answer.get("bot_id") or "",
        bot_user_id=answer.get("user_id") or "",
    )
