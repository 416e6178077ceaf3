"""Socket Mode: the app gets over its own connections what it would get over HTTP."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from local_slack.server import LocalSlack
from tests.local_slack.conftest import APP_TOKEN

Json = dict[str, Any]


async def connected(
    local_slack: LocalSlack, session: aiohttp.ClientSession
) -> aiohttp.ClientWebSocketResponse:
    client = AsyncWebClient(base_url=local_slack.api_url)
    opened = await client.apps_connections_open(app_token=APP_TOKEN)
    socket = await session.ws_connect(opened["url"])
    hello = await socket.receive_json()
    assert (hello["type"], hello["connection_info"]) == ("hello", {"app_id": "A0TRACKER"})
    local_slack.transport = "socket"
    return socket


async def test_a_command_goes_out_and_its_answer_comes_back(
    local_slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    async with await connected(local_slack, session) as socket:
        asked = asyncio.create_task(local_slack.command("U0ADA", "start api"))
        envelope = await socket.receive_json()
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        assert envelope["payload"]["text"] == "start api"
        await socket.send_str("not JSON")
        await socket.send_json({"envelope_id": "of somebody else"})
        await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "Started"}})
        answer = await asked
        assert answer.message
        assert (answer.status, answer.message.text) == (200, "Started")


async def test_an_event_that_is_not_acknowledged_comes_again(
    local_slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    local_slack.answer_seconds = 0.05
    async with await connected(local_slack, session) as socket:
        sent = asyncio.create_task(local_slack.event({"type": "user_change"}))
        first, again = await socket.receive_json(), await socket.receive_json()
        assert (first["retry_attempt"], again["retry_attempt"], again["retry_reason"]) == (
            0,
            1,
            "http_timeout",
        )
        assert first["payload"] == again["payload"]
        assert not again["accepts_response_payload"]
        await socket.send_json({"envelope_id": again["envelope_id"]})
        assert (await sent).status == 200


async def test_every_connection_gets_its_share(
    local_slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    counts = [0, 0]

    async def acknowledge(number: int, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for received in socket:
            counts[number] += 1
            await socket.send_json({"envelope_id": received.json()["envelope_id"]})

    one, two = await connected(local_slack, session), await connected(local_slack, session)
    tasks = [asyncio.create_task(acknowledge(number, socket)) for number, socket in enumerate((one, two))]
    for _ in range(40):
        assert (await local_slack.command("U0ADA", "x")).status == 200
    await one.close()
    await two.close()
    await asyncio.gather(*tasks)
    assert sum(counts) == 40
    assert min(counts) > 0


async def test_without_a_connection_nothing_arrives(local_slack: LocalSlack) -> None:
    local_slack.transport = "socket"
    assert (await local_slack.command("U0ADA", "x")).errors == ("dispatch_failed",)
    with pytest.raises(ValueError, match="http or socket"):
        local_slack.transport = "pigeon"


async def test_a_ticket_opens_one_connection(local_slack: LocalSlack, session: aiohttp.ClientSession) -> None:
    client = AsyncWebClient(base_url=local_slack.api_url)
    url = (await client.apps_connections_open(app_token=APP_TOKEN))["url"]
    async with session.ws_connect(url) as socket:
        await socket.ping(b"x")
        assert (await socket.receive_json())["num_connections"] == 1
    for wrong in (url, f"{local_slack.url}/socket"):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(wrong)
