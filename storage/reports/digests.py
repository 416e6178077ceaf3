"""The ledger of digests: the outcome of each person's digest of each local date. Its rows are never deleted."""

from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from domain.reports.digests import DigestOutcome
from storage.postgres.database import Transaction
from storage.postgres.query import Query
from storage.reports.notification_schedule import DueNotification
from storage.tables import digests

_RECORD = Query(
    insert(digests)
    .values(
        workspace_id=bindparam("workspace_id"),
        person_id=bindparam("person_id"),
        local_date=bindparam("day"),
        due_at=bindparam("due"),
        outcome=bindparam("result"),
        message_id=bindparam("message"),
    )
    .on_conflict_do_nothing()
)
_FIND = Query(
    select(digests.c.local_date).where(
        digests.c.workspace_id == bindparam("workspace_id"),
        digests.c.person_id == bindparam("person_id"),
        digests.c.local_date == bindparam("day"),
    )
)


async def is_recorded(tx: Transaction, workspace_id: UUID, person_id: UUID, day: date) -> bool:
    """Return whether the digest of that date is in the ledger, sent or not."""
    return await tx.fetch_one(_FIND, workspace_id=workspace_id, person_id=person_id, day=day) is not None


async def record(
    tx: Transaction, due: DueNotification, *, outcome: DigestOutcome, message_id: UUID | None
) -> None:
    """Record the outcome of a digest in the ledger, unless it has an outcome already."""
    await tx.execute(
        _RECORD,
        workspace_id=due.workspace_id,
        person_id=due.person.id,
        day=due.day,
        due=due.due_at,
        result=outcome.value,
        message=message_id,
    )
