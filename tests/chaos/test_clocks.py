"""What a machine whose clock is wrong does."""

import asyncio
from datetime import timedelta

import pytest

from tests.chaos.crowd import add_people
from tests.chaos.world import world

pytestmark = pytest.mark.chaos


async def test_a_clock_that_is_set_back_stops_no_job() -> None:
    async with world(1) as w:
        (user,) = add_people(w, 1)
        await w.typed(user, "start docs", "t.1")
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
            while not w.sandbox.workspace.messages(w.sandbox.workspace.dm(user)):  # noqa: ASYNC110
                await asyncio.sleep(0.2)
