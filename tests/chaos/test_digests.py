"""One digest for each person, while replicas are killed and frozen and Slack fails."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.chaos.crowd import ZONES, add_people, hurt, in_parallel, report
from tests.chaos.world import sized, world

pytestmark = pytest.mark.chaos
NOT_SENT = """
select count(*) n from people p where p.digest_daily
  and not exists (select 1 from messages m where m.person_id = p.id and m.status = 'sent')
"""


async def test_digests_are_neither_missing_nor_doubled() -> None:
    people, kills, freezes = sized(240, 5000), sized(2, 10), sized(1, 5)
    async with world(3) as w:
        ids = add_people(w, people)
        due = datetime.now(UTC) + timedelta(seconds=sized(45, 100))
        due = due.replace(second=0, microsecond=0) + timedelta(minutes=1)

        async def choose(number: int, user: str) -> None:
            local = due.astimezone(ZoneInfo(ZONES[number % len(ZONES)]))
            await w.typed(user, f"digest {local:%H:%M}", f"{user}.digest")

        await in_parallel([choose(number, user) for number, user in enumerate(ids)], 40)
        assert datetime.now(UTC) < due, "the people were not ready in time"
        w.sandbox.faults.rate_limited = 0.05
        w.sandbox.faults.server_error = 0.03
        w.sandbox.faults.lost_reply = 0.02
        await asyncio.sleep((due - datetime.now(UTC)).total_seconds())
        began = time.monotonic()

        async def trouble() -> None:
            for number in range(kills + freezes):
                await asyncio.sleep(w.chance.uniform(0.5, 2.5))
                if number % 3 == 2 or number >= kills + freezes - freezes // 2:
                    await w.freeze_replica(sized(4, 35))
                else:
                    await w.kill_replica()

        hurting = asyncio.create_task(trouble())
        while (  # noqa: ASYNC110 - other processes do it, nobody here can be told
            left := (await w.rows(NOT_SENT))[0]["n"]
        ) and time.monotonic() - began < sized(240, 900):
            await asyncio.sleep(2)
        await hurting
        await asyncio.sleep(5)
        counts = [
            sum(
                1
                for message in w.sandbox.workspace.messages(w.sandbox.workspace.dm(user))
                if message.metadata
            )
            for user in ids
        ]
        missing = counts.count(0)
        doubled = sum(count - 1 for count in counts if count > 1)
        assert (missing, doubled, left) == (0, 0, 0), (w.log("replica0"), w.hurt)
        calls = [call for call in w.sandbox.calls if call.method == "chat.postMessage"]
        report(
            "digests",
            digests=people,
            missing=missing,
            doubled=doubled,
            seconds=round(time.monotonic() - began),
            posts=len(calls),
            look_ups=sum(call.method == "conversations.history" for call in w.sandbox.calls),
            **hurt(w),
        )
