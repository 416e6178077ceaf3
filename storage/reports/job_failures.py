"""What the clock could not do for one person or timer, counted, so that it is set back and given up in the end."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Interval, bindparam, case, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.postgres.database import DATABASE_NOW, Query, Transaction
from storage.tables import job_failures

_f = job_failures.c
# A failure after so long, or after one that was given up, is a new one.
_FORGIVEN_AFTER = timedelta(days=1)
_new = insert(job_failures).values(
    workspace_id=bindparam("workspace_id"),
    job=bindparam("job"),
    subject=bindparam("subject"),
    attempts=1,
    problem=bindparam("problem"),
    last_at=DATABASE_NOW,
)
_is_over = or_(
    _f.given_up_at.is_not(None), _f.last_at < DATABASE_NOW - bindparam("forgiven_after", type_=Interval)
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
_GIVEN_UP = Query(
    select(_f.job, func.count().label("times"))
    .where(_f.last_at > DATABASE_NOW - bindparam("within", type_=Interval), _f.given_up_at.is_not(None))
    .group_by(_f.job)
)
_FORGET = Query(delete(job_failures).where(_f.last_at < DATABASE_NOW - bindparam("older", type_=Interval)))


async def count_failure(tx: Transaction, workspace_id: UUID, *, job: str, subject: UUID, problem: str) -> int:
    """Note one more failure; return how many there were in a row."""
    row = await tx.fetch_one(
        _COUNT,
        workspace_id=workspace_id,
        job=job,
        subject=subject,
        problem=problem,
        forgiven_after=_FORGIVEN_AFTER,
    )
    assert row is not None
    return int(row["attempts"])


async def give_up(tx: Transaction, workspace_id: UUID, *, job: str, subject: UUID) -> None:
    await tx.execute(_GIVE_UP, workspace_id=workspace_id, the_job=job, the_subject=subject)


async def count_given_up(tx: Transaction, *, within: timedelta) -> Mapping[str, int]:
    """How often that was lately, by job; across workspaces."""
    return {row["job"]: row["times"] for row in await tx.fetch_all(_GIVEN_UP, within=within)}


async def delete_older(tx: Transaction, *, older: timedelta) -> int:
    return await tx.execute(_FORGET, older=older)
