"""Socket Mode: the same payloads as over HTTP, over a connection that we opened ourselves."""

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
        # Its own web client: this one speaks with the app's token, and connecting may be repeated freely.
        self._client = SocketModeClient(
            app_token=app_token,
            logger=logger,
            web_client=AsyncWebClient(base_url=client.base_url, session=session, timeout=10, logger=logger),
        )
        self._client.socket_mode_request_listeners.append(self._receive)

    async def connect(self) -> None:
        await self._client.connect()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        # Answers that are under way go out first; what comes after is not acknowledged, and comes again.
        self._client.socket_mode_request_listeners.clear()
        if self._running:
            await asyncio.wait(self._running, timeout=5)
        await self._client.close()  # type: ignore[no-untyped-call]

    async def _receive(self, _client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        # A task of its own: one slow payload must not hold up the next. It is not acknowledged before it is
        # done, so what dies with this process comes again.
        task = asyncio.create_task(self._answer(request))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _answer(self, request: SocketModeRequest) -> None:
        answer = await self._dispatcher.dispatch(request.payload, {})
        if answer.status != 200:
            return  # not acknowledged: Slack sends an event again
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
