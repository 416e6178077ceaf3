"""An unchanged Bolt works with the local Slack, over signed HTTP and over Socket Mode."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from local_slack.server import LocalSlack
from tests.local_slack.conftest import APP_TOKEN, SIGNING_SECRET, App

STOP = {"type": "button", "text": {"type": "plain_text", "text": "Stop"}, "action_id": "stop"}
Json = dict[str, Any]


@pytest_asyncio.fixture
async def bolt(client: AsyncWebClient) -> AsyncIterator[AsyncApp]:
    bolt = AsyncApp(client=client, signing_secret=SIGNING_SECRET, process_before_response=True)

    @bolt.command("/track")
    async def track(ack: AsyncAck, command: Json) -> None:
        await ack(text=f"You said {command['text']}", blocks=[{"type": "actions", "elements": [STOP]}])

    @bolt.action("stop")
    async def stop(ack: AsyncAck, respond: AsyncRespond) -> None:
        await respond("Stopped", replace_original=True)
        await ack()

    @bolt.event("user_change")
    async def user_change(client: AsyncWebClient, event: Json) -> None:
        await client.chat_postMessage(channel=event["user"]["id"], text="Your zone has changed")

    yield bolt


async def a_minute(local_slack: LocalSlack) -> None:
    """A command, a press on its answer, an event."""
    started = await local_slack.command("U0ADA", "start payload")
    assert (started.status, started.errors) == (200, ())
    assert started.message
    assert started.message.text == "You said start payload"
    assert (await local_slack.press("U0ADA", started.message, "Stop")).status == 200
    now = local_slack.current(started.message)
    assert now
    assert (now.text, now.ephemeral_for) == ("Stopped", "U0ADA")
    assert (await local_slack.event({"type": "user_change", "user": {"id": "U0ADA"}})).status == 200
    (told,) = local_slack.workspace.messages(local_slack.workspace.dm("U0ADA"))
    assert told.text == "Your zone has changed"


async def test_bolt_answers_signed_http(local_slack: LocalSlack, bolt: AsyncApp, app: App) -> None:
    async def dispatch(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    app.answers = [dispatch] * 5
    forged = await local_slack.post(b"command=%2Ftrack", local_slack.sign(b"something else"))
    assert forged.status == 401
    assert (await local_slack.verify_url("abc")).json == {"challenge": "abc"}
    # Without the word "payload", with which bare Bolt loses a form; over the socket it loses nothing.
    started = await local_slack.command("U0ADA", "start api")
    assert started.message
    assert (await local_slack.press("U0ADA", started.message, "Stop")).status == 200
    assert [one.text for one in local_slack.workspace.messages("C0GENERAL")] == ["Stopped"]
    assert (await local_slack.event({"type": "user_change", "user": {"id": "U0ADA"}})).status == 200


async def test_bolt_answers_over_a_socket(local_slack: LocalSlack, bolt: AsyncApp) -> None:
    local_slack.transport = "socket"
    handler = AsyncSocketModeHandler(bolt, APP_TOKEN, web_client=bolt.client, ping_interval=0.2)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        await a_minute(local_slack)
        await asyncio.sleep(0.5)  # the client has asked whether we are still there, and believes it
        await local_slack.command("U0BEN", "still here")
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]
