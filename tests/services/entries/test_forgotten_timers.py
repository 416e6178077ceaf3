"""Timers that may be forgotten: asked about once, ended provisionally at an instant that can be defended, never
silently."""

import asyncio
from datetime import UTC, datetime, time, timedelta

import pytest

from domain.entries.entries import TimeEntry, TimerAnswer, TimerOutcome
from domain.entries.forgotten_timers import TimerQuestion, TimerWatch, question_time, usual_day_end
from domain.entries.params import AmendParams
from domain.identity.preferences import PreferencesParams, ReminderChoice
from storage.postgres.database import Database
from tests.answers import entry_of
from tests.cast import ADA, BEN, Cast
from tests.conftest import Clock
from tests.postgres import patient_pool
from tests.records import berlin, find_untrue_history, read_history, record_entry

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


async def run_jobs(cast: Cast) -> list[TimerQuestion | TimerAnswer]:
    """What both jobs of the schedule say, until nothing is due."""
    before = len(cast.notifier.accepted)
    while await cast.services.forgotten_timers.look_due():
        pass
    while await cast.services.outbox.send_due():
        pass
    said = [one.subject for one in cast.notifier.accepted[before:]]
    return [one for one in said if isinstance(one, TimerQuestion | TimerAnswer)]


async def until(
    cast: Cast, clock: Clock, end: datetime
) -> list[tuple[datetime, TimerQuestion | TimerAnswer]]:
    said = []
    while clock.now < end:
        clock.now = min(clock.now + 30 * MINUTE, end)
        said += [(clock.now, one) for one in await run_jobs(cast)]
    return said


async def start_morning(cast: Cast, clock: Clock) -> TimeEntry:
    clock.now = berlin("09:00")
    return entry_of(await cast.start("docs", "api"))


async def find_last_entry(cast: Cast) -> TimeEntry:
    return entry_of(await cast.services.timers.show(cast.request()))


async def test_it_is_asked_about_once_an_hour_after_the_usual_day(cast: Cast, clock: Clock) -> None:
    for day in ("16", "17", "13"):
        await record_entry(cast, berlin("09:00", f"2026-11-{day}"), berlin("16:30", f"2026-11-{day}"))
    entry = await start_morning(cast, clock)
    clock.now = berlin("14:10")
    await cast.services.settings.save(cast.request(), PreferencesParams(reminder=ReminderChoice(at=time(11))))
    ((at, asked),) = await until(cast, clock, berlin("23:30"))
    assert isinstance(asked, TimerQuestion)
    assert (at, asked.entry.id) == (
        berlin("17:40"),
        entry.id,
    )  # the first half hour after it came due at 17:30
    assert (asked.sign, asked.day_end) == (berlin("14:10"), berlin("16:30"))
    assert (asked.ends_at, asked.ended_as_of) == (berlin("01:00", "2026-11-19"), berlin("16:30"))


async def test_at_the_cap_it_is_ended_at_an_instant_that_can_be_defended_and_that_is_said(
    cast: Cast, clock: Clock
) -> None:
    await start_morning(cast, clock)
    said = await until(cast, clock, berlin("03:00", "2026-11-19"))
    assert [(at, type(one)) for at, one in said] == [
        (berlin("19:00"), TimerQuestion),
        (berlin("01:00", "2026-11-19"), TimerAnswer),
    ]
    entry = await find_last_entry(cast)
    assert (entry.ended_at, entry.unconfirmed) == (berlin("18:00"), True)
    clock.now = berlin("18:00", "2026-11-19")
    report = await cast.services.reports.read_day(cast.workspace.id, "U0ADA", clock.now.date())
    assert [one.id for one in report.doubts] == [entry.id]
    (ended,) = [row for row in await read_history(cast) if row["change"] == "stopped"]
    assert (ended["actor"], ended["source"]) == ("U0ADA", "clock")
    confirmed = await cast.services.forgotten_timers.confirm(cast.request(), entry_id=entry.id)
    assert confirmed.change is TimerOutcome.CONFIRMED
    await cast.services.forgotten_timers.confirm(cast.request(), entry_id=entry.id)
    assert not (await find_last_entry(cast)).unconfirmed
    assert len([row for row in await read_history(cast) if row["change"] == "confirmed"]) == 1
    assert await find_untrue_history(cast) == []


