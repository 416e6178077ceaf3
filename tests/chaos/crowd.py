"""Many people at once, what must hold of them afterwards, and the figures that a run prints."""

import asyncio
from pathlib import Path

from sandbox.workspace import Person
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
_HEAD = "| run | figures |\n|---|---|\n"


def report(name: str, **figures: object) -> None:
    """Printed; the full run also writes it into the page about reliability, in the place of what it measured before."""
    told = ", ".join(f"{value} {what.replace('_', ' ')}" for what, value in figures.items())
    print(f"\n{name}: {told}")
    if FULL:
        before, _, rest = PAGE.read_text().partition(_BEGIN)
        rows, _, after = rest.removeprefix(_HEAD).partition(_END)
        kept = [row for row in rows.splitlines() if not row.startswith(f"| {name} |")]
        table = "".join(f"{row}\n" for row in [*kept, f"| {name} | {told} |"])
        PAGE.write_text(f"{before}{_BEGIN}{_HEAD}{table}{_END}{after}")


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


def hurt(w: World) -> dict[str, int]:
    return {what.replace(" ", "_"): count for what, count in w.hurt.items()}
