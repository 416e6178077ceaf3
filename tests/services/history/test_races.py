"""Races with real commits: many connections, one person or many."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING

import asyncpg
import pytest
import pytest_asyncio

from domain.entries.entries import NewEntry, TimerAnswer, TimerOutcome, Work
from domain.entries.params import StartParams
from domain.errors import NotSaved, WeekLocked
from domain.identity.people import Profile, zone_or_utc
from domain.reports.timesheets import TimesheetOutcome, WeekReport, WeekState
from domain.webhooks.events import EntryCreate
from services.outages import retry_transient
from services.outbox.slack_rate_limits import PACES
from storage.postgres.database import Database, open_pool
from tests.cast import ADA, BEN, CHIKA, Cast
from tests.postgres import PATIENT, patient_pool
from tests.records import berlin, find_entry_id, receive_event, record_entry
from tests.services.reports.test_timesheets import HOUR, decide_week, make_leads, submit_week, take_back_week

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy


@pytest_asyncio.fixture
async def replicas(own_database_url: str) -> AsyncIterator[list[Cast]]:
    """Two sets of services, each with a pool of its own, on one database."""
    async with AsyncExitStack() as stack:
        casts = []
        for _ in range(2):
            pool = await patient_pool(own_database_url, size=8)
            stack.callback(pool.terminate)
            casts.append(await Cast.create(Database(pool)))
        yield casts


async def rows(url: str, query: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url.replace("tracker@", "postgres@"))
    try:
        return await connection.fetch(query)
    finally:
        await connection.close()


RUNNING_TWICE = """
select person_id from time_entries where ended_at is null and not deleted group by person_id having count(*) > 1
"""
OVERLAPS = """
select 1 from time_entries a join time_entries b on a.person_id = b.person_id and a.id < b.id
where not a.deleted and not b.deleted
  and tstzrange(a.started_at, a.ended_at) && tstzrange(b.started_at, b.ended_at)
"""


@pytest.mark.parametrize("waves", [2, pytest.param(4, marks=pytest.mark.exhaustive)])
async def test_many_starts_at_once_leave_one_running_and_no_overlap(
    replicas: list[Cast], own_database_url: str, waves: int
) -> None:
    people = [
        Profile(slack_user_id=f"U{number:04}", name="X", zone=zone_or_utc("UTC"), locale="", email=None)
        for number in range(20)
    ]
    for person in people:
        await replicas[0].services.people.remember(replicas[0].workspace.id, person)
    answers: list[TimerAnswer] = []
    for wave in range(
        waves
    ):  # sixteen connections are never idle with a hundred; more would only wait, which is timed
        answers += await asyncio.gather(
            *(
                replicas[number % 2].services.timers.start(
                    replicas[number % 2].request(person, f"{person.slack_user_id}:{wave}:{number}"),
                    StartParams(work=Work(note=str(number))),
                )
                for person in people
                for number in range(5)
            )
        )
    assert {answer.change for answer in answers} == {TimerOutcome.STARTED}
    assert await rows(own_database_url, RUNNING_TWICE) == []
    assert await rows(own_database_url, OVERLAPS) == []
    (count,) = await rows(own_database_url, "select count(*) n from time_entries")
    assert count["n"] == 100 * waves
    (stamps,) = await rows(own_database_url, "select count(*) n from history")
    assert stamps["n"] == 200 * waves - 20  # every start, and every end by the next one


async def test_one_key_on_two_replicas_at_once_acts_once(replicas: list[Cast], own_database_url: str) -> None:
    for number in range(20):
        answers = await asyncio.gather(
            *(
                cast.services.timers.start(
                    cast.request(ADA, f"same:{number}"), StartParams(work=Work(note="once"))
                )
                for cast in replicas * 3
            )
        )
        assert all(answer == answers[0] for answer in answers)
    (count,) = await rows(own_database_url, "select count(*) n from time_entries")
    assert count["n"] == 20


async def test_the_database_itself_refuses_an_overlap_and_a_second_timer(
    replicas: list[Cast], own_database_url: str
) -> None:
    started = await replicas[0].start("one")
    assert started.entry is not None
    insert = """
        insert into time_entries (workspace_id, person_id, started_at, ended_at, zone, source)
        select workspace_id, person_id, started_at + interval '1 second', {}, zone, source from time_entries
    """
    connection = await asyncpg.connect(own_database_url.replace("tracker@", "postgres@"))
    try:
        for end in ("null", "started_at + interval '2 seconds'"):
            with pytest.raises((asyncpg.ExclusionViolationError, asyncpg.UniqueViolationError)):
                await connection.execute(insert.format(end))
        await connection.execute("set role tracker")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("update history set actor = 'somebody else'")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("delete from history")
    finally:
        await connection.close()


async def test_a_later_act_is_never_stamped_earlier(replicas: list[Cast]) -> None:
    answers = await asyncio.gather(*(cast.start(str(number)) for number in range(20) for cast in replicas))
    starts = sorted(answer.entry.started_at for answer in answers if answer.entry)
    assert len(set(starts)) == 40
    for answer in answers:
        if answer.replaced and answer.entry:
            assert answer.replaced.ended_at == answer.entry.started_at
            assert answer.replaced.started_at < answer.entry.started_at


async def test_what_is_approved_is_what_was_there_whatever_was_written_at_the_same_time(
    replicas: list[Cast], own_database_url: str
) -> None:
    """Entries of a week are logged, changed and deleted by many while it is submitted and taken back."""
    one, other = replicas
    await make_leads(one)
    start = berlin("00:00", "2025-11-10")
    for number in range(60):
        await record_entry(one, start + number * 2 * HOUR, start + (number * 2 + 1) * HOUR, str(number))

    written: list[bool] = []
    some = asyncio.Event()

    async def write(number: int) -> bool:
        cast = replicas[number % 2]
        entry = await find_entry_id(cast, str(number))
        begin = start + (number * 2 + 1) * HOUR
        new = NewEntry(work=Work(note="more"), started_at=begin, ended_at=begin + HOUR / 2)
        try:
            if number % 3:
                await receive_event(cast, EntryCreate(user="U0ADA", entry=new))
            else:
                await cast.services.timers.delete(cast.request(), entry_id=entry)
        except WeekLocked:
            return False
        return True

    async def writes(which: int) -> None:
        for number in range(which, 60, 4):
            written.append(await write(number))
            if len(written) == 6:
                some.set()

    async def hand_in() -> WeekReport:
        await some.wait()
        return await submit_week(other, "2025-W46")

    handing_in = asyncio.create_task(hand_in())
    await asyncio.gather(*(writes(which) for which in range(4)))
    report = await handing_in
    assert report.change is TimesheetOutcome.SUBMITTED
    assert True in written, "nothing was written before"
    assert False in written, "nothing came too late"
    (sums,) = await rows(
        own_database_url,
        "select sum(ended_at - started_at) as total from time_entries where not deleted",
    )
    assert report.totals.total == sums["total"]


async def test_of_two_leads_at_once_the_first_decides(replicas: list[Cast]) -> None:
    one, other = replicas
    await make_leads(one, BEN, CHIKA)
    start = berlin("00:00", "2025-11-10")
    await record_entry(one, start, start + HOUR)
    for number in range(12):
        report = await submit_week(one, "2025-W46")
        answers = await asyncio.gather(
            decide_week(one, report, BEN),
            decide_week(other, report, CHIKA, reason="wait"),
            take_back_week(one, report) if number % 2 else decide_week(other, report, CHIKA),
        )
        done = [answer for answer in answers if answer.change is not TimesheetOutcome.TOO_LATE]
        assert len(done) == 1, [answer.change for answer in answers]
        now = await one.services.timesheets.report_week(one.workspace.id, "U0ADA", date(2025, 11, 10))
        assert now.state is done[0].state
        if now.state is WeekState.APPROVED:
            await decide_week(one, now, BEN, reason="again")


async def test_a_writer_who_takes_no_lock_of_ours_still_meets_the_week(
    replicas: list[Cast], own_database_url: str
) -> None:
    """The submission waits for what was written before it, and what is written after it is refused."""
    cast = replicas[0]
    start = berlin("00:00", "2025-11-10")
    await record_entry(cast, start, start + HOUR)
    insert = """
        insert into time_entries (workspace_id, person_id, started_at, ended_at, zone, source)
        select workspace_id, person_id, started_at + interval '2 hours', ended_at + interval '2 hours', zone, source
        from time_entries limit 1
    """
    connection = await asyncpg.connect(own_database_url.replace("tracker@", "postgres@"))
    try:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(insert)
        handing_in = asyncio.create_task(submit_week(cast, "2025-W46"))
        await asyncio.sleep(0.3)
        assert not handing_in.done()
        await transaction.commit()
        assert (await handing_in).totals.total == 2 * HOUR
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(insert.replace("2 hours", "4 hours"))
    finally:
        await connection.close()


class LateConnections:
    """They come so many seconds late, also to whoever has stopped waiting: a driver in the middle of a handshake over
    a slow network may not hear that it was canceled."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self.late = 0.0
        self._pool = pool

    @asynccontextmanager
    async def acquire(self) -> "AsyncIterator[PoolConnectionProxy[asyncpg.Record]]":
        shaking_hands = asyncio.create_task(asyncio.sleep(self.late))
        while not shaking_hands.done():
            with suppress(asyncio.CancelledError):
                await asyncio.shield(shaking_hands)
        async with self._pool.acquire() as connection:
            yield connection


