"""Runs jobs at their intervals, even after this machine's clock has jumped."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduler.failures import JobFailures
from scheduler.intervals import Every
from scheduler.jobs import Job

log = logging.getLogger(__name__)

STALE_SECONDS = 60.0
WATCH_SECONDS = 2.0


class Schedule:
    """Runs jobs until it is stopped. `clock` returns this machine's time in seconds since 1970."""

    def __init__(self, all_jobs: Sequence[Job], clock: Callable[[], float]) -> None:
        self._clock = clock
        self._jobs = all_jobs
        self._failures = JobFailures(time.monotonic)
        self._stopping = False
        self._running: set[asyncio.Task[None]] = set()
        self._last_tick = 0.0
        self._clock_watch: asyncio.Task[None] | None = None
        # A late run still takes place (no grace period), several late runs become one, and a job never overlaps
        # itself.
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def start(self) -> None:
        """Start to run the jobs, on the running event loop."""
        self._last_tick = asyncio.get_running_loop().time()
        for job in self._jobs:
            self._scheduler.add_job(self._tick, Every(job.every), args=[job], id=job.name)
            if job.first is not None:
                first = datetime.fromtimestamp(self._clock() + job.first, UTC)
                self._scheduler.modify_job(job.name, next_run_time=first)
        self._scheduler.start()
        self._clock_watch = asyncio.create_task(self._watch_clock())

    def is_running(self) -> bool:
        """Return whether a job has run within the last minute."""
        return asyncio.get_running_loop().time() - self._last_tick < STALE_SECONDS

    async def stop(self) -> None:
        """Stop, and let running jobs finish: APScheduler itself would cancel them in the middle of a request."""
        self._stopping = True
        if self._clock_watch:
            self._clock_watch.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if self._running:
            await asyncio.wait(self._running, timeout=8)

    async def _watch_clock(self) -> None:
        """Look every two seconds for jobs whose next run is too far ahead. APScheduler waits for instants: after
        the clock was set back, it would wait until they come again."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            self.run_overdue_jobs()

    def run_overdue_jobs(self) -> None:
        """Run the jobs now whose next run is further ahead than their interval, because the clock was set back."""
        now = datetime.fromtimestamp(self._clock(), UTC)
        for job in self._jobs:
            planned = self._scheduler.get_job(job.name)
            if planned and planned.next_run_time - now > timedelta(seconds=job.every + WATCH_SECONDS):
                log.warning("the clock was set back; the job to %s goes on", job.name)
                self._scheduler.modify_job(job.name, next_run_time=now)

    async def _tick(self, job: Job) -> None:
        task = asyncio.ensure_future(self._run(job))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.shield(task)

    async def _run(self, job: Job) -> None:
        self._last_tick = asyncio.get_running_loop().time()
        try:
            while await job.run() and job.repeat and not self._stopping:
                self._last_tick = asyncio.get_running_loop().time()
        except Exception as error:  # noqa: BLE001 - reported; the schedule goes on
            self._failures.report(job.name, error)
