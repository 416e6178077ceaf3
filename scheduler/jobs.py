"""The scheduled jobs, one row each: what a job does, and how often. Every replica runs all jobs; the database
divides the work between them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from services.outbox.notifier import Members
from services.services import Services

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Job:
    """A job that runs every `every` seconds.

    `run` returns the amount of work that it did. If that is not 0, the job runs again at once, unless `repeat` is
    false. `first` is the delay of the first run after the start, in seconds; None means `every`. `name` completes
    "the job to …".
    """

    name: str
    every: float
    run: Callable[[], Awaitable[int]]
    repeat: bool = True
    first: float | None = None


def list_jobs(services: Services) -> tuple[Job, ...]:
    """Return the jobs of the services."""
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
            services.live_messages.delete_expired,
            repeat=False,
        ),
        Job("forget how often things were asked for", 600, services.quotas.delete_expired),
        Job("forget sessions that ended long ago", 6 * HOUR, services.sessions.delete_expired, repeat=False),
        Job("forget codes that ended long ago", 6 * HOUR, services.links.delete_expired, repeat=False),
        Job("forget files that nobody imported", HOUR, services.maintenance.delete_old_imports, repeat=False),
        Job("forget failures of long ago", 6 * HOUR, services.maintenance.delete_old_failures, repeat=False),
        Job("delete old idempotency keys", 6 * HOUR, services.maintenance.delete_old_keys),
    )


def list_membership_jobs(services: Services, workspace_id: UUID, members: Members) -> tuple[Job, ...]:
    """Return the jobs that ask Slack who belongs to the workspace. Each replica runs them; repeating them changes
    nothing."""

    async def look() -> int:
        return await services.membership.compare(workspace_id, members)

    async def go_on() -> int:
        return await services.membership.continue_comparison(workspace_id, members)

    async def verify() -> int:
        return await services.membership.verify_unverified(workspace_id, members)

    return (
        Job("look who is still a member in Slack", 6 * HOUR, look, repeat=False, first=20),
        Job("go on with the look at who is still a member", 60, go_on, repeat=False),
        Job("ask Slack who newcomers are", 15, verify, repeat=False),
    )
