"""What a machine whose clock is wrong does."""

import asyncio
import time
from datetime import timedelta

import aiohttp
import pytest

from tests.chaos.crowd import add_people
from tests.chaos.world import World, world

pytestmark = pytest.mark.chaos


async def test_a_clock_that_is_set_back_stops_no_job() -> None:
    async with world(1) as w:
        (user,) = add_people(w, 1)
        await w.type_command(user, "start docs", "t.1")
        await asyncio.sleep(2)
        w.set_clock("replica0", timedelta(days=-1))
        await asyncio.sleep(4)
        # Straight to the database: the service refuses a signature that is a day younger than its clock.
        await w.rows(
            "insert into messages (workspace_id, key, channel, content, due_at)"
            " select id, 'said', $1, '{\"text\": \"hello\"}', now() from workspaces",
            user,
        )
        async with asyncio.timeout(10):
            while not w.local_slack.workspace.messages(w.local_slack.workspace.dm(user)):  # noqa: ASYNC110
                await asyncio.sleep(0.2)


async def test_a_clock_that_jumps_forty_days_delays_no_answer_and_stops_no_job() -> None:
    """As after a sleep of more than a month, and back again."""
    async with world(1) as w, aiohttp.ClientSession() as session:
        (user,) = add_people(w, 1)
        await w.type_command(user, "start docs", "t.1")
        slowest = 0.0
        for said, ahead in enumerate(
            (timedelta(days=40), timedelta(), timedelta(days=400), timedelta(days=-1)), start=1
        ):
            w.set_clock("replica0", ahead)
            end = time.monotonic() + 5
            while time.monotonic() < end:
                begin = time.monotonic()
                async with session.get(f"{w.replicas[0].url}/readyz") as answer:
                    assert answer.status == 200, await answer.text()
                slowest = max(slowest, time.monotonic() - begin)
                await asyncio.sleep(0.05)
            await says(w, user, said)
        assert slowest < 1.0


async def says(w: World, user: str, number: int) -> None:
    """A message that is due by the database's clock leaves, whatever the replica's own clock says."""
    await w.rows(
        "insert into messages (workspace_id, key, channel, content, due_at)"
        ' select id, $2, $1, \'{"text": "hello"}\', now() from workspaces',
        user,
        f"said {number}",
    )
    async with asyncio.timeout(10):
        while len(w.local_slack.workspace.messages(w.local_slack.workspace.dm(user))) < number:  # noqa: ASYNC110
            await asyncio.sleep(0.2)
