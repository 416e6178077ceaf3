"""Finds the entries of an export file: those of a person that began in a period."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import DateTime, Interval, and_, bindparam, func, literal_column, select

from domain.entries.entries import TimeEntry
from storage.entries.entries import LIVE_ENTRY_OF_PERSON, entry_from_row, select_entries
from storage.postgres.database import Transaction
from storage.postgres.query import Query
from storage.tables import time_entries

_e = time_entries.c
_start, _end, _at = (bindparam(name, type_=DateTime(timezone=True)) for name in ("start", "end", "at"))
_began_in_period = and_(LIVE_ENTRY_OF_PERSON, _e.started_at >= _start, _e.started_at < _end)
_ended = func.coalesce(_e.ended_at, _at)
_length = func.greatest(_ended - _e.started_at, literal_column("interval '0'", Interval))
# Of the entries that began earlier, only the last one can reach into the period. A subquery runs once, whatever
# plan is used.
_before = time_entries.alias("before").c
_end_of_last_before = (
    select(func.coalesce(_before.ended_at, literal_column("'infinity'::timestamptz")).label("ended"))
    .where(
        _before.workspace_id == bindparam("workspace_id"),
        _before.person_id == bindparam("person_id"),
        ~_before.deleted,
        _before.started_at < _start,
    )
    .order_by(_before.started_at.desc())
    .limit(literal_column("1"))
    .scalar_subquery()
)
_SUMMARIZE = Query(
    select(
        func.count().label("entries"),
        func.sum(_length).label("total"),
        func.count().filter(_ended > _end).label("reaching"),
        func.count().filter(_e.ended_at.is_(None)).label("running"),
        func.coalesce(_end_of_last_before > _start, literal_column("false")).label("reached"),
    ).where(_began_in_period)
)
_FIND_LAST_START = Query(select(func.max(_e.started_at).label("at")).where(LIVE_ENTRY_OF_PERSON))
_FIND_STARTED_BETWEEN = Query(
    select_entries(_began_in_period).order_by(_e.started_at).limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSummary:
    """A summary of an export.

    `entries` is the number of entries that began in the period, and `total` their length; `reaching` is the number
    that cross its start or end; `running` is true if one of them still runs.
    """

    entries: int
    total: timedelta
    reaching: int
    running: bool


async def summarize(
    tx: Transaction, workspace_id: UUID, person_id: UUID, *, start: datetime, end: datetime, at: datetime
) -> ExportSummary:
    """Count and add up the entries of the period. A running timer counts until the instant `at`."""
    row = await tx.fetch_one(
        _SUMMARIZE, workspace_id=workspace_id, person_id=person_id, start=start, end=end, at=at
    )
    assert row is not None
    return ExportSummary(
        entries=row["entries"],
        total=row["total"] or timedelta(),
        reaching=row["reaching"] + row["reached"],
        running=bool(row["running"]),
    )


async def find_last_start(tx: Transaction, workspace_id: UUID, person_id: UUID) -> datetime | None:
    """Find the start of the person's newest entry. None if they have no entries."""
    row = await tx.fetch_one(_FIND_LAST_START, workspace_id=workspace_id, person_id=person_id)
    return row["at"] if row else None


async def find_started_between(
    tx: Transaction, workspace_id: UUID, person_id: UUID, *, start: datetime, end: datetime, most: int
) -> list[TimeEntry]:
    """Find the person's entries that began in [start, end), oldest first."""
    rows = await tx.fetch_all(
        _FIND_STARTED_BETWEEN, workspace_id=workspace_id, person_id=person_id, start=start, end=end, most=most
    )
    return [entry_from_row(row) for row in rows]
