"""Rows that this program can not read: each fails for itself, a bounded number of times, and in sight of operators."""

import json
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.outbox.live_messages import LiveMessageKind
from domain.outbox.messages import TextContent
from services import job_failures
from services.outbox.live_messages import MOST_UNFINISHED as MOST_REFRESHES
from services.outbox.outbox import LEASE, MOST_UNFINISHED
from storage.outbox import leases, live_messages, message_updates, messages
from tests.cast import ADA, BEN, CHIKA, Cast
from tests.conftest import Clock

NOTE = "quarterly layoffs"
NOBODY = "0e3f7a52-0000-4000-8000-000000000000"
CONTENTS = {
    "no known form": {"surprise": NOTE},
    "not even an object": [NOTE],
    "a day that is none": {"kind": "digest", "person_id": NOBODY, "day": NOTE},
    "a text that is none": {"text": {"deep": NOTE}},
    "for nobody": {"kind": "digest", "person_id": NOBODY, "day": "2026-11-18"},
    "a format that is none": {"kind": "export", "person_id": NOBODY, "dates": {}, "format": "docx"},
}


async def execute_sql(cast: Cast, statement: str, *arguments: object) -> None:
    async with cast.database.transaction(cast.workspace.id) as tx:
        await tx.connection.execute(statement, *arguments)


async def query_rows(cast: Cast, query: str) -> list[tuple[Any, ...]]:
    async with cast.database.transaction(cast.workspace.id) as tx:
        return [tuple(row) for row in await tx.connection.fetch(query)]


async def add_message(cast: Cast, content: object, *, key: str, channel: str = ADA.slack_user_id) -> None:
    await execute_sql(
        cast,
        "insert into messages (workspace_id, key, channel, content, kind, due_at, created_at)"
        " select id, $1, $2, $3, 'sample', $4, $4 from workspaces",
        key,
        channel,
        json.dumps(content),
        (await cast.services.people.read_with_clock(cast.workspace.id, ADA.slack_user_id)).at,
    )


async def poison_entries(cast: Cast, *, running: bool = False) -> None:
    """An entry of Ada's that began before any calendar did: nothing that shows it can be made."""
    await execute_sql(
        cast,
        "insert into time_entries (workspace_id, person_id, started_at, ended_at, zone, source)"
        " select workspace_id, id, '-infinity', $1, 'UTC', 'slack' from people where slack_user_id = 'U0ADA'",
        None if running else datetime(2026, 11, 18, 14, tzinfo=UTC),
    )


async def send_for(cast: Cast, clock: Clock, seconds: int) -> None:
    """So many seconds of the schedule."""
    for _ in range(seconds):
        while await cast.services.outbox.send_due():
            pass
        clock.now += timedelta(seconds=1)


