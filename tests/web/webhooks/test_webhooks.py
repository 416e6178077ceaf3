"""POST /api/webhooks: signatures and events. Each delivery is done once."""

import asyncio
import base64
import io
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from standardwebhooks.webhooks import Webhook

from tests.replica import OLD_WEBHOOK_SECRET, WEBHOOK_SECRET, Replica, run_replica
from tests.web.test_api import token_of
from web.webhooks.signatures import (
    BadSignature,
    DeliveryHeaders,
    decode_secret,
    read_delivery_headers,
    sign,
    verify,
)

Json = dict[str, Any]
# Published with the Standard Webhooks specification.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
ID, AT = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_published_vector_holds_and_the_official_library_agrees() -> None:
    assert sign([decode_secret(SECRET)], ID, AT, BODY) == SIGNATURE
    now = int(time.time())
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(now),
        "webhook-signature": sign(
            [decode_secret(OLD_WEBHOOK_SECRET), decode_secret(WEBHOOK_SECRET)], "msg_1", now, BODY
        ),
    }
    for secret in (WEBHOOK_SECRET, OLD_WEBHOOK_SECRET):
        assert Webhook(secret).verify(BODY, headers) == {"test": 2432232314}


@pytest.mark.parametrize(
    ("delivery_id", "timestamp", "header", "body", "now"),
    [
        (ID, str(AT), SIGNATURE, BODY + b" ", AT),
        (ID, str(AT), SIGNATURE, BODY, AT + 301),
        (ID, str(AT), SIGNATURE, BODY, AT - 301),
        ("other", str(AT), SIGNATURE, BODY, AT),
        ("", str(AT), SIGNATURE, BODY, AT),
        ("é", str(AT), SIGNATURE, BODY, AT),
        (ID, "abc", SIGNATURE, BODY, AT),
        (ID, "１６", SIGNATURE, BODY, AT),
        (ID, str(AT), "", BODY, AT),
        (ID, str(AT), "v1", BODY, AT),
        (ID, str(AT), "v1a," + SIGNATURE[3:], BODY, AT),
        (ID, str(AT), "v1,é", BODY, AT),
        (ID, str(AT), "v1,x " * 11 + SIGNATURE, BODY, AT),
    ],
)
def test_what_is_not_exactly_signed_is_refused(
    delivery_id: str, timestamp: str, header: str, body: bytes, now: float
) -> None:
    sent = CIMultiDict(
        {"webhook-id": delivery_id, "webhook-timestamp": timestamp, "webhook-signature": header}
    )
    with pytest.raises(BadSignature):
        verify([decode_secret(SECRET)], read_delivery_headers(CIMultiDictProxy(sent), now), body)
    with pytest.raises(BadSignature):
        verify([], DeliveryHeaders(id=ID, timestamp=str(AT), signature=SIGNATURE), BODY)


def test_a_secret_that_is_none_is_refused_at_the_start() -> None:
    for wrong in ("secret", "whsec_!!!", "whsec_" + base64.b64encode(b"short").decode()):
        with pytest.raises(ValueError, match="webhook secret"):
            decode_secret(wrong)


def event(kind: str, **data: object) -> bytes:
    return json.dumps({"type": kind, "timestamp": datetime.now(UTC).isoformat(), "data": data}).encode()


async def post_event(
    app: Replica, body: bytes, delivery_id: str = "msg_1", secret: str = WEBHOOK_SECRET
) -> tuple[int, Json]:
    now = int(time.time())
    headers = {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(now),
        "webhook-signature": sign([decode_secret(secret)], delivery_id, now, body),
    }
    url = f"{app.service.address}/api/webhooks"
    async with app.session.post(url, data=body, headers=headers) as response:
        return response.status, await response.json()


async def test_start_and_stop_by_e_mail_address_and_by_slack_id(app: Replica) -> None:
    await app.service.services.projects.ensure(app.service.workspace.id, "API")
    start = event("timer.start", user="ada@example.com", project="api", description="from outside")
    assert await post_event(app, start) == (202, {"id": "msg_1", "status": "accepted"})
    assert "API, from outside" in (await app.type_command("status")).text
    assert (await post_event(app, event("timer.stop", user="U0ADA"), "msg_2"))[0] == 202
    assert "Nothing is running" in (await app.type_command("status")).text


async def test_a_delivery_acts_once_however_often_it_comes(app: Replica, empty_database_url: str) -> None:
    body = event("time_entry.create", user="U0ADA", description="once", **make_hour())
    async with run_replica(empty_database_url, app.local_slack) as other:
        app.local_slack.request_url = f"{app.service.address}/slack/events"
        answers = await asyncio.gather(*(post_event(one, body) for one in (app, other) for _ in range(3)))
    answers.append(await post_event(app, body))
    assert all(answer == (202, {"id": "msg_1", "status": "accepted"}) for answer in answers)
    headers = await token_of(app)
    async with app.session.get(f"{app.service.address}/api/time-entries", headers=headers) as response:
        assert [entry["description"] for entry in (await response.json())["items"]] == ["once"]


def make_hour(hours_ago: int = 2) -> Json:
    end = datetime.now(UTC) - timedelta(hours=hours_ago - 1)
    return {"start_time": (end - timedelta(hours=1)).isoformat(), "end_time": end.isoformat()}


