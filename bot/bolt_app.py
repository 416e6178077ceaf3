"""Hand a verified payload to Bolt and return Bolt's answer; HTTP and Socket Mode share this path."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.interaction.background import BackgroundTasks
from bot.interaction.context import BotContext, CommandTable
from bot.interaction.modal_calls import ModalClient
from bot.interaction.response_urls import ResponseClient
from bot.routes import COMMANDS, register
from bot.slack.block_support import BlockSupport
from bot.slack.client import Identity
from bot.slack.directory import SlackDirectory
from bot.slack.downloads import Downloads
from bot.slack.library_logs import make_library_logger
from bot.slack.validation import is_complete, is_served
from domain.identity.people import Workspace
from services.services import Services

# No other header reaches Bolt: Slack's signature does not cover them, and Bolt obeys some of them.
_PASSED = ("x-slack-retry-num", "x-slack-retry-reason")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: str
    content_type: str


class SlackDispatcher:
    def __init__(
        self,
        services: Services,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        directory: SlackDirectory,
        block_support: BlockSupport,
        who: Identity,
        workspace: Workspace,
        public_url: Callable[[], str],
        least_wait: float = 0.0,
    ) -> None:
        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=who.enterprise_id or None,
                team_id=who.team_id,
                bot_id=who.bot_id,
                bot_user_id=who.bot_user_id,
                bot_token=client.token,
            )

        self._who = who
        # Bolt answers Slack only after the listener has finished, so that an acknowledged operation is a committed one.
        self.app = AsyncApp(
            logger=make_library_logger("slack_bolt"),
            # Without a name Bolt searches the source of every caller on the stack for one: 25 ms at each start.
            name="bot",
            # This client has no token: Bolt copies it for each request and takes the token from `authorize`.
            client=AsyncWebClient(
                base_url=client.base_url,
                session=session,
                retry_handlers=[],
                logger=make_library_logger("slack_sdk"),
            ),
            authorize=authorize,
            process_before_response=True,
            request_verification_enabled=False,
            ignoring_self_events_enabled=False,
        )
        self._background = BackgroundTasks(least_wait)
        response_client = ResponseClient(client, session, block_support)
        context = BotContext(
            services,
            directory,
            workspace,
            ModalClient(client),
            response_client,
            self._background,
            Downloads(client, session),
            public_url,
            CommandTable(COMMANDS),
        )
        register(self.app, context)

    async def close(self) -> None:
        """Wait until running message updates have finished."""
        await self._background.close()

    async def dispatch(self, body: dict[str, Any], headers: dict[str, str]) -> Answer:
        """Answer a payload that is verified and parsed.

        A payload without a listener gets 200 too: Slack counts any other status as a failure and stops sending events.
        """
        if not is_served(body):
            return Answer(200, "", "text/plain")
        if not is_complete(body):
            return Answer(400, "The payload lacks fields that its kind always has.", "text/plain")
        if not self._is_our_workspace(body):
            return Answer(200, "This workspace is not connected to this service.", "text/plain")
        passed = {name: headers[name] for name in _PASSED if name in headers}
        # Bolt uses "socket_mode" for a body that is parsed and verified already.
        request = AsyncBoltRequest(mode="socket_mode", body=body, headers=passed)  # type: ignore[arg-type]
        response = await self.app.async_dispatch(request)
        if response.status == 404:
            return Answer(200, "", "text/plain")
        content_type = response.first_headers_without_set_cookie().get("content-type", "text/plain")
        return Answer(response.status, response.body or "", content_type.partition(";")[0])

    def _is_our_workspace(self, body: dict[str, Any]) -> bool:
        team, enterprise = _read_workspace(body)
        if (team is None and enterprise is None) or not self._who.team_id:
            return True  # url_verification and ssl_check name no workspace
        return team == self._who.team_id or (enterprise is not None and enterprise == self._who.enterprise_id)


def _read_workspace(body: dict[str, Any]) -> tuple[object, object]:
    """Return the team and enterprise ids of a payload: plain in commands and events, inside objects in interactions."""
    team, enterprise = body.get("team"), body.get("enterprise")
    return (
        body.get("team_id") or (team.get("id") if isinstance(team, dict) else team),
        body.get("enterprise_id") or (enterprise.get("id") if isinstance(enterprise, dict) else enterprise),
    )