async def test_undo_lets_it_run_on_and_it_is_asked_about_again(cast: Cast, clock: Clock) -> None:
    entry = await start_morning(cast, clock)
    await until(cast, clock, berlin("02:00", "2026-11-19"))
    await cast.services.timers.undo_last(cast.request())
    again = await find_last_entry(cast)
    assert (again.id, again.running, again.unconfirmed) == (entry.id, True, False)
    said = await until(cast, clock, berlin("12:00", "2026-11-19"))
    assert [at for at, _ in said] == [berlin("06:00", "2026-11-19"), berlin("10:00", "2026-11-19")]


async def test_keep_is_asked_again_hours_later_and_an_edit_counts_as_one(cast: Cast, clock: Clock) -> None:
    entry = await start_morning(cast, clock)
    await until(cast, clock, berlin("20:00"))
    kept = await cast.services.forgotten_timers.keep(cast.request(), entry_id=entry.id)
    assert kept.change is TimerOutcome.KEPT
    assert [at for at, _ in await until(cast, clock, berlin("00:30", "2026-11-19"))] == [
        berlin("00:00", "2026-11-19")
    ]
    await cast.services.timers.amend(cast.request(), AmendParams(entry_id=entry.id, note="docs, late"))
    said = await until(cast, clock, berlin("08:00", "2026-11-19"))
    assert [at for at, _ in said] == [berlin("04:30", "2026-11-19")]
    assert (await find_last_entry(cast)).running  # kept at half past midnight: not before half past eight
    await until(cast, clock, berlin("09:00", "2026-11-19"))
    assert (await find_last_entry(cast)).ended_at == berlin("00:30", "2026-11-19")
    late = await cast.services.forgotten_timers.keep(cast.request(), entry_id=entry.id)
    assert late.change is TimerOutcome.ALREADY_STOPPED


async def test_what_was_stopped_or_answered_before_the_question_left_is_not_asked(
    cast: Cast, clock: Clock
) -> None:
    entry = await start_morning(cast, clock)
    clock.now = berlin("19:00")
    while (
        await cast.services.forgotten_timers.look_due()
    ):  # the first look of the day is hours ago, and says when to ask
        pass
    await cast.stop()
    assert await run_jobs(cast) == []
    assert await until(cast, clock, berlin("08:00", "2026-11-19")) == []
    async with cast.database.transaction(cast.workspace.id) as tx:
        assert await tx.connection.fetchval("select count(*) from timer_watches") == 0
    assert not (await find_last_entry(cast)).unconfirmed
    assert entry.id == (await find_last_entry(cast)).id


async def test_down_over_the_cap_it_asks_first_and_waits_for_an_answer(cast: Cast, clock: Clock) -> None:
    await start_morning(cast, clock)
    clock.now = berlin("10:00", "2026-11-20")
    (asked,) = await run_jobs(cast)
    assert isinstance(asked, TimerQuestion)
    assert asked.ends_at == berlin("11:00", "2026-11-20")
    assert asked.ended_as_of == berlin("18:00")
    clock.now += 59 * MINUTE
    assert await run_jobs(cast) == []
    clock.now += MINUTE
    assert len(await run_jobs(cast)) == 1


async def test_a_stop_at_an_offered_instant_is_a_stop_like_any(cast: Cast, clock: Clock) -> None:
    entry = await start_morning(cast, clock)
    await until(cast, clock, berlin("20:00"))
    await cast.services.timers.stop(cast.request(), when=berlin("18:00"), entry_id=entry.id)
    stopped = await find_last_entry(cast)
    assert (stopped.ended_at, stopped.unconfirmed) == (berlin("18:00"), False)


