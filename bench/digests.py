"""What a digest costs from due to sent, and whether years of entries behind it make it dearer."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from bench.years import FILL

DIGESTS, OLD_HANDS, YEARS, IDLE_SECONDS = 500, 100, 2_500, 10
_DUE = """
update people set digest_daily = true, next_digest_on = current_date, next_digest_at = now() - interval '1 minute'
where slack_user_id = any($1)
"""
_SENT = """
select count(*) from messages join people on people.id = messages.person_id
where status = 'sent' and slack_user_id = any($1)
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds a digest: of the service's processor time, and from the first to the last of them, which counts the
    database in."""

    processor: float
    elapsed: float


@dataclass(frozen=True, slots=True)
class Digests:
    """Of people with some entries, and with YEARS of them before; `idle` is the processor time of a second in which
    nothing is due, in milliseconds."""

    some: Cost
    many: Cost
    idle: float


async def measured(database: str, cpu: Callable[[], float]) -> Digests:
    connection = await asyncpg.connect(database)
    try:
        found = await connection.fetch("select slack_user_id as who from people order by 1 limit $1", DIGESTS)
        few, old_hands = ([row["who"] for row in rows] for rows in (found[OLD_HANDS:], found[:OLD_HANDS]))
        some = await _sent(connection, few, cpu)
        for who in old_hands:
            await connection.execute(FILL, who, YEARS, timedelta(days=2))
        await connection.execute("analyze time_entries")
        many = await _sent(connection, old_hands, cpu)
        before = cpu()
        await asyncio.sleep(IDLE_SECONDS)
        return Digests(some, many, (cpu() - before) / IDLE_SECONDS * 1e3)
    finally:
        await connection.close()


async def _sent(
    connection: "asyncpg.Connection[asyncpg.Record]", people: list[str], cpu: Callable[[], float]
) -> Cost:
    before, began = cpu(), time.perf_counter()
    await connection.execute(_DUE, people)
    while await connection.fetchval(_SENT, people) < len(people):  # noqa: ASYNC110 - another process does it
        await asyncio.sleep(0.05)
    took = time.perf_counter() - began
    return Cost((cpu() - before) / len(people) * 1e3, took / len(people) * 1e3)
