"""Requests to the app look, are signed and are repeated as by Slack."""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from local_slack.server import LocalSlack
from local_slack.workspace import Message, Workspace
from tests.cast import PATIENCE_SECONDS
from tests.local_slack.conftest import SIGNING_SECRET, App

Json = dict[str, Any]


def card(**more: object) -> Json:
    words = {"type": "plain_text", "text": "Stop"}
    stop = {"type": "button", "text": words, "action_id": "stop", "value": "7:1", **more}
    return {"text": "running", "blocks": [{"type": "actions", "block_id": "row", "elements": [stop]}]}


def form(body: bytes) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}


def post_message(local_slack: LocalSlack, blocks: list[Json], *, alone: str | None = None) -> Message:
    return local_slack.workspace.post(
        Message("C0GENERAL", "", "U0TRACKER", "x", tuple(blocks), ephemeral_for=alone)
    )


async def test_a_command_is_a_signed_form(local_slack: LocalSlack, app: App) -> None:
    answer = await local_slack.command("U0BEN", "start api", channel="C0API", trigger_id="1.2.x")
    assert (answer.status, answer.body, answer.json, answer.message) == (200, b"", None, None)
    ((headers, body),) = app.received
    assert SignatureVerifier(SIGNING_SECRET).is_valid_request(body, headers)
    fields = form(body)
    assert fields.pop("token")
    assert fields.pop("response_url").startswith(local_slack.url)
    assert fields == {
        "team_id": "T0LOCAL",
        "team_domain": "local",
        "channel_id": "C0API",
        "channel_name": "api",
        "user_id": "U0BEN",
        "user_name": "ben.okafor",
        "command": "/track",
        "text": "start api",
        "api_app_id": "A0TRACKER",
        "is_enterprise_install": "false",
        "trigger_id": "1.2.x",
    }


def test_every_command_has_a_trigger_and_a_response_url_of_its_own(local_slack: LocalSlack) -> None:
    forms = [local_slack.command_form("U0ADA", "x") for _ in range(20)]
    assert len({one["trigger_id"] for one in forms}) == len({one["response_url"] for one in forms}) == 20


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("with @ben.okafor and @Ada Park now", "with <@U0BEN|ben.okafor> and <@U0ADA|ada.park> now"),
        ("team @Ben, @ben and @Bob", "team <@U0BEN|ben.okafor>, <@U0BEN|ben.okafor> and @Bob"),
        ("in #api or #nowhere", "in <#C0API|api> or #nowhere"),
        ("see https://example.com/a?b=1&c=2", "see <https://example.com/a?b=1&amp;c=2>"),
        ("mail a@b.example #", "mail a@b.example #"),
    ],
)
def test_what_is_typed_is_escaped(typed: str, sent: str, local_slack: LocalSlack) -> None:
    assert local_slack.command_form("U0ADA", typed)["text"] == sent


async def test_the_answer_to_a_command_is_shown_to_who_typed_it(local_slack: LocalSlack, app: App) -> None:
    app.answers = [
        web.json_response(card()),
        web.Response(text="plain words"),
        web.json_response({"text": "to all", "response_type": "in_channel"}),
    ]
    first, second, third = [await local_slack.command("U0ADA", "x") for _ in range(3)]
    assert first.message
    assert second.message
    assert third.message
    assert (first.json, first.message.blocks) == (card(), tuple(card()["blocks"]))
    assert (second.message.text, second.message.ephemeral_for) == ("plain words", "U0ADA")
    assert (third.message.text, third.message.ephemeral_for) == ("to all", None)


async def test_an_answer_with_wrong_blocks_is_an_error_line(local_slack: LocalSlack, app: App) -> None:
    app.answers = [web.json_response(card(style="green"))]
    answer = await local_slack.command("U0ADA", "x")
    assert answer.errors == ("must be one of primary, danger [json-pointer:/blocks/0/elements/0/style]",)
    assert answer.message
    assert answer.message.blocks == ()
    assert "invalid blocks" in answer.message.text


async def test_no_answer_in_time_is_said_in_slacks_words(local_slack: LocalSlack, app: App) -> None:
    async def late(_request: web.Request) -> web.Response:
        await released.wait()
        return web.Response()

    released, local_slack.answer_seconds = asyncio.Event(), 0.05
    app.answers = [late, late]
    answer = await local_slack.command("U0ADA", "x")
    assert answer.errors == ("operation_timeout",)
    assert answer.message
    assert answer.message.text == "/track failed with the error “operation_timeout”"
    pressed = await local_slack.press("U0ADA", post_message(local_slack, card()["blocks"]), "Stop")
    assert pressed.errors == ("operation_timeout",)
    released.set()
    local_slack.answer_seconds = PATIENCE_SECONDS
    # More than are asked for: what was given up above may still get here.
    app.answers = [web.Response(status=500) for _ in range(3)]
    assert (await local_slack.command("U0ADA", "x")).errors == ("dispatch_failed",)
    nobody = await local_slack.command("U0ADA", "x", request_url="http://127.0.0.1:9/slack/events")
    assert nobody.errors == ("dispatch_failed",)


