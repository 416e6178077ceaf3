"""Nothing is lost or doubled while processes and databases die. Small by default; CHAOS=full for the whole numbers."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from tests.chaos.crowd import OVERLAPS, RUNNING_TWICE, add_people, hurt, in_parallel, report
from tests.chaos.world import World, sized, world
from tests.replica import WEBHOOK_SECRET
from web.webhooks.signatures import decode_secret, sign

pytestmark = pytest.mark.chaos


async def test_parallel_starts_on_two_replicas_leave_one_running_timer_each() -> None:
    people, parallel = sized(20, 200), 20
    async with world(2) as w:
        ids = add_people(w, people)
        statuses: list[int] = []

        async def start(user: str, number: int) -> None:
            url = f"{w.replicas[number % 2].url}/slack/events"
            answer = await w.local_slack.command(
                user, f"start n{number}", trigger_id=f"{user}.{number}", request_url=url
            )
            statuses.append(answer.status)

        await in_parallel([start(user, number) for user in ids for number in range(parallel)], 100)
        running = await w.rows("select person_id from time_entries where ended_at is null and not deleted")
        assert len(running) == people
        assert await w.rows(RUNNING_TWICE) == []
        assert await w.rows(OVERLAPS) == []
        assert {status for status in statuses if status >= 500} == set()
        report("parallel starts", people=people, starts=len(statuses), statuses=sorted(set(statuses)))


async def test_answered_commands_survive_kills_of_replicas_and_database() -> None:
    commands, replica_kills, database_kills = sized(300, 2000), sized(3, 10), sized(1, 3)
    async with world(2) as w:
        ids = add_people(w, 20)
        answered: dict[str, str] = {}
        done = asyncio.Event()

        async def person(user: str) -> None:
            for number in range(commands // len(ids)):
                text = f"start {user}x{number}" if number % 2 == 0 else "stop"
                answer = await w.type_command(user, text, f"{user}.{number}")
                assert answer.message is not None
                answered[f"{user}.{number}"] = answer.message.text
                await asyncio.sleep(w.chance.uniform(0.1, 0.5))

        async def trouble() -> None:
            left = ["replica"] * replica_kills + ["database"] * database_kills
            w.chance.shuffle(left)
            while left and not done.is_set():
                await asyncio.sleep(0.3)
                if left.pop() == "replica":
                    await w.kill_replica()
                else:
                    w.kill_database()

        hurting = asyncio.create_task(trouble())
        await asyncio.gather(*(person(user) for user in ids))
        done.set()
        await hurting
        rows = await w.rows("select note, ended_at from time_entries where not deleted")
        found: dict[str, list[object]] = {}
        for row in rows:
            found.setdefault(row["note"], []).append(row["ended_at"])
        lost = doubled = 0
        for text in answered.values():
            note = text.split(": ")[1].split(",")[0]
            ends = found.get(note, [])
            lost += not ends or (text.startswith("Stopped") and ends[0] is None)
            doubled += len(ends) > 1
            assert text.startswith(("Started", "Stopped")), text
        assert (lost, doubled, len(answered)) == (0, 0, commands // 20 * 20)
        assert await w.rows(RUNNING_TWICE) == []
        assert await w.rows(OVERLAPS) == []
        report("kills", commands=len(answered), lost=lost, doubled=doubled, **hurt(w))


async def test_an_acknowledged_webhook_has_its_effect_after_a_kill_and_once() -> None:
    deliveries, kills = sized(100, 1000), sized(3, 10)
    async with world(2) as w, aiohttp.ClientSession() as session:
        ids = add_people(w, 10)
        await in_parallel([w.type_command(user, "status", f"{user}.hello") for user in ids], 10)
        acknowledged: list[str] = []

        async def deliver(number: int) -> None:
            end = datetime.now(UTC) - timedelta(minutes=2 * (number // 10) + 1)
            start = end - timedelta(minutes=1)
            data = {"user": ids[number % 10], "description": f"hook{number}"}
            data |= {"start_time": start.isoformat(), "end_time": end.isoformat()}
            body = json.dumps(
                {"type": "time_entry.create", "timestamp": end.isoformat(), "data": data}
            ).encode()
            accepted = 0
            for _ in range(60):
                if await _posted(session, w, f"msg_{number}", body) == 202:
                    accepted += 1
                    acknowledged.append(f"hook{number}")
                if accepted == 5:
                    return
                await asyncio.sleep(0.05)
            raise AssertionError(f"delivery {number} was accepted {accepted} times")

        async def trouble() -> None:
            for _ in range(kills):
                await asyncio.sleep(0.4)
                await w.kill_replica()

        hurting = asyncio.create_task(trouble())
        await in_parallel([deliver(number) for number in range(deliveries)], 10)
        await hurting
        rows = await w.rows("select note, count(*) n from time_entries where not deleted group by note")
        found = {row["note"]: row["n"] for row in rows}
        lost = sum(note not in found for note in set(acknowledged))
        doubled = sum(count > 1 for count in found.values())
        assert (lost, doubled, len(found)) == (0, 0, deliveries)
        report(
            "webhooks",
            deliveries=deliveries,
            acknowledged=len(acknowledged),
            lost=lost,
            doubled=doubled,
            **hurt(w),
        )


async def test_sigterm_drains_and_ends_with_zero_within_ten_seconds() -> None:
    async with world(1) as w:
        (user,) = add_people(w, 1)
        commands = [w.type_command(user, f"start n{number}", f"t.{number}", tries=1) for number in range(20)]
        under_way = asyncio.gather(*commands)
        await asyncio.sleep(0.1)
        began = time.monotonic()
        w.replicas[0].process.terminate()
        assert await asyncio.wait_for(w.replicas[0].process.wait(), 10) == 0
        report("drain", seconds=round(time.monotonic() - began, 1))
        answers = await under_way
        (count,) = await w.rows("select count(*) n from time_entries")
        assert count["n"] == len(answers) == 20


async def _posted(session: aiohttp.ClientSession, w: World, delivery_id: str, body: bytes) -> int:
    now = int(time.time())
    headers = {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(now),
        "webhook-signature": sign([decode_secret(WEBHOOK_SECRET)], delivery_id, now, body),
    }
    url = f"{w.chance.choice(w.replicas).url}/api/webhooks"
    try:
        async with session.post(
            url, data=body, headers=headers, timeout=aiohttp.ClientTimeout(5)
        ) as response:
            return response.status
    except (aiohttp.ClientError, TimeoutError):
        return 0
