"""Many people at once, what must hold of them afterwards, and the figures that a run prints."""

import asyncio
import re
import textwrap
import time
from dataclasses import dataclass, field
from pathlib import Path

from local_slack.workspace import Person
from tests.chaos.world import FULL, World

RUNNING_TWICE = """
select person_id from time_entries where ended_at is null and not deleted group by person_id having count(*) > 1
"""
OVERLAPS = """
select 1 from time_entries a join time_entries b on a.person_id = b.person_id and a.id < b.id
where not a.deleted and not b.deleted
  and tstzrange(a.started_at, a.ended_at) && tstzrange(b.started_at, b.ended_at)
"""
ZONES = [
    "Pacific/Auckland", "Pacific/Guadalcanal", "Australia/Sydney", "Asia/Tokyo", "Asia/Shanghai", "Asia/Bangkok",
    "Asia/Dhaka", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Karachi", "Asia/Dubai", "Asia/Tehran", "Europe/Moscow",
    "Europe/Athens", "Europe/Berlin", "Europe/London", "Atlantic/Azores", "America/Noronha", "America/Sao_Paulo",
    "America/Halifax", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
]  # fmt: skip


PAGE = Path(__file__).parent.parent.parent / "docs" / "reliability.md"
_BEGIN, _END = "<!-- measured: begin -->\n", "<!-- measured: end -->"
LINE = 120  # characters of a line in a document


def report(name: str, **figures: object) -> None:
    """Print the figures of a run; the full run also replaces its item on the page about reliability."""
    told = ", ".join(f"{value} {what.replace('_', ' ')}" for what, value in figures.items())
    print(f"\n{name}: {told}")
    if FULL:
        before, _, rest = PAGE.read_text().partition(_BEGIN)
        items, _, after = rest.partition(_END)
        kept = [item for item in re.split(r"^(?=- )", items, flags=re.MULTILINE) if item.strip()]
        kept = [item for item in kept if not item.startswith(f"- **{name}**:")]
        item = textwrap.fill(f"- **{name}**: {told}", LINE, subsequent_indent="  ", break_on_hyphens=False)
        PAGE.write_text(f"{before}{_BEGIN}{''.join(kept)}{item}\n{_END}{after}")


def add_people(world: World, count: int) -> list[str]:
    ids = [f"U{number:05}" for number in range(count)]
    for number, user in enumerate(ids):
        zone = ZONES[number % len(ZONES)]
        world.local_slack.workspace.add_person(
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


@dataclass
class Heard:
    """What people were told of the commands they typed once each, by note; `slowest` in seconds."""

    told: list[str] = field(default_factory=list)
    denied: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    slowest: float = 0.0

    async def work(self, w: World, user: str, stopping: asyncio.Event) -> None:
        """One command after the other, each to some replica, and not repeated whatever the answer."""
        said = {"Started": self.told, "Nothing": self.denied, "I can't": self.unsure}
        number = 0
        while not stopping.is_set():
            note, began = f"{user}x{number}", time.monotonic()
            url = f"{w.chance.choice(w.replicas).url}/slack/events"
            answer = await w.local_slack.command(user, f"start {note}", trigger_id=note, request_url=url)
            self.slowest = max(self.slowest, time.monotonic() - began)
            assert answer.status == 200, answer
            said[answer.message.text[:7] if answer.message else ""].append(note)
            number += 1
            await asyncio.sleep(w.chance.uniform(0.05, 0.4))

    async def was_true(self, w: World, users: list[str]) -> dict[str, object]:
        """Raises AssertionError where anybody was told what was not so, or was left without an answer."""
        rows = await w.rows("select note from time_entries where not deleted")
        found = [row["note"] for row in rows]
        assert sorted(set(self.denied) & set(found)) == []
        assert sorted(set(self.told) - set(found)) == []
        assert len(found) == len(set(found))
        assert self.slowest < 2.9
        settled = sum(
            "when I wasn't sure" in message.text
            for user in users
            for message in w.local_slack.workspace.messages(w.local_slack.workspace.dm(user))
        )
        assert settled == len(self.unsure)
        counts = {"told": len(self.told), "denied": len(self.denied), "unsure_and_settled": settled}
        return counts | {
            "false_denials": 0,
            "lost": 0,
            "doubled": 0,
            "slowest_seconds": round(self.slowest, 2),
        }


def hurt(w: World) -> dict[str, int]:
    return {what.replace(" ", "_"): count for what, count in w.hurt.items()}
