"""The REST API under the same load: reads of the timer and of a page of entries, and starts of timers."""

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
    timer: Load
    page: Load
    start: Load


async def measured(url: str, database: str, cpu_of: Callable[[], float]) -> Rest:
    tokens = await _tokens(database)

    async def under(method: str, path: str, body: bytes = b"") -> Load:
        requests = _requests(method, path, body, tokens)
        await load.run(url, requests, connections=CONNECTIONS, count=PEOPLE, cpu_of=cpu_of)  # warm
        return await load.run(url, requests, connections=CONNECTIONS, count=COUNT, cpu_of=cpu_of)

    return Rest(
        start=await under("POST", "/api/timer/start", b'{"description": "fix login"}'),
        timer=await under("GET", "/api/timer"),
        page=await under("GET", "/api/time-entries?limit=50"),
    )


def _requests(method: str, path: str, body: bytes, tokens: list[str]) -> Iterator[bytes]:
    number = 0
    while True:
        token = tokens[number % len(tokens)]
        yield (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body
        number += 1


async def _tokens(database: str) -> list[str]:
    """A token for each of some people, as `/track token` would have made it."""
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
