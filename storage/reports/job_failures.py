"""Counts failures of scheduled jobs, per person or timer: failing work is postponed a few times and then given up."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Interval, bindparam, case, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.postgres.database import Transaction
from storage.postgres.query import DATABASE_NOW, Query
from storage.tables import job_failures

_f = job_failures.c
# A failure later than this, or after the work was given up, starts a new count.
_NEW_COUNT_AFTER = timedelta(days=1)
_new = insert(job_failures).values(
    workspace_id=bindparam("workspace_id"),
    job=bindparam("job"),
    subject=bindparam("subject"),
    attempts=1,
    problem=bindparam("problem"),
    last_at=DATABASE_NOW,
)
_is_over = or_(
    _f.given_up_at.is_not(None), _f.last_at < DATABASE_NOW - bindparam("new_count_after", type_=Interval)
)
_COUNT = Query(
    _new.on_conflict_do_update(
        index_elements=["workspace_id", "job", "subject"],
        set_={
            "attempts": case((_is_over, 1), else_=_f.attempts + 1),
            "problem": _new.excluded.problem,
            "last_at": _new.excluded.last_at,
            "given_up_at": None,
        },
    ).returning(_f.attempts)
)
_GIVE_UP = Query(
    update(job_failures)
    .where(
        _f.workspace_id == bindparam("workspace_id"),
        _f.job == bindparam("the_job"),
        _f.subject == bindparam("the_subject"),
    )
    .values(given_up_at=DATABASE_NOW)
)
_COUNT_GIVEN_UP = Query(
    select(_f.job, func.count().label("times"))
    .where(_f.last_at > DATABASE_NOW - bindparam("within", type_=Interval), _f.given_up_at.is_not(None))
    .group_by(_f.job)
)
_DELETE_OLDER = Query(
    delete(job_failures).where(_f.last_at < DATABASE_NOW - bindparam("older", type_=Interval))
)


async def count_failure(tx: Transaction, workspace_id: UUID, *, job: str, subject: UUID, problem: str) -> int:
    """Record a failure. Return the number of failures in a row."""
    row = await tx.fetch_one(
        _COUNT,
        workspace_id=workspace_id,
        job=job,
        subject=subject,
        problem=problem,
        new_count_after=_NEW_COUNT_AFTER,
    )
    assert row is not None
    return int(row["attempts"])


async def give_up(tx: Transaction, workspace_id: UUID, *, job: str, subject: UUID) -> None:
    """Record that the work was given up."""
    await tx.execute(_GIVE_UP, workspace_id=workspace_id, the_job=job, the_subject=subject)


async def count_given_up(tx: Transaction, *, within: timedelta) -> Mapping[str, int]:
    """Count by job how often work was given up within that time, in all workspaces."""
    return {row["job"]: row["times"] for row in await tx.fetch_all(_COUNT_GIVEN_UP, within=within)}


async def delete_older(tx: Transaction, *, older: timedelta) -> int:
    """Delete failures older than that. Return their number."""
    return await tx.execute(_DELETE_OLDER, older=older)