async def test_nothing_is_saved_after_the_person_was_told_that_nothing_was(own_database_url: str) -> None:
    async with AsyncExitStack() as stack:
        pool = await patient_pool(own_database_url, size=2)
        stack.callback(pool.terminate)
        connections = LateConnections(pool)
        cast = await Cast.create(Database(connections), deadline=0.3)
        connections.late = 0.6
        with pytest.raises(NotSaved):
            await cast.start("docs")
        await asyncio.sleep(0.7)  # its connection has come by then, and it is seen what becomes of it
        assert await rows(own_database_url, "select 1 from time_entries") == []


async def test_a_start_waits_for_a_replica_that_was_frozen_with_its_hands_on_the_workspace(
    own_database_url: str,
) -> None:
    async with AsyncExitStack() as stack:
        pool = await open_pool(own_database_url, size=2, settings=PATIENT | {"lock_timeout": "200"})
        stack.callback(pool.terminate)
        cast = await Cast.create(Database(pool))
        frozen = await asyncpg.connect(own_database_url.replace("tracker@", "postgres@"))
        await frozen.execute("begin; select 1 from lanes for update")
        asyncio.get_running_loop().call_later(0.5, frozen.terminate)  # after the first try has given up
        await retry_transient(lambda: cast.services.slack_rate_limits.open(cast.workspace.id, PACES))


async def test_closing_ends_what_is_being_settled_and_waits_for_its_end(
    replicas: list[Cast], own_database_url: str
) -> None:
    runner, before = replicas[0].services.runner, asyncio.all_tasks()
    owner = await asyncpg.connect(own_database_url.replace("tracker@", "postgres@"))
    async with owner.transaction():
        await owner.execute("lock table acts")
        runner.settler.settle_later(replicas[0].request())
        (settling,) = asyncio.all_tasks() - before
        while not await owner.fetchval("select exists (select from pg_locks where not granted)"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await runner.close()
        assert settling.cancelled()
    await owner.close()
