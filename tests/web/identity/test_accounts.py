"""Accounts over HTTP: signing up, logging in, passwords, linking to a person in Slack, and what is refused."""

import json
import logging
import re
from ipaddress import ip_network

import jwt
import pytest

from domain.quotas import Quota
from local_slack.server import LocalSlack
from services.identity.quotas import PER_ACCOUNT_AND_ADDRESS, REQUESTS_PER_BEARER
from services.identity.sessions import SessionTokens
from tests.conftest import Clock
from tests.replica import Replica, run_replica
from tests.services.identity.test_forged_tokens import of_claims, of_headers, of_keys, of_shapes
from tests.web.client import PASSWORD, Client, create_client, log_entry, sign_up
from web.http.proxies import find_client_address

EMAIL = "Eve@Example.com"
SIGN_UP = {"name": "Eve Moreau", "email": EMAIL, "password": PASSWORD}
LOG_IN = {"email": EMAIL, "password": PASSWORD}


def make_anonymous_client(app: Replica) -> Client:
    return Client(app.session, app.service.address, None)


async def test_from_signing_up_to_logging_out(app: Replica) -> None:
    made = await make_anonymous_client(app).post("/api/signup", SIGN_UP | {"zone": "Europe/Paris"})
    assert made.status == 201
    assert set(made.body) == {"id", "account_id", "name", "email", "created_at"}
    given = await make_anonymous_client(app).post("/api/login", LOG_IN)
    assert (given.status, given.body["token_type"], given.body["expires_in"]) == (200, "Bearer", 900)
    assert given.headers["Cache-Control"] == "no-store"
    eve = Client(app.session, app.service.address, given.body["token"])
    me = (await eve.get("/api/me")).body
    assert me == {
        "id": made.id, "name": "Eve Moreau", "email": "eve@example.com", "zone": "Europe/Paris", "role": "admin",
        "slack_user_id": None,
    }  # fmt: skip
    project = await eve.post("/api/projects", {"title": "Garden"})
    entry = await log_entry(eve, 2, 1, project_id=project.id)
    assert (entry.status, entry.body["user_id"], entry.body["source"]) == (201, made.id, "rest")
    fresh = await make_anonymous_client(app).post(
        "/api/refresh", {"refresh_token": given.body["refresh_token"]}
    )
    eve.token = fresh.body["token"]
    assert [one["id"] for one in (await eve.get("/api/time-entries")).body["items"]] == [entry.id]
    assert (await eve.post("/api/logout")).status == 204
    assert (await eve.get("/api/me")).status == 401
    assert (
        await make_anonymous_client(app).post("/api/refresh", {"refresh_token": fresh.body["refresh_token"]})
    ).status == 401


async def test_accounts_and_slack_do_not_see_each_other(app: Replica) -> None:
    eve, zoe, ada = await sign_up(app), await sign_up(app, "zoe@example.com"), await create_client(app)
    theirs = []
    for one in (eve, zoe, ada):
        project = await one.post("/api/projects", {"title": "Garden"})
        theirs.append((project.id, (await log_entry(one, 2, 1, project_id=project.id)).id))
    for number, one in enumerate((eve, zoe, ada)):
        assert len((await one.get("/api/time-entries")).body["items"]) == 1
        assert len((await one.get("/api/users")).body["items"]) <= 3
        for project_id, entry_id in theirs[:number] + theirs[number + 1 :]:
            assert (await one.get(f"/api/projects/{project_id}")).status == 404
            assert (await one.get(f"/api/time-entries/{entry_id}")).status == 404
            assert (await one.delete(f"/api/time-entries/{entry_id}")).status == 404


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        (SIGN_UP | {"email": "eve"}, {"email"}),
        (SIGN_UP | {"password": "short"}, {"password"}),
        (SIGN_UP | {"password": "x" * 129}, {"password"}),
        (SIGN_UP | {"password": 12345678}, {"password"}),
        (SIGN_UP | {"name": ""}, {"name"}),
        (SIGN_UP | {"zone": "Nowhere"}, {"zone"}),
        (SIGN_UP | {"role": "admin"}, {"role"}),
        ({"name": "Eve"}, {"email", "password"}),
    ],
)
async def test_a_sign_up_that_can_not_be_kept_names_its_fields(
    app: Replica, given: dict[str, object], fields: set[str]
) -> None:
    refused = await make_anonymous_client(app).post("/api/signup", given)
    assert refused.status == 422
    assert {one["field"] for one in refused.body["errors"]} == fields
    assert "password" not in given or str(given["password"]) not in str(refused.body)


