"""Bolt, unchanged, lives in this workspace: over signed HTTP and over Socket Mode."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from local_slack.server import Sandbox
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


async def a_minute(sandbox: Sandbox) -> None:
    """A command, a press on its answer, an event."""
    started = await sandbox.command("U0ADA", "start payload")
    assert (started.status, started.errors) == (200, ())
    assert started.message
    assert started.message.text == "You said start payload"
    assert (await sandbox.press("U0ADA", started.message, "Stop")).status == 200
    now = sandbox.current(started.message)
    assert now
    assert (now.text, now.ephemeral_for) == ("Stopped", "U0ADA")
    assert (await sandbox.event({"type": "user_change", "user": {"id": "U0ADA"}})).status == 200
    (told,) = sandbox.workspace.messages(sandbox.workspace.dm("U0ADA"))
    assert told.text == "Your zone has changed"


async def test_bolt_answers_signed_http(sandbox: Sandbox, bolt: AsyncApp, app: App) -> None:
    async def dispatch(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    app.answers = [dispatch] * 5
    forged = await sandbox.post(b"command=%2Ftrack", sandbox.signed(b"something else"))
    assert forged.status == 401
    assert (await sandbox.verify_url("abc")).json == {"challenge": "abc"}
    # Without the word "payload", with which bare Bolt loses a form; over the socket it loses nothing.
    started = await sandbox.command("U0ADA", "start api")
    assert started.message
    assert (await sandbox.press("U0ADA", started.message, "Stop")).status == 200
    assert [one.text for one in sandbox.workspace.messages("C0GENERAL")] == ["Stopped"]
    assert (await sandbox.event({"type": "user_change", "user": {"id": "U0ADA"}})).status == 200


async def test_bolt_answers_over_a_socket(sandbox: Sandbox, bolt: AsyncApp) -> None:
    sandbox.transport = "socket"
    handler = AsyncSocketModeHandler(bolt, APP_TOKEN, web_client=bolt.client, ping_interval=0.2)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        await a_minute(sandbox)
        await asyncio.sleep(0.5)  # the client has asked whether we are still there, and believes it
        await sandbox.command("U0BEN", "still here")
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]
