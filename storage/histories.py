"""What was done to an entry, as the record has it."""

from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import and_, bindparam, select

from domain.history import EntryChange, Snapshot
from storage.database import Query, Transaction
from storage.tables import history, people

_SNAPSHOT: TypeAdapter[Snapshot | None] = TypeAdapter(Snapshot | None)
_h = history.c
_OF_ENTRY = Query(
    select(_h.change, _h.before, _h.after, _h.source, _h.at, people.c.id.label("person_id"))
    .select_from(
        history.outerjoin(
            people, and_(people.c.workspace_id == _h.workspace_id, people.c.slack_user_id == _h.actor)
        )
    )
    .where(
        _h.workspace_id == bindparam("workspace_id"),
        _h.subject_id == bindparam("entry_id"),
        _h.subject == "time_entry",
    )
    .order_by(_h.number)
    .limit(bindparam("most"))
)


async def of_entry(tx: Transaction, workspace_id: UUID, entry_id: UUID, *, most: int) -> list[EntryChange]:
    """The oldest first."""
    rows = await tx.all(_OF_ENTRY, workspace_id=workspace_id, entry_id=entry_id, most=most)
    found = []
    for row in rows:
        after = _SNAPSHOT.validate_json(row["after"])
        assert after is not None  # an entry is never forgotten, only deleted
        found.append(
            EntryChange(
                change=row["change"],
                before=_SNAPSHOT.validate_json(row["before"]) if row["before"] else None,
                after=after,
                by=row["person_id"],
                source=row["source"],
                at=row["at"],
            )
        )
    return found
