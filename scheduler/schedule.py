"""Everything the clock does, on one screen. Every replica ticks; the database decides who does what."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduler.failures import JobFailures
from scheduler.ticks import Every
from services.outbox.notifier import Members
from services.services import Services

log = logging.getLogger(__name__)

STALE_SECONDS = 60.0
WATCH_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Job:
    name: str
    every: float  # seconds
    run: Callable[[], Awaitable[int]]  # how much it did; it runs again at once while that is not nothing
    repeat: bool = True
    first: float | None = None  # seconds after the start; otherwise once `every` has passed


def jobs(services: Services) -> tuple[Job, ...]:
    return (
        Job("queue the digests that are due", 5, services.digests.queue_due),
        Job("queue the weeks that are due", 15, services.weekly.queue_due),
        Job("queue the reminders that are due", 5, services.reminders.queue_due),
        Job("look at timers that may be forgotten", 15, services.forgotten_timers.look_due),
        Job("send the messages that are due", 1, services.outbox.send_due),
        Job("rewrite what has changed in Slack", 1, services.live_messages.refresh_due),
        Job(
            "forget messages that can not be rewritten",
            600,
            services.live_messages.forget_expired,
            repeat=False,
        ),
        Job("forget how often things were asked for", 600, services.quotas.forget),
        Job("forget sessions that ended long ago", 6 * 3600, services.sessions.forget, repeat=False),
        Job("forget codes that ended long ago", 6 * 3600, services.links.forget, repeat=False),
        Job("forget files that nobody imported", 3600, services.maintenance.forget_old_imports, repeat=False),
        Job("forget failures of long ago", 6 * 3600, services.maintenance.forget_old_failures, repeat=False),
        Job("forget the keys of old acts", 6 * 3600, services.maintenance.forget_old_acts),
    )


def membership_jobs(services: Services, workspace_id: UUID, members: Members) -> tuple[Job, ...]:
    """What asks Slack who belongs to the workspace. Every replica looks for itself: a look changes nothing twice."""

    async def look() -> int:
        return await services.membership.look(workspace_id, members)

    async def go_on() -> int:
        return await services.membership.go_on(workspace_id, members)

    async def verify() -> int:
        return await services.membership.verify_waiting(workspace_id, members)

    return (
        Job("look who is still a member in Slack", 6 * 3600, look, repeat=False, first=20),
        Job("go on with the look at who is still a member", 60, go_on, repeat=False),
        Job("ask Slack who newcomers are", 15, verify, repeat=False),
    )


class Schedule:
    """`clock` is this machine's, in seconds since 1970."""

    def __init__(self, all_jobs: Sequence[Job], clock: Callable[[], float]) -> None:
        self._clock = clock
        self._jobs = all_jobs
        self._failures = JobFailures(time.monotonic)
        self._stopping = False
        self._running: set[asyncio.Task[None]] = set()
        self._last_tick = 0.0
        self._watching: asyncio.Task[None] | None = None
        # A late tick is a tick (no grace period), many late ones are one, and a job never overlaps itself.
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def start(self) -> None:
        self._last_tick = asyncio.get_running_loop().time()
        for job in self._jobs:
            self._scheduler.add_job(self._tick, Every(job.every), args=[job], id=job.name)
            if job.first is not None:
                first = datetime.fromtimestamp(self._clock() + job.first, UTC)
                self._scheduler.modify_job(job.name, next_run_time=first)
        self._scheduler.start()
        self._watching = asyncio.create_task(self._watch())

    def ticking(self) -> bool:
        return asyncio.get_running_loop().time() - self._last_tick < STALE_SECONDS

    async def stop(self) -> None:
        """Lets what runs come to its end; APScheduler itself would cancel it in the middle of a send."""
        self._stopping = True
        if self._watching:
            self._watching.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if self._running:
            await asyncio.wait(self._running, timeout=8)

    async def _watch(self) -> None:
        """APScheduler waits for instants: after the clock was set back it would wait until they come again. Also after
        it was ahead for so short a while that nobody saw it go back."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            self.bring_back()

    def bring_back(self) -> None:
        """Let jobs run now whose next run is further ahead than they ever plan: the clock was set back since."""
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
