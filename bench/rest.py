"""Measures the REST API: reading the timer and a page of entries, and starting timers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import asyncpg

from bench import load
from bench.load import Load
from domain.identity.keys import hash_secret
from domain.identity.tokens import derive_token

PEOPLE, COUNT, CONNECTIONS = 200, 2_000, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """The loads of three operations."""

    timer: Load
    page: Load
    start: Load


async def measure(url: str, database: str, read_cpu: Callable[[], float]) -> Rest:
    tokens = await _insert_tokens(database)

    async def measure_operation(method: str, path: str, body: bytes = b"") -> Load:
        requests = _make_requests(method, path, body, tokens)
        await load.run(url, requests, connections=CONNECTIONS, count=PEOPLE, read_cpu=read_cpu)  # warm up
        return await load.run(url, requests, connections=CONNECTIONS, count=COUNT, read_cpu=read_cpu)

    return Rest(
        start=await measure_operation("POST", "/api/timer/start", b'{"description": "fix login"}'),
        timer=await measure_operation("GET", "/api/timer"),
        page=await measure_operation("GET", "/api/time-entries?limit=50"),
    )


def _make_requests(method: str, path: str, body: bytes, tokens: list[str]) -> Iterator[bytes]:
    number = 0
    while True:
        token = tokens[number % len(tokens)]
        yield (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body
        number += 1


async def _insert_tokens(database: str) -> list[str]:
    """Insert a token for some people, like those of `/track token`. Return the tokens."""
    connection = await asyncpg.connect(database)
    people = await connection.fetch(
        "select workspace_id, id from people order by slack_user_id limit $1", PEOPLE
    )
    tokens = [derive_token(b"bench", str(row["id"])) for row in people]
    await connection.executemany(
        "insert into api_tokens (workspace_id, person_id, name, scopes, hash, last4)"
        " values ($1, $2, 'bench', '{read,write}', $3, $4)",
        [
            (row["workspace_id"], row["id"], hash_secret(token), token[-4:])
            for row, token in zip(people, tokens, strict=True)
        ],
    )
    await connection.close()
    return tokens
