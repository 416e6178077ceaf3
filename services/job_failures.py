"""Runs jobs that are due for one person or timer at a time. A failed job is tried again a few times and then given
up, without stopping the others."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from storage.postgres.database import Database, Transaction
from storage.reports import job_failures
from storage.reports.notification_schedule import DueNotification

MOST_ATTEMPTS = 5
# the pause doubles each time, so the last attempt is a quarter of an hour after the first
FIRST_PAUSE = timedelta(minutes=1)

log = logging.getLogger(__name__)

Postpone = Callable[[Transaction, timedelta], Awaitable[None]]
GiveUp = Callable[[Transaction], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueJob:
    """A job that falls due for people one at a time.

    `read` locks people who are due, `queue` does the job for one of them, `postpone` makes it due again later, and
    `skip` schedules the next time after this one.
    """

    name: str
    read: Callable[[Transaction, int], Awaitable[Sequence[DueNotification]]]
    queue: Callable[[Transaction, DueNotification], Awaitable[None]]
    postpone: Callable[[Transaction, DueNotification, timedelta], Awaitable[None]]
    skip: Callable[[Transaction, DueNotification], Awaitable[None]]


async def queue_due(database: Database, job: DueJob, *, most: int) -> int:
    """Do the job for up to `most` people who are due. Returns how many were due.

    All of them are done in one transaction. If that fails, each gets a transaction of their own, so that a failure
    for one person does not stop the others.
    """
    try:
        return await _queue(database, job, most)
    except Exception as error:  # noqa: BLE001 - tried again one by one
        log.info("the %s of several people failed with %s; now one by one", job.name, type(error).__name__)
    done = 0
    while done < most and await _queue_one(database, job):
        done += 1
    return done


async def _queue(database: Database, job: DueJob, most: int) -> int:
    async with database.across_workspaces() as tx:
        due = await job.read(tx, most)
        for one in due:
            await tx.enter_workspace(one.workspace_id)
            await job.queue(tx, one)
    return len(due)


async def _queue_one(database: Database, job: DueJob) -> bool:
    """Do the job for one person. Returns whether anybody was due. Raises the database's error if the failure itself
    can not be recorded."""
    failing: DueNotification | None = None
    try:
        async with database.across_workspaces() as tx:
            for failing in await job.read(tx, 1):
                await tx.enter_workspace(failing.workspace_id)
                await job.queue(tx, failing)
    except Exception as error:
        if failing is None:
            raise
        one = failing
        await record_job_failure(
            database,
            one.workspace_id,
            job=job.name,
            subject=one.person_id,
            error=error,
            pause=lambda tx, delay: job.postpone(tx, one, delay),
            give_up=lambda tx: job.skip(tx, one),
        )
    return failing is not None


async def record_job_failure(
    database: Database,
    workspace_id: UUID,
    *,
    job: str,
    subject: UUID,
    error: Exception,
    pause: Postpone,
    give_up: GiveUp,
) -> None:
    """Count and log the failure with a reference. Postpone the job, or give it up after MOST_ATTEMPTS."""
    reference = secrets.token_hex(4)
    problem = f"{type(error).__name__} (reference {reference})"
    async with database.transaction(workspace_id) as tx:
        attempts = await job_failures.count_failure(
            tx, workspace_id, job=job, subject=subject, problem=problem
        )
        over = attempts >= MOST_ATTEMPTS
        if over:
            await give_up(tx)
            await job_failures.give_up(tx, workspace_id, job=job, subject=subject)
        else:
            await pause(tx, FIRST_PAUSE * 2 ** (attempts - 1))
    log.error(
        "the %s of one person %s: attempt %d of %d, %s",
        job,
        "was given up" if over else "failed and is tried again",
        attempts,
        MOST_ATTEMPTS,
        problem,
        exc_info=error,
    )
