"""Requests from Slack: only signed ones are parsed, and no body causes a 5xx."""

import json
from urllib.parse import urlencode

import pytest

from local_slack.server import LocalSlack
from tests.replica import Replica
from web.http.bodies import BadBody, parse_form, parse_json_object
from web.slack_events import ForgedRequest, parse_payload, verify_signature

# Published by Slack, in "Verifying requests from Slack".
SECRET = b"8f742231b10e8888abcd99yyyzzz85a5"
AT = "1531420618"
BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar"
    b"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
    b"%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d"
    b"10d2c447fce8b6703c"
)
SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


def test_the_published_vector_is_accepted_within_300_seconds() -> None:
    for off in (-300, 0, 300):
        verify_signature(SECRET, AT, SIGNATURE, BODY, float(AT) + off)


@pytest.mark.parametrize(
    ("timestamp", "signature", "body", "off"),
    [
        (AT, SIGNATURE, BODY, 301),
        (AT, SIGNATURE, BODY, -301),
        (AT, SIGNATURE, BODY + b" ", 0),
        (AT, SIGNATURE[:-1], BODY, 0),
        (AT, SIGNATURE.upper(), BODY, 0),
        (AT, "v1=" + SIGNATURE[3:], BODY, 0),
        (AT, "", BODY, 0),
        (AT, "v0=é", BODY, 0),
        ("abc", SIGNATURE, BODY, 0),
        ("1.5", SIGNATURE, BODY, 0),
        ("-1", SIGNATURE, BODY, 0),
        ("", SIGNATURE, BODY, 0),
        ("１５３１４２０６１８", SIGNATURE, BODY, 0),
        ("9" * 400, SIGNATURE, BODY, 0),
    ],
)
def test_anything_else_is_forged(timestamp: str, signature: str, body: bytes, off: int) -> None:
    with pytest.raises(ForgedRequest):
        verify_signature(SECRET, timestamp, signature, body, float(AT) + off)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"a":' * 100 + b"1" + b"}" * 100,
        b'{"a": ' + b"9" * 900_000 + b"}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"[]",
        b"1",
        b"",
        b"\xff\xfe",
        b"{",
        b'{"a": "' + b"\\" * 5 + b'"',
    ],
)
def test_json_beyond_reason_is_refused(body: bytes) -> None:
    with pytest.raises(BadBody):
        parse_json_object(body)


def test_brackets_and_digits_in_strings_are_only_text() -> None:
    assert parse_json_object(json.dumps({"a": "[" * 500 + '\\"' + "9" * 500}).encode())["a"].startswith("[[")


def test_a_form_with_too_many_fields_or_bytes_that_are_no_text_is_refused() -> None:
    for body in (b"&".join(b"a=1" for _ in range(90_000)), b"\xff=1", b"a=%ff"):
        with pytest.raises(BadBody):
            parse_form(body)


def test_a_command_that_says_payload_is_a_command() -> None:
    body = urlencode({"command": "/track", "text": "start payload={}", "payload": "x"}).encode()
    assert parse_payload(body, "application/x-www-form-urlencoded")["command"] == "/track"


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"[" * 200_000, "application/json", 400),
        (b'{"a": ' + b"9" * 900_000 + b"}", "application/json", 400),
        (b"&".join(b"a=1" for _ in range(90_000)), "application/x-www-form-urlencoded", 400),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded", 400),
        (b"payload=%7B", "application/x-www-form-urlencoded", 400),
        (b"payload=%7B%7D", "application/x-www-form-urlencoded", 200),
        (b"{}", "application/json", 200),
        (b"", "application/json", 400),
        (b"", "text/plain", 200),
        (b'{"type":"url_verification","challenge":"abc"}', "application/json", 200),
        (b"ssl_check=1&token=x", "application/x-www-form-urlencoded", 200),
        (b"command=%2Ftrack&text=start", "application/x-www-form-urlencoded", 400),
        (b'{"type":"event_callback","event":{"type":"user_change"}}', "application/json", 400),
        (b'{"type":"event_callback","event":null,"team":"x"}', "application/json", 400),
        (b'payload={"type":"block_actions","actions":[{}]}', "application/x-www-form-urlencoded", 400),
        (b'payload={"type":"view_submission","team":7}', "application/x-www-form-urlencoded", 400),
    ],
)
async def test_odd_bodies_are_4xx_unsigned_and_never_5xx_signed(
    app: Replica, body: bytes, content_type: str, expected: int
) -> None:
    headers = {"Content-Type": content_type}
    unsigned = await app.local_slack.post(body, headers)
    assert unsigned.status == 401
    signed = await app.local_slack.post(body, headers | app.local_slack.sign(body))
    assert signed.status == expected, signed.body
    stale = await app.local_slack.post(body, headers | app.local_slack.sign(body, 1_600_000_000))
    assert stale.status == 401


async def test_a_body_over_a_mebibyte_is_413(app: Replica) -> None:
    assert (await app.local_slack.post(b"a" * (1024 * 1024 + 1), {})).status == 413


async def test_only_post_is_taken_and_unknown_places_are_problems(app: Replica) -> None:
    async with app.session.get(f"{app.service.address}/slack/events") as response:
        assert response.status == 405
        assert response.headers["Allow"] == "POST"
        assert response.content_type == "application/problem+json"
    async with app.session.get(f"{app.service.address}/nowhere") as response:
        assert response.status == 404
        assert (await response.json())["title"] == "Not Found"


async def test_url_verification_gets_its_challenge(app: Replica) -> None:
    body = b'{"type":"url_verification","challenge":"abc","token":"x"}'
    answer = await app.local_slack.post(
        body, {"Content-Type": "application/json"} | app.local_slack.sign(body)
    )
    assert answer.json == {"challenge": "abc"}


async def test_an_event_that_was_not_saved_comes_again_and_is_done(
    app: Replica, local_slack: LocalSlack
) -> None:
    await app.type_command("status")
    local_slack.request_url = f"{app.service.address}/nowhere"
    news = {"type": "user_change", "user": {"id": "U0ADA", "tz": "Asia/Tokyo", "profile": {}}}
    assert (await local_slack.event(news)).status == 404
    local_slack.request_url = f"{app.service.address}/slack/events"
    assert (await local_slack.event(news)).status == 200
    assert "(Asia/Tokyo)" in (await app.type_command("digest on")).text
