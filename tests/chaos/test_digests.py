"""One digest for each person and date on the nights when clocks change, while everything fails that can."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.time.calendar import due_instant
from tests.chaos.crowd import add_people, hurt, report
from tests.chaos.world import World, sized, world

pytestmark = pytest.mark.chaos
AUTUMN = datetime(2026, 10, 25, 0, 59, tzinfo=UTC)  # a minute before Europe's hour comes twice
SPRING = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)  # a minute before Europe's hour is skipped
JUMPS = [timedelta(hours=1), timedelta(hours=-1), timedelta(days=1), timedelta(days=-1)]
ZONES = [
    "Pacific/Auckland", "Pacific/Guadalcanal", "Pacific/Kiritimati", "Pacific/Apia", "Pacific/Chatham", "Pacific/Fiji",
    "Pacific/Tahiti", "Pacific/Marquesas", "Pacific/Pago_Pago", "Pacific/Honolulu", "Pacific/Easter", "Pacific/Guam",
    "Australia/Sydney", "Australia/Adelaide", "Australia/Lord_Howe", "Australia/Eucla", "Australia/Perth", "Asia/Tokyo",
    "Asia/Shanghai", "Asia/Bangkok", "Asia/Yangon", "Asia/Dhaka", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Karachi",
    "Asia/Kabul", "Asia/Tashkent", "Asia/Dubai", "Asia/Tehran", "Asia/Jerusalem", "Asia/Beirut", "Asia/Manila",
    "Asia/Seoul", "Europe/Moscow", "Europe/Istanbul", "Europe/Athens", "Europe/Helsinki", "Europe/Berlin",
    "Europe/Paris", "Europe/London", "Europe/Lisbon", "Europe/Dublin", "Africa/Cairo", "Africa/Lagos",
    "Africa/Casablanca", "Africa/Johannesburg", "Atlantic/Azores", "Atlantic/Reykjavik", "America/Noronha",
    "America/Sao_Paulo", "America/St_Johns", "America/Halifax", "America/New_York", "America/Chicago", "America/Denver",
    "America/Phoenix", "America/Los_Angeles", "America/Anchorage", "America/Santiago", "America/Nuuk",
]  # fmt: skip
NOT_SENT = """
select count(*) n from people p where not exists
  (select 1 from messages m where m.workspace_id = p.workspace_id and m.person_id = p.id and m.status = 'sent')
"""
# A 429 closes a whole workspace's window: with 5 % of them, each for a second, one workspace gets some twenty messages
# in a second at the most, however many replicas there are. So there are several.
ADD_WORKSPACES = """
with new as (
  insert into workspaces (team_id, name) select 'T' || n, 'Some' from generate_series(2, $1) n returning id
)
insert into lanes (workspace_id, method, a_minute, next_at, closed_until)
select new.id, method, a_minute, next_at, closed_until from lanes, new
"""
ADD = """
with numbered as (select id, row_number() over (order by id) - 1 as number from workspaces)
insert into people (workspace_id, slack_user_id, name, zone, digest_at, digest_daily, next_digest_on, next_digest_at)
select numbered.id, who, who, zone, at, true, day, due
from unnest($1::text[], $2::text[], $3::time[], $4::date[], $5::timestamptz[])
  with ordinality as one (who, zone, at, day, due, place)
join numbered on number = place % (select count(*) from workspaces)
"""


# The small run has one night, with everything that can go wrong in it.
NIGHTS = sized(
    {"autumn, clocks jump": (AUTUMN, 2)},
    {
        "autumn": (AUTUMN, 0),
        "autumn, clocks jump": (AUTUMN, 12),
        "spring": (SPRING, 0),
        "spring, clocks jump": (SPRING, 12),
    },
)


@pytest.mark.parametrize(("begins", "jumps"), NIGHTS.values(), ids=NIGHTS)
async def test_digests_are_neither_missing_nor_doubled(begins: datetime, jumps: int) -> None:
    people, workspaces, kills, freezes = sized(300, 50_000), sized(3, 50), sized(2, 40), sized(1, 8)
    async with world(3, begins=begins) as w:
        ids = add_people(w, people)
        due = w.now() + timedelta(seconds=sized(5, 15))
        await w.rows(ADD_WORKSPACES, workspaces)
        await w.rows(ADD, *await asyncio.to_thread(_digest_settings, ids, due))
        w.local_slack.faults.rate_limited = 0.05
        w.local_slack.faults.server_error = 0.03
        w.local_slack.faults.lost_reply = 0.02
        await asyncio.sleep((due - w.now()).total_seconds())
        began = time.monotonic()
        hurting = asyncio.create_task(_trouble(w, kills, freezes, jumps))
        while (  # noqa: ASYNC110 - other processes do it, nobody here can be told
            left := (await w.rows(NOT_SENT))[0]["n"]
        ) and time.monotonic() - began < sized(150, 600):
            await asyncio.sleep(sized(1, 3))
        seconds, meanwhile = round(time.monotonic() - began), hurt(w)
        await hurting
        await asyncio.sleep(sized(3, 10))  # what would be doubled is doubled by then
        counts = [_digests(w, user) for user in ids]
        missing, doubled = counts.count(0), sum(count - 1 for count in counts if count > 1)
        tally = w.local_slack.tally
        report(
            f"digests on {begins:%d %B %Y}" + (", clocks jump" if jumps else ""),
            digests=people,
            workspaces=workspaces,
            zones=len(ZONES),
            missing=missing,
            doubled=doubled,
            late=left,
            seconds=seconds,
            posts=sum(count for (method, _), count in tally.items() if method == "chat.postMessage"),
            refused_with_429=tally["chat.postMessage", "rate_limited"],
            look_ups=sum(count for (method, _), count in tally.items() if method == "conversations.history"),
            **hurt(w),
            killed_before_the_last_digest=meanwhile.get("replicas_killed", 0),
        )
        assert (missing, doubled, left) == (0, 0, 0), w.log("replica0")


def _digest_settings(ids: list[str], due: datetime) -> list[list[object]]:
    """Who wants it when: local times up to 90 minutes before `due`, so that some are skipped and some come twice."""
    rows: list[tuple[object, ...]] = []
    for number, user in enumerate(ids):
        zone = ZoneInfo(ZONES[number % len(ZONES)])
        local = due.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
        local -= timedelta(minutes=30 * (number // len(ZONES) % 4))
        instant = due_instant(local.date(), local.time(), zone)
        assert instant is not None
        rows.append((user, zone.key, local.time(), local.date(), instant))
    return [list(column) for column in zip(*rows, strict=True)]


async def _trouble(w: World, kills: int, freezes: int, jumps: int) -> None:
    """All three at once, each in its own time."""

    async def kill() -> None:
        for _ in range(kills):
            await asyncio.sleep(w.chance.uniform(0.5, 3))
            await w.kill_replica()

    async def freeze() -> None:
        for _ in range(freezes):
            await asyncio.sleep(w.chance.uniform(0.5, 2))
            await w.freeze_replica(sized(3, 33))

    async def jump() -> None:
        for number in range(jumps):
            await asyncio.sleep(w.chance.uniform(2, sized(4, 20)))
            w.jump_clock(JUMPS[number % len(JUMPS)])
            if number == jumps // 2:
                # Ahead for good. Back would make what is claimed then wait until it comes to that instant again.
                w.jump_database_clock(timedelta(hours=1))

    await asyncio.gather(kill(), freeze(), jump())


def _digests(w: World, user: str) -> int:
    return sum(
        1 for one in w.local_slack.workspace.messages(w.local_slack.workspace.dm(user)) if one.metadata
    )