@pytest.mark.parametrize("what", CONTENTS)
async def test_a_message_that_can_not_be_read_is_given_up_and_holds_up_nobody(
    cast: Cast, clock: Clock, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    await add_message(cast, CONTENTS[what], key="poisoned")
    for channel in (ADA.slack_user_id, BEN.slack_user_id):
        async with cast.database.transaction(cast.workspace.id) as tx:
            await messages.queue(
                tx,
                cast.workspace.id,
                key=f"after:{channel}",
                channel=channel,
                content=TextContent(text="hello"),
                person_id=None,
            )
    await send_for(cast, clock, 4)
    assert {outgoing.channel for outgoing in cast.notifier.accepted} == {"U0ADA", "U0BEN"}
    for _ in range(12):
        clock.now += timedelta(minutes=5)
        await send_for(cast, clock, 1)
    assert (await cast.services.maintenance.readiness()).failed == {}  # there is time to mend what is broken
    for _ in range(16):
        clock.now += timedelta(minutes=5)
        await send_for(cast, clock, 1)
    ((status, attempts, problem),) = await query_rows(
        cast, "select status, attempts, problem from messages where key = 'poisoned'"
    )
    assert (status, attempts) == ("failed", MOST_UNFINISHED)
    assert "reference" in str(problem)
    readiness = await cast.services.maintenance.readiness()
    assert readiness.failed == {"sample": 1}
    told = [record for record in caplog.records if record.exc_info]
    assert len(told) == MOST_UNFINISHED
    assert NOTE not in caplog.text
    assert str(problem).partition("reference ")[2].rstrip(")") in caplog.text


@pytest.mark.parametrize(
    "poison",
    [
        "created_at = '4000-01-01 BC', due_at = '4000-01-01 BC'",
        "tried_at = '0044-03-15 BC'",
        "created_at = '20000-01-01'",
        "attempts = 2147483647",
        "unfinished = 2147483647",
    ],
)
async def test_a_message_that_python_can_not_hold_is_claimed_with_the_others(
    cast: Cast, clock: Clock, poison: str
) -> None:
    await add_message(cast, {"kind": "text", "text": "old"}, key="poisoned")
    await execute_sql(cast, f"update messages set {poison}")
    await add_message(cast, {"kind": "text", "text": "hello"}, key="after", channel=BEN.slack_user_id)
    await send_for(cast, clock, 4)
    assert "U0BEN" in {outgoing.channel for outgoing in cast.notifier.accepted}


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        ("2026-11-16", "4000-01-01 BC"),
        ("4000-01-01 BC", "-infinity"),
        ("20000-01-01", "2020-01-01"),
        ("infinity", "0001-01-01 BC"),
    ],
)
@pytest.mark.parametrize("job", ["digest", "reminder", "week"])
async def test_a_day_that_python_can_not_hold_holds_up_nobody(
    cast: Cast, clock: Clock, job: str, day: str, instant: str
) -> None:
    services = cast.services
    queue_due: Callable[[], Awaitable[int]] = {
        "digest": services.digests.queue_due,
        "reminder": services.reminders.queue_due,
        "week": services.weekly.queue_due,
    }[job]
    for who, on, at in (("U0ADA", day, instant), ("U0BEN", "2026-11-16", "2026-11-18 14:39Z")):
        await execute_sql(
            cast,
            f"update people set next_{job}_on = '{on}', next_{job}_at = '{at}' where slack_user_id = '{who}'",
        )
    for _ in range(8):
        while await queue_due():
            pass
        clock.now += timedelta(minutes=20)
    ((at,),) = await query_rows(cast, f"select next_{job}_at from people where slack_user_id = 'U0BEN'")
    assert at is None or at > datetime(2026, 11, 18, 14, 40, tzinfo=UTC)


async def test_a_message_at_which_the_process_dies_each_time_is_given_up(cast: Cast, clock: Clock) -> None:
    await add_message(cast, {"text": "hello"}, key="deadly")
    for _ in range(MOST_UNFINISHED):
        async with cast.database.across_workspaces() as tx:
            (claimed,) = await leases.claim(tx, most=8, lasting=LEASE)
        assert claimed.kind == "sample"
        clock.now += LEASE + timedelta(seconds=1)
    await send_for(cast, clock, 1)
    assert await query_rows(cast, "select status, problem from messages") == [
        ("failed", "no attempt came to an end")
    ]
    assert cast.notifier.accepted == []


async def test_an_attempt_that_ends_forgets_those_that_did_not(cast: Cast, clock: Clock) -> None:
    await add_message(cast, {"text": "hello"}, key="slow")
    for _ in range(3):
        async with cast.database.across_workspaces() as tx:
            await leases.claim(tx, most=8, lasting=LEASE)
        clock.now += LEASE + timedelta(seconds=1)
    async with cast.database.across_workspaces() as tx:
        (claimed,) = await leases.claim(tx, most=8, lasting=LEASE)
    assert claimed.unfinished == 4
    async with cast.database.transaction(cast.workspace.id) as tx:
        await leases.postpone(tx, claimed, delay=timedelta(), why="status 503", clearly_not_sent=True)
    async with cast.database.across_workspaces() as tx:
        (claimed,) = await leases.claim(tx, most=8, lasting=LEASE)
    assert claimed.unfinished == 1


