"""What people are told while the database does not answer, and what becomes of what they asked for."""

import asyncio

import pytest

from tests.chaos.crowd import Heard, add_people, hurt, in_parallel, report
from tests.chaos.wire import Wire
from tests.chaos.world import World, sized, world

pytestmark = pytest.mark.chaos
# The server itself ends what is idle in a transaction for five seconds; a second more for looking.
LEFT_OPEN = """
select 1 from pg_stat_activity
where datname = 'chaos' and state like 'idle in transaction%' and state_change < clock_timestamp() - interval '6 s'
"""
CONNECTIONS = "select count(*) n from pg_stat_activity where datname = 'chaos' and usename = 'tracker'"
POOL = 10


async def test_a_frozen_database_is_told_honestly_and_in_time() -> None:
    people, freezes = sized(30, 200), sized(2, 8)
    async with world(1) as w:
        ids = add_people(w, people)
        await in_parallel([w.type_command(user, "status", f"{user}.hello") for user in ids], 20)
        heard, stopping = Heard(), asyncio.Event()
        working = asyncio.gather(*(heard.work(w, user, stopping) for user in ids))
        for _ in range(freezes):
            await asyncio.sleep(1)
            w.freeze_database(frozen=True)
            await asyncio.sleep(4)
            w.freeze_database(frozen=False)
        await asyncio.sleep(3)
        stopping.set()
        await working
        await asyncio.sleep(8)  # what was unsure is settled, and its message has left
        figures = await heard.was_true(w, ids)
        assert heard.denied
        report("frozen database", **figures, **hurt(w))


async def test_a_network_that_cuts_stalls_and_dawdles_loses_nothing() -> None:
    wire = Wire()
    people, cuts, stalls = sized(20, 50), sized(20, 200), sized(1, 20)
    async with world(2, wire=wire) as w:
        ids = add_people(w, people)
        await in_parallel([w.type_command(user, "status", f"{user}.hello") for user in ids], 10)
        heard, stopping = Heard(), asyncio.Event()
        working = asyncio.gather(*(heard.work(w, user, stopping) for user in ids))
        looking = asyncio.create_task(_looked_at(w, stopping))
        for _ in range(cuts):
            await asyncio.sleep(w.chance.uniform(0.05, 0.5))
            wire.cut_one(w.chance)
        for _ in range(stalls):
            await asyncio.sleep(1)
            wire.stall()
            await asyncio.sleep(sized(4, 10))
            wire.flow()
        await asyncio.sleep(2)
        wire.delay = 5
        await asyncio.sleep(sized(6, 30))
        wire.delay = 0
        await asyncio.sleep(5)
        stopping.set()
        await working
        most, left_open = await looking
        await asyncio.sleep(10)
        figures = await heard.was_true(w, ids)
        assert heard.told
        assert most <= POOL * len(w.replicas)
        assert left_open == 0
        report(
            "network to PostgreSQL",
            **figures,
            connections_cut=wire.cuts,
            stalls=stalls,
            connections_at_most=most,
        )


async def _looked_at(w: World, stopping: asyncio.Event) -> tuple[int, int]:
    """How many connections the service had at most, and how often one was left open in a transaction."""
    most = left_open = 0
    while not stopping.is_set():
        most = max(most, (await w.rows(CONNECTIONS))[0]["n"])
        left_open += len(await w.rows(LEFT_OPEN))
        await asyncio.sleep(1)
    return most, left_open
