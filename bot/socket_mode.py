"""Socket Mode: receives the same payloads as over HTTP, through a connection that the bot opens."""

import asyncio
import json
import logging

import aiohttp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.bolt_app import Answer, SlackDispatcher
from bot.slack.library_logs import make_library_logger

log = logging.getLogger(__name__)


class SocketModeConnection:
    def __init__(
        self,
        app_token: str,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        dispatcher: SlackDispatcher,
    ) -> None:
        self._dispatcher = dispatcher
        self._running: set[asyncio.Task[None]] = set()
        logger = make_library_logger("slack_sdk")
        # A web client of its own: it uses the app's token, and may safely repeat connecting.
        self._client = SocketModeClient(
            app_token=app_token,
            logger=logger,
            web_client=AsyncWebClient(base_url=client.base_url, session=session, timeout=10, logger=logger),
        )
        self._client.socket_mode_request_listeners.append(self._receive)

    async def connect(self) -> None:
        await self._client.connect()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        # Running answers are sent first. Later payloads are not acknowledged, so Slack sends them again.
        self._client.socket_mode_request_listeners.clear()
        if self._running:
            await asyncio.wait(self._running, timeout=5)
        await self._client.close()  # type: ignore[no-untyped-call]

    async def _receive(self, _client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        # A task for each payload, so that a slow one does not delay the next. Slack sends it again if this process dies
        # before the acknowledgment.
        task = asyncio.create_task(self._answer(request))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _answer(self, request: SocketModeRequest) -> None:
        answer = await self._dispatcher.dispatch(request.payload, {})
        if answer.status != 200:
            return  # without an acknowledgment, so Slack sends an event again
        try:
            await self._client.send_socket_mode_response(
                SocketModeResponse(envelope_id=request.envelope_id, payload=_payload(answer))
            )
        except (aiohttp.ClientError, OSError) as error:
            log.info("an answer could not be sent over the socket: %s", type(error).__name__)


def _payload(answer: Answer) -> dict[str, object] | None:
    if not answer.body:
        return None
    parsed: dict[str, object] = (
        json.loads(answer.body) if answer.content_type == "application/json" else {"text": answer.body}
    )
    return parsed
