"""A client whose answer is lost repeats its request with the same key, and the operation is done once."""

import asyncio
import json
import os
import random
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from tests.replica import Replica
from tests.web.client import Client, create_client

POSTS = int(os.environ.get("RETRIES", "120"))
CUT = 0.05  # of the connections, after the request was sent and before its answer was read
AT_ONCE = 8


async def test_posts_whose_answers_are_lost_and_asked_for_again_are_never_doubled(app: Replica) -> None:
    api = await create_client(app)
    # Clocks differ: made-up minutes of a long time ago, one for each post.
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    numbers, cut, dice = asyncio.Queue[int](), 0, random.Random(7)
    for number in range(POSTS):
        numbers.put_nowait(number)

    async def post_all() -> None:
        nonlocal cut
        while not numbers.empty():
            number = numbers.get_nowait()
            start = begin + timedelta(minutes=number)
            body = {"start_time": start.isoformat(), "end_time": (start + timedelta(minutes=1)).isoformat()}
            while dice.random() < CUT:
                cut += 1
                await _send_and_disconnect(api, body, f"k{number}")
            answer = await api.post("/api/time-entries", body, idempotency_key=f"k{number}")
            while answer.status == 503:  # a busy machine is asked again too
                answer = await api.post("/api/time-entries", body, idempotency_key=f"k{number}")
            assert answer.status == 201, answer.body

    await asyncio.gather(*(post_all() for _ in range(AT_ONCE)))
    assert cut > POSTS * CUT / 3
    seen, query = 0, "?limit=200"
    while query:
        page = (await api.get(f"/api/time-entries{query}")).body
        seen += len(page["items"])
        query = f"?limit=200&cursor={page['next_cursor']}" if page["next_cursor"] else ""
    assert seen == POSTS
    async with app.database.transaction(app.service.workspace.id) as tx:
        assert await tx.connection.fetchval("select count(*) from history where change = 'recorded'") == POSTS


async def _send_and_disconnect(api: Client, body: dict[str, str], key: str) -> None:
    place = urlsplit(api.address)
    assert place.hostname
    _, writer = await asyncio.open_connection(place.hostname, place.port)
    sent = json.dumps(body).encode()
    head = (
        f"POST /api/time-entries HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {api.token}\r\nIdempotency-Key: {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(sent)}\r\n\r\n"
    )
    writer.write(head.encode() + sent)
    await writer.drain()
    await asyncio.sleep(random.random() * 0.01)  # from before it is read until after it is committed
    writer.close()
