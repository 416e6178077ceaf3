"""A Slack that takes its time, and sometimes more than that: what leaves for it, and who works meanwhile."""

import asyncio
import time

import pytest

from tests.chaos.crowd import Heard, add_people, hurt, in_parallel, report
from tests.chaos.world import sized, world

pytestmark = pytest.mark.chaos
ALL_DUE = """
update people set digest_daily = true, next_digest_on = current_date, next_digest_at = clock_timestamp()
"""
NOT_SENT = """
select count(*) n from people p where not exists
  (select 1 from messages m where m.workspace_id = p.workspace_id and m.person_id = p.id and m.status = 'sent')
"""


async def test_a_slow_slack_keeps_nobody_waiting_and_doubles_nothing() -> None:
    people, at_work, latency = sized(120, 3_000), 20, sized(1.5, 3.0)
    async with world(2) as w:
        ids = add_people(w, people)
        await in_parallel([w.type_command(user, "status", f"{user}.hello") for user in ids], 10)
        w.local_slack.faults.latency = latency  # of every call
        w.local_slack.faults.server_error = 0.05
        w.local_slack.faults.lost_reply = 0.05
        heard, stopping = Heard(), asyncio.Event()
        working = asyncio.gather(*(heard.work(w, user, stopping) for user in ids[:at_work]))
        await w.rows(ALL_DUE)
        began = time.monotonic()
        async with asyncio.timeout(sized(120, 600)):
            while (await w.rows(NOT_SENT))[0]["n"]:  # noqa: ASYNC110 - other processes do it
                await asyncio.sleep(1)
        seconds = round(time.monotonic() - began)
        stopping.set()
        await working
        w.local_slack.faults.latency = 0
        await asyncio.sleep(5)
        counts = [len(w.local_slack.workspace.messages(w.local_slack.workspace.dm(user))) for user in ids]
        assert set(counts) == {1}
        figures = await heard.was_true(w, ids)
        calls = {"seconds_a_call": latency, "digests": people, "missing": 0, "digests_doubled": 0}
        report("slow Slack", **calls, seconds=seconds, **figures, **hurt(w))
