"""What ticks: no work for missed ticks, and failures that are told once."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduler.failures import JobFailures
from scheduler.intervals import Every
from scheduler.jobs import Job
from scheduler.schedule import Schedule
from tests.cast import PATIENCE_SECONDS

NOW = datetime(2026, 11, 18, 14, 40, tzinfo=UTC)


class Counting(Every):
    """Counts how often the scheduler asks for the next tick."""

    asked = 0

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        self.asked += 1
        return super().get_next_fire_time(previous_fire_time, now)


@pytest.mark.parametrize(
    "missed", [timedelta(0), timedelta(seconds=1), timedelta(days=24), timedelta(days=400)]
)
def test_the_next_tick_lies_ahead_whatever_was_missed(missed: timedelta) -> None:
    for seconds in (1, 5, 21_600):
        following = Every(seconds).get_next_fire_time(NOW - missed, NOW)
        assert NOW < following <= NOW + timedelta(seconds=seconds)


def test_a_tick_in_time_keeps_its_beat() -> None:
    assert Every(5).get_next_fire_time(NOW - timedelta(seconds=2), NOW) == NOW + timedelta(seconds=3)
    assert Every(5).get_next_fire_time(None, NOW) == NOW + timedelta(seconds=5)


async def test_forty_days_that_were_missed_are_one_run_and_two_questions() -> None:
    ran, done = [], asyncio.Event()

    async def job() -> None:
        ran.append(1)
        done.set()

    beat = Counting(1)
    scheduler = AsyncIOScheduler(
        timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    long_ago = datetime.now(UTC) - timedelta(days=40)
    scheduler.add_job(job, beat, id="job", next_run_time=long_ago)
    scheduler.start()
    await asyncio.wait_for(done.wait(), PATIENCE_SECONDS)
    scheduler.shutdown(wait=False)
    assert len(ran) == 1
    assert beat.asked == 2


async def test_jobs_go_on_when_the_clock_was_ahead_and_is_set_back() -> None:
    """Nobody looked while it was ahead: all that tells is that the next run lies further ahead than one ever does."""
    ran = asyncio.Event()

    async def job() -> int:
        ran.set()
        return 0

    schedule = Schedule([Job("wait", 24 * 3600, job)], lambda: datetime.now(UTC).timestamp() - 40 * 86400)
    schedule.start()
    schedule.run_overdue_jobs()
    await asyncio.wait_for(ran.wait(), PATIENCE_SECONDS)
    await schedule.stop()


async def test_one_failing_job_stops_no_other_and_stands_in_the_log_with_its_name(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ran = asyncio.Event()

    async def fails() -> int:
        raise LookupError("nothing there")

    async def works() -> int:
        ran.set()
        return 0

    schedule = Schedule([Job("fail", 0.01, fails), Job("work", 0.02, works)], NOW.timestamp)
    schedule.start()
    await asyncio.wait_for(ran.wait(), PATIENCE_SECONDS)
    await schedule.stop()
    told = [
        record
        for record in caplog.records
        if "the job to fail failed with LookupError" in record.getMessage()
    ]
    assert len(told) == 1
    assert told[0].levelno == logging.ERROR
    assert told[0].exc_info
    assert "reference" in told[0].getMessage()


def test_the_same_failure_is_told_once_a_minute_with_how_often_it_came(
    caplog: pytest.LogCaptureFixture,
) -> None:
    now = 0.0
    failures = JobFailures(lambda: now)
    error, other = ValueError("once"), KeyError("other")
    references = []
    for second in range(130):
        now = float(second)
        references.append(failures.report("send", error))
    assert [at for at, reference in enumerate(references) if reference] == [0, 60, 120]
    assert failures.report("send", other)
    assert failures.report("queue", error)
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 5
    assert "and 59 times since" in told[1]
