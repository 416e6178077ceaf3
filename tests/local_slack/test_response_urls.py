"""A response_url works five times within half an hour, and replaces what it belongs to."""

from typing import Any

import aiohttp
from aiohttp import web

from local_slack.server import LocalSlack
from tests.local_slack.conftest import App, MovableClock

Json = dict[str, Any]
BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "Stop"}, "action_id": "stop"}
BLOCKS = [{"type": "actions", "elements": [BUTTON]}]


async def post_to_url(session: aiohttp.ClientSession, url: str, body: object) -> tuple[int, Json]:
    async with session.post(url, json=body) as response:
        return response.status, await response.json()


def texts(local_slack: LocalSlack) -> list[str]:
    return [message.text for message in local_slack.workspace.messages("C0GENERAL")]


async def test_it_works_five_times(local_slack: LocalSlack, session: aiohttp.ClientSession) -> None:
    url = local_slack.command_form("U0ADA", "x")["response_url"]
    for number in range(5):
        assert await post_to_url(session, url, {"text": str(number)}) == (200, {"ok": True})
    assert await post_to_url(session, url, {"text": "5"}) == (404, {"ok": False, "error": "used_url"})
    assert texts(local_slack) == ["0", "1", "2", "3", "4"]
    assert {one.ephemeral_for for one in local_slack.workspace.messages("C0GENERAL")} == {"U0ADA"}


async def test_it_works_for_half_an_hour(
    local_slack: LocalSlack, session: aiohttp.ClientSession, clock: MovableClock
) -> None:
    url = local_slack.command_form("U0ADA", "x")["response_url"]
    clock.ahead = 1_799
    assert (await post_to_url(session, url, {"text": "x"}))[0] == 200
    clock.ahead = 1_801
    assert await post_to_url(session, url, {"text": "x"}) == (404, {"ok": False, "error": "expired_url"})
    assert (await post_to_url(session, f"{local_slack.url}/response/R1", {"text": "x"}))[0] == 404


async def test_what_slack_would_refuse_is_refused(
    local_slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    url = local_slack.command_form("U0ADA", "x")["response_url"]
    status, body = await post_to_url(session, url, {"blocks": [{"type": "nothing"}]})
    assert (status, body["error"]) == (400, "invalid_blocks")
    assert await post_to_url(session, url, {}) == (400, {"ok": False, "error": "no_text"})
    assert await post_to_url(session, url, ["x"]) == (400, {"ok": False, "error": "invalid_payload"})
    assert texts(local_slack) == []


async def test_it_replaces_the_ephemeral_message_that_was_pressed(
    local_slack: LocalSlack, session: aiohttp.ClientSession, app: App
) -> None:
    app.answers = [web.json_response({"text": "running", "blocks": BLOCKS})]
    started = (await local_slack.command("U0ADA", "start")).message
    assert started is not None
    url = local_slack.press_payload("U0ADA", started, "Stop")["response_url"]
    await post_to_url(session, url, {"text": "stopped", "replace_original": True})
    assert texts(local_slack) == ["stopped"]
    now = local_slack.current(started)
    assert now is not None
    assert (now.ephemeral_for, now.ts, now.blocks) == ("U0ADA", started.ts, ())
    await post_to_url(session, url, {"text": "and more"})
    assert texts(local_slack) == ["stopped", "and more"]
    await post_to_url(session, url, {"delete_original": True})
    assert texts(local_slack) == ["and more"]


async def test_a_commands_address_adds_whatever_it_is_asked_to_replace(
    local_slack: LocalSlack, session: aiohttp.ClientSession, app: App
) -> None:
    app.answers = [web.Response(text="checking")]
    await local_slack.command("U0ADA", "start")
    url = local_slack.deliveries[-1].payload["response_url"]
    for text in ("saved", "and shown"):
        await post_to_url(session, url, {"text": text, "replace_original": True})
    assert texts(local_slack) == ["checking", "saved", "and shown"]


async def test_it_can_speak_to_the_whole_channel(
    local_slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    url = local_slack.command_form("U0ADA", "x")["response_url"]
    await post_to_url(session, url, {"text": "all", "response_type": "in_channel"})
    assert local_slack.workspace.messages("C0GENERAL")[0].ephemeral_for is None
