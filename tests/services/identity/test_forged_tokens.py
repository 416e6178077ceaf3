"""Access tokens that were not issued here for this: none of them is anybody's."""

import base64
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt

from domain.identity.accounts import SignUp
from domain.identity.keys import derive_key
from domain.identity.tokens import derive_token
from services.identity.access_tokens import AUDIENCE, CLAIMS, HEADER, ISSUER, PURPOSE
from services.identity.sessions import SessionTokens
from storage.postgres.database import Database
from tests.cast import KEYS, Cast, RecordingNotifier, patient_services
from tests.conftest import Clock

EMAIL, PASSWORD, HERE = "eve@example.com", "correct horse battery", "192.0.2.1"
OURS = derive_key(PURPOSE, KEYS[0])
Forged = tuple[str, str]  # what was tried, and the token


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def signed(claims: object, header: object = HEADER, key: bytes = OURS, digest: str = "sha256") -> str:
    body = f"{part(header)}.{part(claims)}"
    mark = base64.urlsafe_b64encode(hmac.digest(key, body.encode(), digest)).rstrip(b"=").decode()
    return f"{body}.{mark}"


def of_headers(claims: dict[str, Any], honest: str) -> Iterator[Forged]:
    algorithms: list[Any] = [
        "none", "None", "NONE", "nOnE", "", "HS384", "HS512", "RS256", "RS384", "PS256", "ES256", "EdDSA", "hs256",
        "HS256 ", None, 0, ["HS256"], {"alg": "HS256"},
    ]  # fmt: skip
    for algorithm in algorithms:
        header = {"alg": algorithm, "typ": "at+jwt"}
        yield f"alg {algorithm!r}, unsigned", f"{part(header)}.{part(claims)}."
        yield f"alg {algorithm!r}, our mark", signed(claims, header)
        yield (
            f"alg {algorithm!r}, the honest one's mark",
            f"{part(header)}.{part(claims)}." + honest.split(".")[2],
        )
    for digest, algorithm in (("sha384", "HS384"), ("sha512", "HS512")):
        yield f"signed with {algorithm}", signed(claims, HEADER | {"alg": algorithm}, digest=digest)
    for kind in (
        "JWT",
        "jwt",
        "at+JWT",
        "AT+JWT",
        "application/at+jwt",
        "rt+jwt",
        "id+jwt",
        "",
        None,
        1,
        ["at+jwt"],
    ):
        yield f"typ {kind!r}", signed(claims, HEADER | {"typ": kind})
    yield "no typ", signed(claims, {"alg": "HS256"})
    more: dict[str, list[Any]] = {
        "kid": ["0", "../../../../dev/null", "/dev/null", "' union select 'x", "file:///dev/null", 7, None],
        "jku": ["https://evil.example/keys.json", "http://127.0.0.1/keys"],
        "x5u": ["https://evil.example/cert.pem"],
        "jwk": [{"kty": "oct", "k": "QUFB"}],
        "x5c": [["MIIB"]],
        "crit": [["exp"], ["b64"], [], "exp"],
        "b64": [False],
        "cty": ["JWT"],
        "zip": ["DEF"],
        "enc": ["A256GCM"],
    }
    for name, values in more.items():
        for value in values:
            yield f"{name} {value!r}", signed(claims, HEADER | {name: value})
            yield f"{name} {value!r}, an empty key", signed(claims, HEADER | {name: value}, key=b"")
    headers: list[Any] = [[], "HS256", None, 1, {}, [HEADER]]
    for instead in headers:
        yield f"header {instead!r}", signed(claims, instead)


def of_claims(claims: dict[str, Any], now: int, other: dict[str, str]) -> Iterator[Forged]:
    for name in CLAIMS:
        yield f"without {name}", signed({key: value for key, value in claims.items() if key != name})
        values: list[Any] = [None, "", [], {}, True, -1, 1.5, "x" * 40]
        for value in values:
            yield f"{name} {value!r}", signed(claims | {name: value})
    wrong: dict[str, list[Any]] = {
        "iss": ["https://evil.example", ISSUER.upper(), ISSUER + "/", [ISSUER]],
        "aud": [[AUDIENCE], [AUDIENCE, "other"], AUDIENCE.upper(), "truth-time-tracker", "other"],
        "sub": [other["sub"], str(uuid4()), "../" + claims["sub"]],
        "sid": [other["sid"], str(uuid4()), f"{claims['sid']}' or true --"],
        "exp": [
            now,
            now - 1,
            now - 10**6,
            now + 901,
            now + 10**9,
            10**30,
            str(now + 60),
            now + 60.0,
            float("nan"),
        ],
        "iat": [now + 31, now + 10**6, now - 901, -(10**30), str(now), float("inf")],
    }
    for name, values in wrong.items():
        for value in values:
            yield f"{name} {value!r}", signed(claims | {name: value})
    expired = {"iat": now - 900, "exp": now}
    yield "expired this second", signed(claims | expired)
    more: dict[str, list[Any]] = {
        "nbf": [now, now + 60, now - 60, "soon"],
        "scope": ["account"],
        "scopes": [["read"]],
        "role": ["admin"],
        "workspace_id": [str(uuid4())],
        "cnf": [{"jkt": "x"}],
    }
    for name, values in more.items():
        for value in values:
            yield f"{name} {value!r} as well", signed(claims | {name: value})
    payloads: list[Any] = [[], "claims", None, 1, [claims], {}]
    for instead in payloads:
        yield f"payload {instead!r:.20}", signed(instead)


