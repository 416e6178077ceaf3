"""Measures the cost of a digest from due to sent, and whether years of entries increase it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from bench.years import FILL

DIGESTS, LONG_USERS, YEARS, MESSAGES, IDLE_SECONDS = 300, 150, 2_500, 250, 10
_DUE = """
update people set digest_daily = true, next_digest_on = current_date, next_digest_at = now() - interval '1 minute'
where slack_user_id = any($1)
"""
# Messages of earlier years. Slack still has them.
_OLD_MESSAGES = """
insert into messages (workspace_id, key, person_id, channel, content, status, due_at, sent_at)
select workspace_id, 'old:' || id || ':' || n, id, slack_user_id, '{"text": "then"}', 'sent', at, at
from people, generate_series(1, $1) n, lateral (select now() - n * interval '1 day' as at) day
"""
_OLD_SURFACES = """
insert into surfaces (workspace_id, slack_user_id, kind, day, slack_channel, slack_ts)
select workspace_id, slack_user_id, 'day', current_date - n, 'D0', n::text from people, generate_series(1, $1) n
"""
_SENT = """
select count(*) from messages join people on people.id = messages.person_id
where status = 'sent' and key like 'digest:%' and slack_user_id = any($1)
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """The processor time of one digest in milliseconds, in the service and in the database."""

    service: float
    database: float


@dataclass(frozen=True, slots=True)
class Digests:
    """The cost of a digest: `some` for people with some entries, `many` for people with YEARS of entries.

    In that workspace each person was sent MESSAGES earlier messages. `idle` is the
    processor time of a second in which nothing is due, in milliseconds.
    """

    some: Cost
    many: Cost
    idle: float


async def measure(
    database: str, read_service_cpu: Callable[[], float], read_database_cpu: Callable[[], float]
) -> Digests:
    connection = await asyncpg.connect(database)
    try:
        found = await connection.fetch("select slack_user_id as who from people order by 1 limit $1", DIGESTS)
        few, long_users = ([row["who"] for row in rows] for rows in (found[LONG_USERS:], found[:LONG_USERS]))
        some = await _measure_digests(connection, few, read_service_cpu, read_database_cpu)
        for who in long_users:
            await connection.execute(FILL, who, YEARS, timedelta(days=2))
        await connection.execute(_OLD_MESSAGES, MESSAGES)
        await connection.execute(_OLD_SURFACES, MESSAGES)
        await connection.execute("analyze time_entries, messages, surfaces")
        many = await _measure_digests(connection, long_users, read_service_cpu, read_database_cpu)
        before = read_service_cpu()
        await asyncio.sleep(IDLE_SECONDS)
        return Digests(some, many, (read_service_cpu() - before) / IDLE_SECONDS * 1e3)
    finally:
        await connection.close()


async def _measure_digests(
    connection: "asyncpg.Connection[asyncpg.Record]",
    people: list[str],
    read_service_cpu: Callable[[], float],
    read_database_cpu: Callable[[], float],
) -> Cost:
    service, database = read_service_cpu(), read_database_cpu()
    await connection.execute(_DUE, people)
    while await connection.fetchval(_SENT, people) < len(people):  # noqa: ASYNC110 - another process does it
        await asyncio.sleep(0.2)
    await asyncio.sleep(2)  # for the work that follows from them
    each = 1e3 / len(people)
    return Cost((read_service_cpu() - service) * each, (read_database_cpu() - database) * each)