async def test_either_live_secret_signs_and_no_other(app: Replica) -> None:
    body = event("timer.stop", user="U0ADA")
    assert (await post_event(app, body, "msg_1", OLD_WEBHOOK_SECRET))[0] == 202
    other = "whsec_" + base64.b64encode(b"x" * 32).decode()
    assert (await post_event(app, body, "msg_2", other))[0] == 401


async def test_a_message_is_said_inert_once_and_to_the_right_place(app: Replica) -> None:
    hostile = "Deploy <!channel> done & <https://evil.example|ok>"
    await post_event(app, event("message.post", channel="C0GENERAL", text=hostile))
    await post_event(app, event("message.post", user="ben@example.com", text="Hello\nBen"), "msg_2")
    assert await app.service.services.outbox.send_due() == 2
    (said,) = app.local_slack.workspace.messages("C0GENERAL")
    assert "&lt;!channel&gt;" in said.text
    assert "<" not in f"{said.text}{said.blocks}"
    (to_ben,) = app.local_slack.workspace.messages(app.local_slack.workspace.dm("U0BEN"))
    assert to_ben.text == "Hello\nBen"


@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        ("timer.start", {}, "timer.start.data.user"),
        ("timer.start", {"user": "U0ADA", "at": "1711111111"}, "timer.start.data.at"),
        ("timer.start", {"user": "U0ADA", "at": 0}, "timer.start.data.at"),
        ("timer.start", {"user": "U0ADA", "at": "2026-11-24T09:00:00"}, "timer.start.data.at"),
        ("timer.start", {"user": ["U0ADA"]}, "timer.start.data.user"),
        ("message.post", {"text": "x"}, "message.post.data"),
        ("message.post", {"text": "x", "user": "U0ADA", "channel": "C1"}, "message.post.data"),
        *(
            ("message.post", {"text": "x", "channel": one}, "message.post.data.channel")
            for one in (
                "U0BEN",
                "W0BEN",
                "D0BEN",
                "@U0BEN",
                "USLACKBOT",
                "#general",
                "<#C0API>",
                "c0api",
                "C0API/../U0BEN",
            )
        ),
        ("time_entry.create", {"user": "U0ADA"}, "time_entry.create.data.start_time"),
        ("timer.explode", {"user": "U0ADA"}, "body"),
    ],
)
async def test_what_is_not_understood_names_its_field(
    app: Replica, kind: str, data: Json, field: str
) -> None:
    status, problem = await post_event(app, event(kind, **data))
    assert status == 422
    assert field in [error["field"] for error in problem["errors"]]


async def test_what_is_impossible_is_422_in_words_and_spends_no_delivery(app: Replica) -> None:
    await app.service.services.projects.ensure(app.service.workspace.id, "Website")
    future = datetime.now(UTC) + timedelta(hours=1)
    impossible: list[tuple[str, Json, str]] = [
        ("timer.start", {"user": "U0NOBODY"}, "no person U0NOBODY"),
        ("timer.start", {"user": "nobody@example.com"}, "no person"),
        ("timer.start", {"user": "U0ADA", "project": "unknown"}, "no project called"),
        ("timer.start", {"user": "U0ADA", "at": future.isoformat()}, "future"),
        ("time_entry.create", {"user": "U0ADA", **make_hour(), "end_time": future.isoformat()}, "future"),
        ("time_entry.create", {"user": "U0ADA", **make_hour(), "description": "x" * 501}, "not valid"),
        # What is unique today may not be so tomorrow, and nobody is there to look.
        ("timer.start", {"user": "U0ADA", "project": "web"}, "no project called"),
    ]
    for kind, data, reason in impossible:
        status, problem = await post_event(app, event(kind, **data))
        assert status == 422
        assert reason in problem["detail"]
    assert (await post_event(app, event("time_entry.create", user="U0ADA", **make_hour())))[0] == 202
    status, problem = await post_event(app, event("time_entry.create", user="U0ADA", **make_hour()), "msg_2")
    assert (status, problem["detail"][:20]) == (422, "You already tracked ")


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'{"a": NaN}', b"[" * 100_000, b""])
async def test_what_is_no_json_object_is_400(app: Replica, body: bytes) -> None:
    assert (await post_event(app, body))[0] == 400


async def test_odd_text_is_kept_fit_and_never_a_500(app: Replica) -> None:
    odd = "nul\x00 tab\t bidi\u202e"
    assert (await post_event(app, event("timer.start", user="U0ADA", description=odd)))[0] == 202
    assert "nul tab bidi" in (await app.type_command("status")).text
    lone = event("timer.start", user="U0ADA", description="surrogate\ud800")
    assert (await post_event(app, lone, "msg_2"))[0] == 422


async def test_without_a_signature_it_is_401_and_too_much_is_413(app: Replica) -> None:
    url = f"{app.service.address}/api/webhooks"
    async with app.session.post(url, data=b"{}") as response:
        assert response.status == 401
        assert response.content_type == "application/problem+json"
    async with app.session.post(url, data=io.BytesIO(b"x" * (1024 * 1024 + 1))) as response:
        assert response.status == 413
