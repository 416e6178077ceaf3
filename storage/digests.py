"""Who is due a digest, and the ledger of digests: one row per person and local date, for ever."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from domain.digests import DigestOutcome
from domain.people import Person
from storage.database import DATABASE_NOW, Query, Transaction
from storage.people import PERSON, person
from storage.tables import digests, people

_DUE = Query(
    select(
        people.c.workspace_id,
        people.c.next_digest_on,
        people.c.next_digest_at,
        DATABASE_NOW.label("now"),
        *PERSON,
    )
    .where(people.c.next_digest_at <= DATABASE_NOW)
    .order_by(people.c.next_digest_at)
    .limit(bindparam("most"))
    # Not the stronger lock, which would hold up every new entry of these people.
    .with_for_update(skip_locked=True, key_share=True)
)
_ENTER = Query(
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
_ENTERED = Query(
    select(digests.c.local_date).where(
        digests.c.workspace_id == bindparam("workspace_id"),
        digests.c.person_id == bindparam("person_id"),
        digests.c.local_date == bindparam("day"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A person whose digest of the local date `day` fell due at `due_at`; `now` is the database's clock."""

    workspace_id: UUID
    person: Person
    day: date
    due_at: datetime
    now: datetime


async def due(tx: Transaction, *, most: int) -> list[Due]:
    """Locks the people whose digest is due; other replicas skip them until this transaction ends."""
    rows = await tx.all(_DUE, most=most)
    return [
        Due(
            workspace_id=row["workspace_id"],
            person=person(row),
            day=row["next_digest_on"],
            due_at=row["next_digest_at"],
            now=row["now"],
        )
        for row in rows
    ]


async def entered(tx: Transaction, workspace_id: UUID, person_id: UUID, day: date) -> bool:
    """Whether that date's digest was settled before, one way or the other."""
    return await tx.one(_ENTERED, workspace_id=workspace_id, person_id=person_id, day=day) is not None


async def enter(tx: Transaction, due: Due, *, outcome: DigestOutcome, message_id: UUID | None) -> None:
    await tx.run(
        _ENTER,
        workspace_id=due.workspace_id,
        person_id=due.person.id,
        day=due.day,
        due=due.due_at,
        result=outcome.value,
        message=message_id,
    )