async def test_a_taken_address_is_409_and_a_wrong_log_in_says_nothing_of_accounts(app: Replica) -> None:
    await sign_up(app)
    taken = await make_anonymous_client(app).post(
        "/api/signup", SIGN_UP | {"email": EMAIL.upper(), "password": "another one"}
    )
    assert (taken.status, taken.body["title"]) == (409, "Conflict")
    wrong = [
        await make_anonymous_client(app).post("/api/login", LOG_IN | {"password": "not this one"}),
        await make_anonymous_client(app).post(
            "/api/login", LOG_IN | {"email": "make_anonymous_client@example.com"}
        ),
    ]
    assert {one.status for one in wrong} == {401}
    assert wrong[0].body == wrong[1].body
    assert "Bearer" in wrong[0].headers["WWW-Authenticate"]


async def test_a_new_password_and_personal_tokens(app: Replica) -> None:
    eve = await sign_up(app)
    other = await make_anonymous_client(app).post("/api/login", LOG_IN)
    made = await eve.post("/api/tokens", {"name": "backup", "scopes": ["read"]}, idempotency_key="once")
    again = await eve.post("/api/tokens", {"name": "backup", "scopes": ["read"]}, idempotency_key="once")
    assert made.status == 201
    assert made.body == again.body
    assert (await eve.post("/api/tokens", {"name": "backup"})).status == 409
    assert (await eve.post("/api/tokens", {"name": "off"})).body["errors"][0]["field"] == "name"
    script = Client(app.session, app.service.address, made.body["token"])
    assert (await script.get("/api/me")).status == 200
    for refused in (
        await script.post("/api/projects", {"title": "Garden"}),
        await script.get("/api/tokens"),
        await script.post("/api/tokens", {"name": "more"}),
        await script.post("/api/logout"),
        await script.post(
            "/api/password", {"current_password": PASSWORD, "new_password": "another password"}
        ),
        await script.post("/api/link", {"code": "ABCD-EFGH-JKMN"}),
    ):
        assert refused.status == 403, refused.body
    (listed,) = (await eve.get("/api/tokens")).body["items"]
    assert {"token": made.body["token"], **listed, "last_used_at": None} == made.body
    wrong = await eve.post(
        "/api/password", {"current_password": "not it", "new_password": "another password"}
    )
    assert (wrong.status, wrong.body["errors"][0]["field"]) == (422, "current_password")
    changed = await eve.post(
        "/api/password", {"current_password": PASSWORD, "new_password": "another password"}
    )
    assert changed.status == 204
    assert (await Client(app.session, app.service.address, other.body["token"]).get("/api/me")).status == 401
    assert (await make_anonymous_client(app).post("/api/login", LOG_IN)).status == 401
    assert (await eve.delete(f"/api/tokens/{made.id}")).status == 204
    assert (await eve.delete(f"/api/tokens/{made.id}")).status == 404
    assert (await script.get("/api/me")).status == 401


async def test_an_account_joins_slack_by_a_code(app: Replica) -> None:
    eve = await sign_up(app)
    garden = await eve.post("/api/projects", {"title": "Garden"})
    await log_entry(eve, 3, 2, project_id=garden.id, description="weeds")
    code = re.search(r"```([\w-]+)```", str((await app.type_command("link")).blocks))
    assert code
    assert (await eve.post("/api/link", {"code": "ABCD-EFGH-JKMN"})).status == 422
    joined = await eve.post("/api/link", {"code": code[1]})
    assert (joined.status, joined.body) == (
        200, {"name": "Ada", "workspace": joined.body["workspace"], "entries": 1, "projects": 1},
    )  # fmt: skip
    assert (await eve.get("/api/me")).body["slack_user_id"] == "U0ADA"
    assert "Garden" in str((await app.type_command("today")).blocks)
    ben = await create_client(app, "U0BEN")
    assert (await ben.get("/api/time-entries")).body["items"] == []


