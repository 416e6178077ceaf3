"""What a restart costs: of the database under load, and of the replicas one after the other."""

import asyncio
import re
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from tests.chaos.crowd import RUNNING_TWICE, add_people, hurt, in_parallel, report
from tests.chaos.world import ROOT, World, sized, world

pytestmark = pytest.mark.chaos
PAUSE = 13  # seconds between restarts: the server's guard gives up on more than five in a minute


async def test_the_database_is_restarted_under_load_and_nothing_is_lost() -> None:
    how = ["kill"] * sized(1, 10) + ["fast", "immediate"] * sized(1, 5)
    async with world(2) as w:
        ids = add_people(w, 20)
        await in_parallel([w.type_command(user, "status", f"{user}.hello") for user in ids], 10)
        answered: set[str] = set()
        stopping = asyncio.Event()

        async def person(user: str) -> None:
            number = 0
            while not stopping.is_set():
                note = f"{user}x{number}"
                await w.type_command(user, f"start {note}", note)
                answered.add(note)
                number += 1
                await asyncio.sleep(w.chance.uniform(0.05, 0.3))

        working = asyncio.gather(*(person(user) for user in ids))
        slowest = 0.0
        for one in how:
            await asyncio.sleep(sized(2, PAUSE))
            before = len(await w.rows("select 1 from time_entries"))
            w.kill_database() if one == "kill" else w.stop_database(fast=one == "fast")
            slowest = max(slowest, await _until_served(w, before))
        stopping.set()
        await working
        rows = await w.rows("select note from time_entries where not deleted")
        found = [row["note"] for row in rows]
        lost, doubled = len(answered - set(found)), len(found) - len(set(found))
        report(
            "restarts of PostgreSQL",
            commands=len(answered),
            lost=lost,
            doubled=doubled,
            seconds_until_served_again_at_most=round(slowest, 1),
            **hurt(w),
        )
        assert (lost, doubled, await w.rows(RUNNING_TWICE)) == (0, 0, [])
        assert slowest < 5


async def test_rolling_restarts_behind_haproxy_are_seen_by_nobody() -> None:
    restarts, each_second = sized(3, 20), 50
    async with world(3) as w, _balancer(w) as balancer:
        ids = add_people(w, 100)
        await in_parallel([w.type_command(user, "status", f"{user}.hello") for user in ids], 10)
        failed: list[str] = []
        answered: set[str] = set()
        waits: list[float] = []
        stopping = asyncio.Event()

        async def one(number: int) -> None:
            note, began = f"n{number}", time.monotonic()
            url, user = f"{balancer}/slack/events", ids[number % len(ids)]
            answer = await w.local_slack.command(user, f"start {note}", trigger_id=note, request_url=url)
            waits.append(time.monotonic() - began)
            said = answer.message.text if answer.message else ""
            (answered.add if said.startswith("Started") else failed.append)(note)

        async def load() -> None:
            running: list[asyncio.Task[None]] = []
            while not stopping.is_set():
                running.append(asyncio.create_task(one(len(running))))
                await asyncio.sleep(1 / each_second)
            await asyncio.gather(*running)

        loading = asyncio.create_task(load())
        exits: list[int | None] = []
        slowest = 0.0
        for number in range(restarts):
            await asyncio.sleep(1)
            replica = w.replicas[number % len(w.replicas)]
            began = time.monotonic()
            replica.process.terminate()
            exits.append(await asyncio.wait_for(replica.process.wait(), 10))
            slowest = max(slowest, time.monotonic() - began)
            await w.revive()
        stopping.set()
        await loading
        rows = await w.rows("select note from time_entries where not deleted")
        lost = len(answered - {row["note"] for row in rows})
        report(
            "rolling restarts behind HAProxy",
            restarts=restarts,
            commands=len(waits),
            a_second=each_second,
            failed_acks=len(failed),
            lost=lost,
            slowest_answer_ms=round(max(waits) * 1000),
            seconds_to_drain_at_most=round(slowest, 1),
        )
        assert (failed, lost, set(exits)) == ([], 0, {0})


async def _until_served(w: World, before: int) -> float:
    """Seconds from the instant at which the database answers again until the next entry is there."""
    while True:
        try:
            rows = await w.rows("select count(*) n from time_entries")
            break
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await asyncio.sleep(0.05)
    began = time.monotonic()
    known = max(before, rows[0]["n"])
    while (await w.rows("select count(*) n from time_entries"))[0]["n"] <= known:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    return time.monotonic() - began


@asynccontextmanager
async def _balancer(w: World) -> AsyncIterator[str]:
    """HAProxy as deploy/haproxy.cfg has it, but for the addresses and for TLS; where it listens."""
    text = (ROOT / "deploy" / "haproxy.cfg").read_text()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    text = re.sub(r"bind :443 .*", f"bind 127.0.0.1:{port}", text)
    for replica in w.replicas:
        text = re.sub(r"10\.0\.0\.\d+:3000", replica.url.removeprefix("http://"), text, count=1)
    config = w.folder / "haproxy.cfg"
    config.write_text(text)
    quiet = asyncio.subprocess.DEVNULL  # it tells of each replica that goes and comes
    process = await asyncio.create_subprocess_exec("haproxy", "-db", "-f", str(config), stderr=quiet)
    try:
        await asyncio.sleep(3)  # until each replica was found ready
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()