async def test_confirming_the_day_confirms_what_was_ended_in_it(cast: Cast, clock: Clock) -> None:
    await start_morning(cast, clock)
    await until(cast, clock, berlin("02:00", "2026-11-19"))
    day = berlin("12:00").date()
    report = await cast.services.reports.read_day(cast.workspace.id, "U0ADA", day)
    assert report.lines[0].unconfirmed
    told = await cast.services.days.confirm(cast.request(), day, seen=report.state)
    assert (told.is_confirmed, told.lines[0].unconfirmed, told.doubts) == (True, False, ())


async def test_ten_replicas_ask_once_and_end_once(own_database_url: str) -> None:
    clock = Clock(berlin("09:00"))
    pool = await patient_pool(own_database_url, size=8)
    cast = await Cast.create(Database(pool, clock))
    await asyncio.gather(*(cast.start("docs", who=who) for who in (ADA, BEN)))
    for at in (berlin("12:00"), berlin("19:30"), berlin("10:00", "2026-11-19")):
        clock.now = at
        for _ in range(2):
            await asyncio.gather(*(cast.services.forgotten_timers.look_due() for _ in range(10)))
    async with cast.database.transaction(cast.workspace.id) as tx:
        keys = [row["key"] for row in await tx.connection.fetch("select key from messages")]
    assert sorted(key.partition(":")[0] for key in keys) == ["ended", "ended", "watch", "watch"]
    await cast.services.close()
    await pool.close()


def test_the_usual_end_is_read_from_the_days_themselves() -> None:
    def entry(start: str, end: str, *, unconfirmed: bool = False) -> TimeEntry:
        at = datetime(2026, 1, 1, tzinfo=UTC)
        return TimeEntry(
            id=None, person_id=None, project=None, note="", tags=(), zone="", source="", version=1,  # type: ignore[arg-type]
            started_at=datetime.fromisoformat(start + "Z"), ended_at=datetime.fromisoformat(end + "Z"),
            deleted=False, created_at=at, updated_at=at, unconfirmed=unconfirmed,
        )  # fmt: skip

    days = [entry(f"2026-11-{day:02}T08:00", f"2026-11-{day:02}T{15 + day % 3}:30") for day in range(2, 9)]
    assert usual_day_end(days, ADA.zone) == timedelta(hours=17, minutes=30)
    assert usual_day_end(days[:2], ADA.zone) == timedelta(hours=18)  # nothing is usual yet
    doubtful = [
        entry(f"2026-11-{day}T08:00", f"2026-11-{day}T22:00", unconfirmed=True) for day in range(10, 30)
    ]
    assert usual_day_end([*days, *doubtful], ADA.zone) == timedelta(hours=17, minutes=30)
    nights = [entry(f"2026-11-{day:02}T21:00", f"2026-11-{day + 1:02}T05:00") for day in range(2, 9)]
    assert usual_day_end(nights, ADA.zone) == timedelta(hours=30)


@pytest.mark.parametrize(
    ("started", "usual", "asked"),
    [
        ("2026-11-18T09:00", 17, "2026-11-18T18:00"),
        ("2026-11-18T06:00", 17, "2026-11-18T16:00"),  # ten hours
        ("2026-11-18T16:45", 17, "2026-11-18T18:45"),  # nobody is asked within two hours
        ("2026-11-18T20:00", 17, "2026-11-18T22:00"),
        ("2026-11-18T22:00", 30, "2026-11-19T07:00"),  # a night's work
        ("2026-10-24T22:00", 30, "2026-10-25T07:00"),  # ten hours, one of which came twice
    ],
)  # fmt: skip
def test_when_it_is_asked_about(started: str, usual: int, asked: str) -> None:
    start = datetime.fromisoformat(started).replace(tzinfo=ADA.zone).astimezone(UTC)
    watch = TimerWatch(asked_at=None, kept_at=None)
    found = question_time(start, watch, timedelta(hours=usual), ADA.zone)
    assert found.astimezone(ADA.zone).replace(tzinfo=None) == datetime.fromisoformat(asked)
