"""Connects to Slack, or starts the local Slack if none is set."""

import secrets
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import aiohttp
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient

from bot.routes import COMMANDS, SHORTCUTS
from bot.slack.addresses import open_session
from bot.slack.client import make_client
from config import Settings
from local_slack.screens import Shortcut
from local_slack.server import LocalSlack
from operate.errors import CanNotStart


@dataclass(frozen=True, slots=True)
class SlackConnection:
    """The connection to Slack, and the secrets by which we recognize Slack's requests. `app_token` is set for Socket
    Mode, `local_slack` if the local Slack replaces Slack."""

    client: AsyncWebClient
    session: aiohttp.ClientSession
    signing_secret: str | None
    app_token: str | None
    local_slack: LocalSlack | None


async def connect_slack(
    settings: Settings, stack: AsyncExitStack, clock: Callable[[], float]
) -> SlackConnection:
    """Make a client for the Slack of the settings, or start the local Slack; `stack` closes both.

    `clock` returns seconds since 1970. Raises CanNotStart.
    """
    session = await stack.enter_async_context(open_session())
    if settings.is_local:
        local_slack = await _start_local_slack(settings, stack, clock)
        client = make_client(local_slack.bot_token, local_slack.api_url, session)
        return SlackConnection(client, session, local_slack.signing_secret, None, local_slack)
    return SlackConnection(
        client=make_client(_reveal(settings.slack_bot_token), settings.slack_api_url, session),
        session=session,
        signing_secret=_reveal(settings.slack_signing_secret),
        app_token=_reveal(settings.slack_app_token),
        local_slack=None,
    )


async def _start_local_slack(
    settings: Settings, stack: AsyncExitStack, clock: Callable[[], float]
) -> LocalSlack:
    """Serve the local Slack on the port after PORT, or on any free port if PORT is 0."""
    local_slack = LocalSlack(
        clock=clock,
        signing_secret=secrets.token_hex(16),
        bot_token=f"xoxb-local-{secrets.token_hex(8)}",
        completions=[(command.usage, command.about) for command in COMMANDS],
        shortcuts=[Shortcut(one.name, one.callback_id, one.kind) for one in SHORTCUTS],
    )
    try:
        await local_slack.start(port=settings.port + 1 if settings.port else 0)
    except OSError as error:
        raise CanNotStart(f"The port after PORT can not be used for the page: {error.strerror}.") from None
    stack.push_async_callback(local_slack.stop)
    return local_slack


def _reveal(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