async def test_a_press_is_a_signed_payload(local_slack: LocalSlack, app: App) -> None:
    message = post_message(local_slack, card()["blocks"])
    assert (await local_slack.press("U0ADA", message, "Stop", action_ts="7.7")).status == 200
    ((headers, body),) = app.received
    assert SignatureVerifier(SIGNING_SECRET).is_valid_request(body, headers)
    payload = json.loads(form(body)["payload"])
    assert payload["user"] == {
        "id": "U0ADA",
        "username": "ada.park",
        "name": "ada.park",
        "team_id": "T0LOCAL",
    }
    assert payload["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": "C0GENERAL",
        "is_ephemeral": False,
    }
    assert payload["message"]["ts"] == message.ts
    assert payload["channel"] == {"id": "C0GENERAL", "name": "general"}
    assert (payload["type"], payload["enterprise"], payload["state"]) == (
        "block_actions",
        None,
        {"values": {}},
    )
    assert payload["actions"] == [
        {
            "action_id": "stop",
            "block_id": "row",
            "text": {"type": "plain_text", "text": "Stop"},
            "value": "7:1",
            "type": "button",
            "action_ts": "7.7",
        }
    ]


def test_an_ephemeral_message_does_not_travel_with_its_press(local_slack: LocalSlack) -> None:
    payload = local_slack.press_payload(
        "U0ADA", post_message(local_slack, card()["blocks"], alone="U0ADA"), "Stop"
    )
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload


def test_a_button_that_is_not_there_is_named_with_those_that_are(local_slack: LocalSlack) -> None:
    beside = {
        "type": "section",
        "text": {"type": "plain_text", "text": "x"},
        "accessory": card()["blocks"][0]["elements"][0],
    }
    message = post_message(local_slack, [beside])
    assert local_slack.press_payload("U0ADA", message, "Stop")["actions"][0]["block_id"] == "b0"
    with pytest.raises(LookupError, match=r"\['Stop'\]"):
        local_slack.press_payload("U0ADA", message, "Resume")


def test_of_two_buttons_alike_the_one_in_the_named_block_is_pressed(local_slack: LocalSlack) -> None:
    rows = [
        {"type": "actions", "elements": [{**card()["blocks"][0]["elements"][0], "value": str(n)}]}
        for n in (0, 1)
    ]
    message = post_message(local_slack, rows)
    for block_id, value in ((None, "0"), ("b0", "0"), ("b1", "1")):
        payload = local_slack.press_payload("U0ADA", message, "Stop", block_id=block_id)
        assert payload["actions"][0]["value"] == value


async def test_one_body_can_be_sent_twice_and_a_forged_one_too(local_slack: LocalSlack, app: App) -> None:
    body = b"a=1"
    headers = local_slack.sign(body, 1_700_000_000)
    assert headers["X-Slack-Request-Timestamp"] == "1700000000"
    for _ in range(2):
        await local_slack.post(body, headers)
    assert [received for _, received in app.received] == [body, body]


async def test_an_event_is_repeated_until_it_is_taken(local_slack: LocalSlack, app: App) -> None:
    app.answers = [web.Response(status=500), web.Response(status=404), web.Response(status=200)]
    answer = await local_slack.event({"type": "user_change"}, event_id="Ev1")
    assert answer.status == 200
    envelope = json.loads(app.received[0][1])
    assert (envelope["type"], envelope["event_id"], envelope["event"]) == (
        "event_callback",
        "Ev1",
        {"type": "user_change"},
    )
    assert envelope["authorizations"][0]["user_id"] == "U0TRACKER"
    assert [headers.get("X-Slack-Retry-Num") for headers, _ in app.received] == [None, "1", "2"]
    assert app.received[1][0]["X-Slack-Retry-Reason"] == "http_error"
    assert len({body for _, body in app.received}) == 1


async def test_three_repeats_are_the_most_and_the_app_can_decline_them(
    local_slack: LocalSlack, app: App
) -> None:
    app.answers = [web.Response(status=500) for _ in range(9)]
    assert (await local_slack.event({"type": "user_change"})).status == 500
    assert len(app.received) == 4
    app.answers = [web.Response(status=500, headers={"X-Slack-No-Retry": "1"})]
    await local_slack.event({"type": "user_change"})
    assert len(app.received) == 5


async def test_an_address_is_verified_by_its_challenge(local_slack: LocalSlack, app: App) -> None:
    async def echo(request: web.Request) -> web.Response:
        return web.Response(text=(await request.json())["challenge"])

    app.answers = [echo]
    assert (await local_slack.verify_url("abc")).body == b"abc"


def test_timestamps_never_repeat_though_the_clock_stands() -> None:
    workspace = Workspace(lambda: 1_795_000_000.0)
    stamps = [workspace.post(Message("C0API", "", "U0ADA", "x")).ts for _ in range(50)]
    assert stamps == sorted(set(stamps))
