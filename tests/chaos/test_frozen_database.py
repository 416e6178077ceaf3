"""What people are told while the database does not answer."""

import asyncio
import time

import pytest

from tests.chaos.crowd import add_people, hurt, in_parallel, report
from tests.chaos.world import sized, world

pytestmark = pytest.mark.chaos


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
        report("frozen database", **figures, slowest_seconds=round(slowest, 2), **hurt(w))