def of_keys(claims: dict[str, Any]) -> Iterator[Forged]:
    keys = {
        "no key": b"",
        "the service's own key": KEYS[0],
        "another purpose's": derive_key("refresh-token", KEYS[0]),
        "the address's": derive_key("address", KEYS[0]),
        "another service's": derive_key(PURPOSE, b"o" * 32),
        "the purpose": PURPOSE.encode(),
        "the issuer": ISSUER.encode(),
        "zeros": bytes(32),
        "secret": b"secret",
        "ours, in hexadecimal": OURS.hex().encode(),
        "ours, cut": OURS[:31],
        "ours, longer": OURS + b"x",
    }
    for name, key in keys.items():
        yield f"signed with {name}", signed(claims, key=key)


def of_shapes(honest: str, given: SessionTokens) -> Iterator[Forged]:
    head, body, mark = honest.split(".")
    flipped = "A" if mark[0] != "A" else "B"
    yield from {
        "nothing": "",
        "a space": " ",
        "dots": "..",
        "no mark": f"{head}.{body}",
        "an empty mark": f"{head}.{body}.",
        "no header": f".{body}.{mark}",
        "no claims": f"{head}..{mark}",
        "four parts": f"{honest}.{mark}",
        "five parts, as if encrypted": f"{head}.{body}.{mark}.{mark}.{mark}",
        "the mark changed": f"{head}.{body}.{flipped}{mark[1:]}",
        "the mark of nothing": f"{head}.{body}.{'A' * 43}",
        "with a space": honest + " ",
        "with a line end": honest + "\n",
        "padded": honest + "=",
        "with a NUL": honest + "\x00",
        "not ASCII": honest[:-1] + "é",
        "very long": honest + "A" * 100_000,
        "lower case": honest.lower(),
        "twice": f"{honest},{honest}",
        "in JSON": json.dumps({"payload": body, "protected": head, "signature": mark}),
        "a refresh token": given.refresh_token,
        "a refresh token in the place of claims": f"{head}.{given.refresh_token}.{mark}",
        "a personal token nobody has": derive_token(b"o" * 32, "nobody"),
    }.items()
    for place in range(0, len(honest), 7):
        letter = "A" if honest[place] != "A" else "B"
        yield f"letter {place} changed", honest[:place] + letter + honest[place + 1 :]
    for length in range(0, len(honest), 16):
        yield f"cut after {length}", honest[:length]


async def test_no_forged_token_is_anybodys(cast: Cast, clock: Clock, database: Database) -> None:
    services = cast.services
    for email in (EMAIL, "zoe@example.com"):
        await services.accounts.sign_up(SignUp(name="One", email=email, password=PASSWORD), address=HERE)
    given = await services.sessions.log_in(EMAIL, PASSWORD, address=HERE)
    others = await services.sessions.log_in("zoe@example.com", PASSWORD, address=HERE)
    honest = given.access_token
    claims, other = (
        jwt.decode(token, options={"verify_signature": False}) for token in (honest, others.access_token)
    )
    now = int(clock.now.timestamp())
    assert claims == claims | {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 900}
    # What the forger is given is right: so each of the others fails for what is said of it.
    assert await services.authentication.find_caller(signed(claims))
    forged = [
        *of_headers(claims, honest),
        *of_claims(claims, now, other),
        *of_keys(claims),
        *of_shapes(honest, given),
    ]
    assert len({token for _, token in forged}) > 300
    accepted = [name for name, token in forged if await services.authentication.find_caller(token)]
    assert accepted == []

    found = await services.authentication.find_caller(honest)
    assert found
    assert found.session
    clock.now += timedelta(hours=1)
    clock.now -= timedelta(hours=1, minutes=1)  # a clock that went back further than it may
    assert await services.authentication.find_caller(honest) is None
    clock.now += timedelta(minutes=1)
    elsewhere = patient_services(database, RecordingNotifier(), (b"o" * 32,))
    assert await elsewhere.authentication.find_caller(honest) is None
    await elsewhere.close()
    await services.sessions.log_out(found.session)
    assert await services.authentication.find_caller(honest) is None
    assert await services.authentication.find_caller(others.access_token)