async def test_who_waits_for_a_file_is_told_that_it_does_not_come(cast: Cast, clock: Clock) -> None:
    person = await cast.services.people.read_with_clock(cast.workspace.id, ADA.slack_user_id)
    day = {"first": "9999-12-31", "last": "9999-12-31", "name": "today"}  # there is no day after it
    content = {"kind": "export", "person_id": str(person.person.id), "dates": day, "format": "csv"}
    await add_message(cast, content, key="file")
    for _ in range(28):
        await send_for(cast, clock, 1)
        clock.now += timedelta(minutes=5)
    assert [
        status for (status,) in await query_rows(cast, "select status from messages where key = 'file'")
    ] == ["failed"]
    (told,) = [one.subject for one in cast.notifier.accepted]
    assert isinstance(told, TextContent)
    assert told.text.startswith("Your export of today could not be sent: something failed on our side")


async def test_a_home_that_can_not_be_made_is_given_up_until_it_changes(cast: Cast, clock: Clock) -> None:
    await poison_entries(cast)
    for who in (ADA, BEN):
        await cast.services.live_messages.publish_home(cast.workspace.id, who.slack_user_id)
    for _ in range(60):
        while await cast.services.live_messages.refresh_due():
            pass
        clock.now += timedelta(seconds=20)
    assert [one.live_message.slack_user_id for one in cast.notifier.rewritten] == ["U0BEN"]
    assert (await cast.services.maintenance.readiness()).given_up == {"live message: home": 1}
    assert await query_rows(
        cast, "select due_at, unfinished from surfaces where slack_user_id = 'U0ADA'"
    ) == [(None, MOST_REFRESHES - 1)]
    # A change may have mended it: it is tried once more, and once only.
    await mark_home_due(cast)
    assert await cast.services.live_messages.refresh_due() == 1
    clock.now += timedelta(minutes=10)
    assert await cast.services.live_messages.refresh_due() == 0
    await execute_sql(cast, "update time_entries set started_at = ended_at - interval '1 hour'")
    await mark_home_due(cast)
    assert await cast.services.live_messages.refresh_due() == 1
    assert [one.live_message.slack_user_id for one in cast.notifier.rewritten] == ["U0BEN", "U0ADA"]
    assert (await cast.services.maintenance.readiness()).given_up == {}


async def mark_home_due(cast: Cast) -> None:
    async with cast.database.transaction(cast.workspace.id) as tx:
        await live_messages.mark_home_due(tx, cast.workspace.id, ADA.slack_user_id)


async def test_a_place_at_which_the_process_dies_each_time_is_given_up(cast: Cast, clock: Clock) -> None:
    await cast.services.live_messages.publish_home(cast.workspace.id, ADA.slack_user_id)
    for _ in range(MOST_REFRESHES):
        async with cast.database.across_workspaces() as tx:
            (claimed,) = await message_updates.claim(tx, most=8, lasting=LEASE)
        assert claimed.kind == LiveMessageKind.HOME
        clock.now += LEASE + timedelta(seconds=1)
    assert await cast.services.live_messages.refresh_due() == 1
    assert cast.notifier.rewritten == []
    assert (await cast.services.maintenance.readiness()).given_up == {"live message: home": 1}


