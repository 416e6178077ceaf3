"""What a person's file holds: their entries by when they began."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import DateTime, Interval, and_, bindparam, func, literal_column, select

from domain.entries.entries import TimeEntry
from storage.entries.entries import MINE, entries_where, entry_of
from storage.postgres.database import Query, Transaction
from storage.tables import time_entries

_e = time_entries.c
_start, _end, _at = (bindparam(name, type_=DateTime(timezone=True)) for name in ("start", "end", "at"))
_begun = and_(MINE, _e.started_at >= _start, _e.started_at < _end)
_ended = func.coalesce(_e.ended_at, _at)
_length = func.greatest(_ended - _e.started_at, literal_column("interval '0'", Interval))
# The last one that began before: no others can reach into the stretch. A query of its own within this one, asked once
# whatever plan is kept.
_before = time_entries.alias("before").c
_last_before = (
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
_COUNTED = Query(
    select(
        func.count().label("entries"),
        func.sum(_length).label("total"),
        func.count().filter(_ended > _end).label("reaching"),
        func.count().filter(_e.ended_at.is_(None)).label("running"),
        func.coalesce(_last_before > _start, literal_column("false")).label("reached"),
    ).where(_begun)
)
_LAST_START = Query(select(func.max(_e.started_at).label("at")).where(MINE))
_BEGUN = Query(entries_where(_begun).order_by(_e.started_at).limit(bindparam("most")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """`entries` began in the stretch and last `total`; `reaching` reach over one of its ends."""

    entries: int
    total: timedelta
    reaching: int
    running: bool


async def counted(
    tx: Transaction, workspace_id: UUID, person_id: UUID, *, start: datetime, end: datetime, at: datetime
) -> Counted:
    """What runs lasts until the instant `at`."""
    row = await tx.one(_COUNTED, workspace_id=workspace_id, person_id=person_id, start=start, end=end, at=at)
    assert row is not None
    return Counted(
        entries=row["entries"],
        total=row["total"] or timedelta(),
        reaching=row["reaching"] + row["reached"],
        running=bool(row["running"]),
    )


async def last_start(tx: Transaction, workspace_id: UUID, person_id: UUID) -> datetime | None:
    """When the person's newest entry began, or None where they have none."""
    row = await tx.one(_LAST_START, workspace_id=workspace_id, person_id=person_id)
    return row["at"] if row else None


async def begun_between(
    tx: Transaction, workspace_id: UUID, person_id: UUID, *, start: datetime, end: datetime, most: int
) -> list[TimeEntry]:
    """The person's entries that began in [start, end), oldest first."""
    rows = await tx.all(
        _BEGUN, workspace_id=workspace_id, person_id=person_id, start=start, end=end, most=most
    )
    return [entry_of(row) for row in rows]
