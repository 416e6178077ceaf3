"""What we promise, while processes and databases die. Small by default; CHAOS=full for the whole numbers."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from sandbox.workspace import Person
from tests.chaos.world import World, sized, world
from tests.service import WEBHOOK_SECRET
from web.hooks.signatures import key_of, sign

pytestmark = pytest.mark.chaos

RUNNING_TWICE = """
select person_id from time_entries where ended_at is null and not deleted group by person_id having count(*) > 1
"""
OVERLAPS = """
select 1 from time_entries a join time_entries b on a.person_id = b.person_id and a.id < b.id
where not a.deleted and not b.deleted
  and tstzrange(a.started_at, a.ended_at) && tstzrange(b.started_at, b.ended_at)
"""
NOT_SENT = """
select count(*) n from people p where p.digest_daily
  and not exists (select 1 from messages m where m.person_id = p.id and m.status = 'sent')
"""
ZONES = [
    "Pacific/Auckland", "Pacific/Guadalcanal", "Australia/Sydney", "Asia/Tokyo", "Asia/Shanghai", "Asia/Bangkok",
    "Asia/Dhaka", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Karachi", "Asia/Dubai", "Asia/Tehran", "Europe/Moscow",
    "Europe/Athens", "Europe/Berlin", "Europe/London", "Atlantic/Azores", "America/Noronha", "America/Sao_Paulo",
    "America/Halifax", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
]  # fmt: skip


def report(name: str, **figures: object) -> None:
    print(f"\n{name}: " + ", ".join(f"{value} {what.replace('_', ' ')}" for what, value in figures.items()))


def add_people(world: World, count: int) -> list[str]:
    ids = [f"U{number:05}" for number in range(count)]
    for number, user in enumerate(ids):
        zone = ZONES[number % len(ZONES)]
        world.sandbox.workspace.add_person(
            Person(user, f"Person {number}", zone, "en-US", f"{user}@example.com")
        )
    return ids


async def in_parallel(jobs: list[object], most: int) -> None:
    """At most so many at a time: the load is this machine's own."""
    slots = asyncio.Semaphore(most)

    async def one(job: object) -> None:
        async with slots:
            await job  # type: ignore[misc]

    await asyncio.gather(*(one(job) for job in jobs))


async def test_parallel_starts_on_two_replicas_leave_one_running_timer_each() -> None:
    people, parallel = sized(20, 200), 20
    async with world(2) as w:
        ids = add_people(w, people)
        statuses: list[int] = []

        async def start(user: str, number: int) -> None:
            url = f"{w.replicas[number % 2].url}/slack/events"
            answer = await w.sandbox.command(
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
                answer = await w.typed(user, text, f"{user}.{number}")
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
        report("kills", commands=len(answered), lost=lost, doubled=doubled, **_named(w))


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
            **_named(w),
        )


async def test_an_acknowledged_webhook_has_its_effect_after_a_kill_and_once() -> None:
    deliveries, kills = sized(100, 1000), sized(3, 10)
    async with world(2) as w, aiohttp.ClientSession() as session:
        ids = add_people(w, 10)
        await in_parallel([w.typed(user, "status", f"{user}.hello") for user in ids], 10)
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
            **_named(w),
        )


async def test_a_frozen_database_is_told_honestly_and_in_time() -> None:
    people, freezes = sized(30, 200), sized(2, 8)
    async with world(1) as w:
        ids = add_people(w, people)
        await in_parallel([w.typed(user, "status", f"{user}.hello") for user in ids], 20)
        denied: list[str] = []
        unsure: list[str] = []
        told: list[str] = []
        slowest = 0.0
        stopping = asyncio.Event()

        async def person(user: str) -> None:
            nonlocal slowest
            number = 0
            while not stopping.is_set():
                note = f"{user}x{number}"
                began = time.monotonic()
                url = f"{w.replicas[0].url}/slack/events"
                answer = await w.sandbox.command(user, f"start {note}", trigger_id=note, request_url=url)
                slowest = max(slowest, time.monotonic() - began)
                assert answer.status == 200, answer
                text = answer.message.text if answer.message else ""
                said = {"Nothing": denied, "I can't": unsure, "Started": told}
                said[text[:7]].append(note)
                number += 1
                await asyncio.sleep(w.chance.uniform(0.05, 0.4))

        async def trouble() -> None:
            for _ in range(freezes):
                await asyncio.sleep(1)
                w.freeze_database(frozen=True)
                await asyncio.sleep(4)
                w.freeze_database(frozen=False)
            await asyncio.sleep(3)
            stopping.set()

        await asyncio.gather(trouble(), *(person(user) for user in ids))
        await asyncio.sleep(8)  # what was unsure is settled, and its message has left
        rows = await w.rows("select note from time_entries where not deleted")
        found = [row["note"] for row in rows]
        false_denials = sorted(set(denied) & set(found))
        lost = sorted(set(told) - set(found))
        doubled = len(found) - len(set(found))
        assert (false_denials, lost, doubled) == ([], [], 0)
        assert slowest < 2.9
        notices = sum(
            "when I wasn't sure" in message.text
            for user in ids
            for message in w.sandbox.workspace.messages(w.sandbox.workspace.dm(user))
        )
        assert notices == len(unsure)
        assert denied
        figures = {
            "told": len(told),
            "denied": len(denied),
            "unsure": len(unsure),
            "false_denials": 0,
            "lost": 0,
        }
        report("frozen database", **figures, slowest_seconds=round(slowest, 2), **_named(w))


async def test_sigterm_drains_and_ends_with_zero_within_ten_seconds() -> None:
    async with world(1) as w:
        (user,) = add_people(w, 1)
        commands = [w.typed(user, f"start n{number}", f"t.{number}", tries=1) for number in range(20)]
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
        "webhook-signature": sign([key_of(WEBHOOK_SECRET)], delivery_id, now, body),
    }
    url = f"{w.chance.choice(w.replicas).url}/api/webhooks"
    try:
        async with session.post(
            url, data=body, headers=headers, timeout=aiohttp.ClientTimeout(5)
        ) as response:
            return response.status
    except (aiohttp.ClientError, TimeoutError):
        return 0


def _named(w: World) -> dict[str, int]:
    return {what.replace(" ", "_"): count for what, count in w.hurt.items()}