async def test_forged_tokens_are_401(app: Replica) -> None:
    eve, other = await sign_up(app), await sign_up(app, "zoe@example.com")
    given = SessionTokens(access_token=str(eve.token), expires_in=900, refresh_token="ttr_" + "A" * 43)
    claims, others = (jwt.decode(str(one.token), options={"verify_signature": False}) for one in (eve, other))
    forged = [
        *of_headers(claims, str(eve.token)),
        *of_claims(claims, claims["iat"], others),
        *of_keys(claims),
        *of_shapes(str(eve.token), given),
    ]
    sent = [token for _, token in forged if token.isprintable() and token.isascii() and len(token) < 4_000]
    assert len(sent) > 300
    assert (await eve.get("/api/me")).status == 200
    for token in sent:
        answer = await Client(app.session, app.service.address, token).get("/api/me")
        # Spaces around a credential are no part of it.
        assert answer.status == (200 if token.strip() == eve.token else 401), token
    for schemed in (f"Basic {eve.token}", f"Token {eve.token}", f"bearer{eve.token}", str(eve.token)):
        assert (await make_anonymous_client(app).get("/api/me", authorization=schemed)).status == 401
    assert (await make_anonymous_client(app).get(f"/api/me?access_token={eve.token}")).status == 401


async def test_limits_are_told_and_kept(
    empty_database_url: str, local_slack: LocalSlack, clock: Clock
) -> None:
    async with run_replica(empty_database_url, local_slack, clock=clock) as app:
        await _limits_are_told_and_kept(app)


async def _limits_are_told_and_kept(app: Replica) -> None:
    eve = await sign_up(app)
    told = await eve.get("/api/me")
    assert told.headers["RateLimit-Policy"] == '"requests";q=3000;w=60'
    assert re.fullmatch(r'"requests";r=\d+;t=\d+', told.headers["RateLimit"])
    assert (await eve.get(f"/api/projects/{told.id}")).headers["RateLimit"]
    wrong = LOG_IN | {"email": "make_anonymous_client@example.com"}
    seen = [
        await make_anonymous_client(app).post("/api/login", wrong)
        for _ in range(PER_ACCOUNT_AND_ADDRESS.burst + 1)
    ]
    assert [one.status for one in seen] == [401] * PER_ACCOUNT_AND_ADDRESS.burst + [429]
    assert 0 < int(seen[-1].headers["Retry-After"]) <= PER_ACCOUNT_AND_ADDRESS.every
    assert seen[-1].headers["RateLimit"].startswith('"log-in/account and address";r=0;')
    assert (await make_anonymous_client(app).post("/api/login", LOG_IN)).status == 200, (
        "others are not kept out by it"
    )
    # One that costs as much as a minute of all the others.
    much = Quota(name=REQUESTS_PER_BEARER.name, burst=2, every=61)
    assert (await app.service.services.quotas.take(much, told.id)).allowed
    late = await eve.get("/api/me")
    assert (late.status, late.headers["Retry-After"]) == (429, "2")
    assert late.body["title"] == "Too Many Requests"


async def test_no_secret_reaches_the_log(app: Replica, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        eve = await sign_up(app)
        given = await make_anonymous_client(app).post("/api/login", LOG_IN)
        await make_anonymous_client(app).post("/api/login", LOG_IN | {"password": 7})
        await make_anonymous_client(app).post("/api/login", LOG_IN | {"password": "canary-wrong"})
        made = await eve.post("/api/tokens", {"name": "backup"})
        await Client(app.session, app.service.address, f"{eve.token}x").get("/api/me")
    for secret in (PASSWORD, "canary-wrong", eve.token, given.body["refresh_token"], made.body["token"]):
        assert str(secret) not in caplog.text


async def test_a_body_that_is_far_too_long_is_refused_before_it_is_hashed(app: Replica) -> None:
    for length, status in ((10_000, 422), (17_000, 413), (1_100_000, 413)):
        sent = json.dumps(LOG_IN | {"password": "x" * length}).encode()
        answer = await make_anonymous_client(app).post("/api/login", sent, content_type="application/json")
        assert answer.status == status


@pytest.mark.parametrize(
    ("peer", "forwarded", "said"),
    [
        ("192.0.2.1", ["203.0.113.9"], "192.0.2.1"),  # no proxy of ours: not believed
        ("10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.7, 203.0.113.9"], "203.0.113.9"),  # what stands before it, anybody wrote
        ("10.0.0.1", ["198.51.100.7", "203.0.113.9, 10.0.0.2"], "203.0.113.9"),
        ("::ffff:10.0.0.1", ["2001:db8::9"], "2001:db8::9"),
        ("10.0.0.1", ["203.0.113.9, nonsense"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", ["10.0.0.3"], "10.0.0.3"),
        ("", ["203.0.113.9"], ""),
    ],
)
def test_a_request_comes_from_where_our_proxies_say(peer: str, forwarded: list[str], said: str) -> None:
    assert find_client_address(peer, forwarded, [ip_network("10.0.0.0/8")]) == said