@pytest.mark.parametrize("job", ["digest", "weekly digest", "reminder"])
async def test_one_person_whose_turn_fails_holds_up_nobody_and_is_given_up(
    cast: Cast, clock: Clock, job: str, caplog: pytest.LogCaptureFixture
) -> None:
    queue = {
        "digest": cast.services.digests.queue_due,
        "weekly digest": cast.services.weekly.queue_due,
        "reminder": cast.services.reminders.queue_due,
    }[job]
    column = {"digest": "digest", "weekly digest": "week", "reminder": "reminder"}[job]
    await execute_sql(cast, "update people set remind_at = '16:00'")
    # No date is later than this one: nothing can be counted from it.
    await execute_sql(
        cast,
        f"update people set next_{column}_at = $1, next_{column}_on ="
        " case when slack_user_id = 'U0ADA' then date '9999-12-31' else date '2026-11-16' end",
        clock.now - timedelta(minutes=1),
    )
    while await queue():
        pass
    due = dict(await query_rows(cast, f"select slack_user_id, next_{column}_at from people"))
    assert due["U0BEN"] > clock.now + timedelta(hours=1)
    assert due["U0CHIKA"] > clock.now + timedelta(hours=1)
    assert due["U0ADA"] == clock.now + timedelta(minutes=1)
    for _ in range(job_failures.MOST_ATTEMPTS + 3):
        clock.now += timedelta(minutes=10)
        while await queue():
            pass
    assert (await cast.services.maintenance.readiness()).given_up == {job: 1}
    due = dict(await query_rows(cast, f"select slack_user_id, next_{column}_at from people"))
    assert due["U0ADA"] > clock.now + timedelta(hours=12)
    told = [record for record in caplog.records if record.exc_info and record.levelno == logging.ERROR]
    assert len(told) == job_failures.MOST_ATTEMPTS
    assert "was given up" in told[-1].getMessage()


async def test_a_timer_that_can_not_be_looked_at_is_given_up_and_the_others_are(
    cast: Cast, clock: Clock
) -> None:
    await poison_entries(cast, running=True)
    await cast.start("docs", who=CHIKA)
    await execute_sql(
        cast,
        "insert into timer_watches (workspace_id, entry_id, due_at)"
        " select workspace_id, id, $1 from time_entries where started_at = '-infinity'",
        clock.now,
    )
    clock.now += timedelta(hours=11)
    for _ in range(job_failures.MOST_ATTEMPTS + 2):
        await cast.services.forgotten_timers.look_due()
        clock.now += timedelta(minutes=9)
    asked = await query_rows(cast, "select asked_at is not null from timer_watches")
    assert asked == [(True,)]  # Chika's; Ada's is looked at no more
    assert (await cast.services.maintenance.readiness()).given_up == {"look at a timer": 1}


async def test_forty_days_asleep_are_a_handful_of_rows_and_not_forty(cast: Cast, clock: Clock) -> None:
    clock.now += timedelta(days=40)
    asked = 0
    for queue in (
        cast.services.digests.queue_due,
        cast.services.weekly.queue_due,
        cast.services.reminders.queue_due,
        cast.services.forgotten_timers.look_due,
    ):
        while await queue():
            asked += 1
    assert asked < 15
    entered = dict(await query_rows(cast, "select person_id, count(*) from digests group by 1"))
    assert len(entered) == 3
    assert all(isinstance(one, UUID) for one in entered)
    assert all(int(str(count)) <= 9 for count in entered.values())
    due = await query_rows(cast, "select next_digest_at, next_week_at from people")
    assert all(clock.now < one <= clock.now + timedelta(days=9) for pair in due for one in pair)


async def test_keys_of_a_month_that_nobody_forgot_go_an_hour_at_a_time(cast: Cast, clock: Clock) -> None:
    for hours in (0, 1, 24 * 35, 24 * 35 + 0.5, 24 * 40):
        await execute_sql(
            cast,
            "insert into acts (workspace_id, key, source, actor, at)"
            " select id, $1, 'slack', 'U0ADA', $2 from workspaces",
            f"at {hours}",
            clock.now - timedelta(hours=hours),
        )
    dropped = [await cast.services.maintenance.delete_old_keys() for _ in range(3)]
    assert dropped == [1, 2, 0]
    assert await query_rows(cast, "select count(*) from acts") == [(2,)]
