"""Requests without a token: what they may cost, and who may sign up with which password."""

import asyncio
import gzip
import io
import json
import time
from datetime import UTC, datetime
from typing import Any

from tests.conftest import Clock
from tests.replica import SETTINGS, Replica, make_local_slack, run_replica
from tests.web.client import PASSWORD, Client, create_client, sign_up
from web.http.address_limits import ANONYMOUS_REQUESTS, MAX_REMEMBERED, AddressLimits

Json = dict[str, Any]
ANONYMOUS_PATHS = ("/api/signup", "/api/login", "/api/refresh")
NEVER_CLOSED = b'{"a":"' + b'\\"' * 20_000
JSON = "application/json"
SIGN_UP = {"name": "Eve Moreau", "email": "eve.moreau@example.com", "password": PASSWORD}


def make_anonymous_client(app: Replica) -> Client:
    return Client(app.session, app.service.address, None)


async def test_the_worst_bodies_of_anonymous_callers_are_refused_in_no_time(app: Replica) -> None:
    unknown = json.dumps({f"k{number}": 1 for number in range(80_000)}).encode()
    worst = (NEVER_CLOSED, unknown, b"[" * 1_000_000, b'"' * 16_000, b"9" * 1_048_576)
    took = []
    for path in ANONYMOUS_PATHS:
        for body in worst:
            began = time.process_time()
            answer = await make_anonymous_client(app).post(path, body, content_type=JSON)
            took.append(time.process_time() - began)
            assert answer.status == (413 if len(body) > 16 * 1024 else 400), (path, body[:20])
            assert len(str(answer.body)) < 1_000
    assert sorted(took)[len(took) // 2] < 0.1
    too_large = await make_anonymous_client(app).post("/api/login", unknown, content_type=JSON)
    assert too_large.body["detail"] == "The body is too large: 16 KiB are taken here at most."


async def test_at_most_twenty_errors_are_told_and_how_many_more_there_were(app: Replica) -> None:
    api = await create_client(app)
    keys: Json = {f"{number}": 1 for number in range(1_500)}
    many = "&".join(f"a{number}=1&a{number}=2" for number in range(300))
    for answer in (
        await make_anonymous_client(app).post("/api/login", keys),
        await api.post("/api/time-entries", keys),
        await api.post("/api/time-entries/bulk", {"items": [{"start_time": 1} for _ in range(100)]}),
        await api.get(f"/api/time-entries?{many}"),
        await api.get(f"/api/time-entries?{'&'.join(f'b{number}=1' for number in range(300))}"),
    ):
        assert answer.status == 422
        assert len(answer.body["errors"]) == 20
        assert "more are not" in answer.body["detail"]
    one = await make_anonymous_client(app).post("/api/login", {"x" * 15_000: 1})
    assert len(str(one.body)) < 1_000
    few = await make_anonymous_client(app).post("/api/login", {"a": 1})
    assert (few.body["detail"], len(few.body["errors"])) == ("Some fields are not valid.", 3)
    values = {"items": [[1] * 5_000, [1] * 6_000]}
    assert (await api.post("/api/time-entries/bulk", values)).status == 400


async def test_anonymous_requests_are_counted_by_address_before_anything_is_read(
    empty_database_url: str,
) -> None:
    clock = Clock(datetime.now(UTC))
    local_slack = make_local_slack(lambda: clock.now.timestamp())  # noqa: PLW0108 - the clock moves
    await local_slack.start()
    async with run_replica(empty_database_url, local_slack, clock=clock) as app:
        async with asyncio.TaskGroup() as group:
            asked = [
                group.create_task(
                    make_anonymous_client(app).post(
                        ANONYMOUS_PATHS[number % 3], b"no json", content_type=JSON
                    )
                )
                for number in range(ANONYMOUS_REQUESTS.burst + 20)
            ]
        statuses = [one.result().status for one in asked]
        assert statuses.count(400) == ANONYMOUS_REQUESTS.burst
        assert statuses.count(429) == 20
        # Also what would be refused for its size or its kind.
        late = await make_anonymous_client(app).post("/api/login", b"x" * 20_000, content_type="text/plain")
        assert late.status == 429
        assert late.headers["Retry-After"] == "1"
        assert late.body["detail"].endswith("The next one may come in a second.")
    await local_slack.stop()


def test_addresses_are_counted_apart_and_only_so_many_are_remembered() -> None:
    now = [1_000.0]
    limits = AddressLimits(lambda: now[0])

    def taken(address: str) -> bool:
        return limits.take(ANONYMOUS_REQUESTS, address).allowed

    assert all(taken("10.0.0.1") for _ in range(600))
    assert not taken("10.0.0.1")
    assert taken("10.0.0.2")
    now[0] += ANONYMOUS_REQUESTS.every
    assert [taken("10.0.0.1"), taken("10.0.0.1")] == [True, False]
    now[0] -= 1_000_000  # the clock was set back: make_anonymous_client is locked out for longer than before
    assert not taken("10.0.0.1")
    now[0] += ANONYMOUS_REQUESTS.every
    assert taken("10.0.0.1")
    # One customer has a whole /64.
    assert all(taken(f"2001:db8::{number:x}") for number in range(600))
    assert not taken("2001:db8::ffff:1")
    for number in range(MAX_REMEMBERED):
        limits.take(ANONYMOUS_REQUESTS, f"client-{number}")
    assert taken("10.0.0.2")


async def test_compressed_bodies_are_refused_before_they_are_unpacked(app: Replica) -> None:
    packed = gzip.compress(b" " * 50_000_000)
    assert len(packed) < 100_000
    for path in (*ANONYMOUS_PATHS, "/api/webhooks", "/slack/events"):
        headers = {"Content-Encoding": "gzip", "Content-Type": JSON}
        async with app.session.post(
            app.service.address + path, data=io.BytesIO(packed), headers=headers
        ) as response:
            assert response.status == 415
            assert "compressed" in await response.text()


async def test_odd_bytes_in_headers_are_no_failure(app: Replica) -> None:
    port = int(app.service.address.rpartition(":")[2])
    for target, status in (
        (b"GET /api/me", b"401"),
        (b"POST /api/webhooks", b"401"),
        (b"POST /slack/events", b"401"),
    ):
        for name in (
            b"Authorization: Bearer ",
            b"X-Forwarded-For: ",
            b"X-Slack-Signature: ",
            b"webhook-id: ",
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(target + b" HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n")
            writer.write(name + b"\xff\xc3\xed\xa0\x80\r\nConnection: close\r\n\r\n")
            assert (await reader.read())[9:12] == status, (target, name)
            writer.close()


WEAK = (
    "password", "12345678", "Password1!", "P@ssw0rd", "qwertyuiop", "aaaaaaaa", "abcdefgh", "87654321", "abcabcabc",
    "iloveyou2026", "passwordpassword", "ｐａｓｓｗｏｒｄ", "eve.moreau@example.com", "EveMoreau",
    "moreau2026", "3v3Mor3au!", "example.com", "timetracker", "Sunshine99!!",
)  # fmt: skip


async def test_passwords_that_are_tried_first_are_refused_in_words(app: Replica) -> None:
    for password in WEAK:
        refused = await make_anonymous_client(app).post("/api/signup", SIGN_UP | {"password": password})
        assert refused.status == 422, password
        (error,) = refused.body["errors"]
        assert error["field"] == "password"
        assert "tried first" in error["message"]


async def test_the_same_holds_for_a_new_password_and_others_are_taken(app: Replica) -> None:
    eve = await sign_up(app)
    for weak in ("password1", "Eve.Moreau", "eve@example.com"):
        refused = await eve.post("/api/password", {"current_password": PASSWORD, "new_password": weak})
        assert (refused.status, refused.body["errors"][0]["field"]) == (422, "new_password")
    for good in ("whatever it takes", "kX9#vq2LmN", "ÄÖÜäöüßé!", "everest climbers sing"):
        signed = await make_anonymous_client(app).post(
            "/api/signup", SIGN_UP | {"email": f"{len(good)}@e.org", "password": good}
        )
        assert signed.status == 201, good


async def test_sign_up_can_be_closed_or_kept_to_some_domains(app: Replica, empty_database_url: str) -> None:
    async def signed_up(words: tuple[str, ...], email: str) -> Any:
        settings = SETTINGS.model_copy(update={"sign_up": words})
        async with run_replica(empty_database_url, app.local_slack, settings=settings) as other:
            return await make_anonymous_client(other).post("/api/signup", SIGN_UP | {"email": email})

    closed = await signed_up(("off",), "eve@example.com")
    assert closed.status == 403
    assert closed.body["detail"].startswith("No accounts can be made here: sign-up is switched off.")
    some = ("example.com", "example.org")
    for email in (
        "eve@evil.example",
        "eve@sub.example.com",
        "eve@example.com.evil.example",
        "eve@notexample.com",
    ):
        refused = await signed_up(some, email)
        assert refused.status == 403, email
        assert "addresses at example.com, example.org" in refused.body["detail"]
    assert (await signed_up(some, "Eve@Example.COM")).status == 201
    assert (await signed_up(("open",), "eve@else.example")).status == 201
