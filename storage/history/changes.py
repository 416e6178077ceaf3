"""Reads the history: the changes of one entry, and the operations of one person that undo can revert."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter
from sqlalchemy import and_, bindparam, exists, literal_column, select

from domain.history.changes import EntryHistoryItem, EntryRecord, OperationRecord, Snapshot
from storage.postgres.database import Transaction
from storage.postgres.query import Query
from storage.tables import history, people

_AFTER = TypeAdapter(Snapshot)  # never null: the row of a deleted entry stays
_BEFORE: TypeAdapter[Snapshot | None] = TypeAdapter(Snapshot | None)
_h = history.c
_FIND_BY_ENTRY = Query(
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
_undoing = history.alias("undoing")
_select_changes = select(
    _h.act_id,
    _h.subject_id,
    _h.change,
    _h.before,
    _h.after,
    exists(
        select(literal_column("1")).where(
            _undoing.c.workspace_id == _h.workspace_id, _undoing.c.undoes == _h.act_id
        )
    ).label("undone"),
).where(
    _h.workspace_id == bindparam("workspace_id"),
    _h.actor == bindparam("actor"),
    _h.subject == "time_entry",
)
_FIND_OPERATION = Query(_select_changes.where(_h.act_id == bindparam("act_id")).order_by(_h.number))
_FIND_LATEST = Query(_select_changes.order_by(_h.number.desc()).limit(bindparam("most")))


async def find_operation(
    tx: Transaction, workspace_id: UUID, act_id: UUID, *, actor: str
) -> OperationRecord | None:
    """Find the changes that an operation of that person made. None if it was another person's operation or changed
    no entry."""
    rows = await tx.fetch_all(_FIND_OPERATION, workspace_id=workspace_id, act_id=act_id, actor=actor)
    return _operation_from_rows(rows) if rows else None


async def find_latest(tx: Transaction, workspace_id: UUID, *, actor: str, most: int) -> list[OperationRecord]:
    """Find the operations that made the person's last `most` changes of entries, the latest first."""
    rows = await tx.fetch_all(_FIND_LATEST, workspace_id=workspace_id, actor=actor, most=most)
    by_act: dict[UUID, list[asyncpg.Record]] = {}
    for row in reversed(rows):
        by_act.setdefault(row["act_id"], []).append(row)
    if len(rows) == most:  # the earliest operation may have further changes beyond the limit
        earliest = rows[-1]["act_id"]
        by_act[earliest] = await tx.fetch_all(
            _FIND_OPERATION, workspace_id=workspace_id, act_id=earliest, actor=actor
        )
    return [_operation_from_rows(by_act[act_id]) for act_id in reversed(by_act)]


async def find_by_entry(
    tx: Transaction, workspace_id: UUID, entry_id: UUID, *, most: int
) -> list[EntryHistoryItem]:
    """Find the changes of an entry, the oldest first."""
    rows = await tx.fetch_all(_FIND_BY_ENTRY, workspace_id=workspace_id, entry_id=entry_id, most=most)
    return [
        EntryHistoryItem(
            change=row["change"],
            before=_before(row),
            after=_AFTER.validate_json(row["after"]),
            by=row["person_id"],
            source=row["source"],
            at=row["at"],
        )
        for row in rows
    ]


def _operation_from_rows(rows: Sequence[asyncpg.Record]) -> OperationRecord:
    changes = tuple(_change_from_row(row) for row in rows)
    return OperationRecord(act_id=rows[0]["act_id"], changes=changes, undone=rows[0]["undone"])


def _change_from_row(row: asyncpg.Record) -> EntryRecord:
    return EntryRecord(
        entry_id=row["subject_id"],
        change=row["change"],
        before=_before(row),
        after=_AFTER.validate_json(row["after"]),
    )


def _before(row: asyncpg.Record) -> Snapshot | None:
    return _BEFORE.validate_json(row["before"] or "null")
