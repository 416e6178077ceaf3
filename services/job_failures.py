"""Failures of jobs, for one person or timer at a time: tried again a few times, then given up, without stopping the
others."""

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
FIRST_PAUSE = timedelta(minutes=1)  # doubles each time: given up a quarter of an hour later

log = logging.getLogger(__name__)

SetBack = Callable[[Transaction, timedelta], Awaitable[None]]
GiveUp = Callable[[Transaction], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueJob:
    """A job that falls due for people one at a time.

    `read` locks who is due, `queue` does the job for one of them, `set_back` postpones it, `skip` goes on with the
    time after this one.
    """

    name: str
    read: Callable[[Transaction, int], Awaitable[Sequence[DueNotification]]]
    queue: Callable[[Transaction, DueNotification], Awaitable[None]]
    set_back: Callable[[Transaction, DueNotification, timedelta], Awaitable[None]]
    skip: Callable[[Transaction, DueNotification], Awaitable[None]]


async def queue_due(database: Database, job: DueJob, *, most: int) -> int:
    """Do the job for up to `most` people who are due. Returns how many were due.

    All are done in one transaction. Where that fails they are done one by one, so that a failure for one person does
    not stop the others.
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
    """Do the job for one person. Returns whether anybody was due. Raises what the database raises where not even the
    failure can be written."""
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
        await set_back(
            database,
            one.workspace_id,
            job=job.name,
            subject=one.person_id,
            error=error,
            pause=lambda tx, delay: job.set_back(tx, one, delay),
            give_up=lambda tx: job.skip(tx, one),
        )
    return failing is not None


async def set_back(
    database: Database,
    workspace_id: UUID,
    *,
    job: str,
    subject: UUID,
    error: Exception,
    pause: SetBack,
    give_up: GiveUp,
) -> None:
    """Count the failure and log it with a reference; let it be tried again later, or give it up."""
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
