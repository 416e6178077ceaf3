"""Marks of people's days: confirmed days and days off."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Date,
    Text,
    and_,
    any_,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import insert

from domain.reports.reports import DayConfirmation, DayMarks
from domain.time.calendar import Span
from storage.entries.suggestions import OPEN_SUGGESTION_IDS
from storage.postgres.database import Transaction
from storage.postgres.query import Query
from storage.tables import confirmed_days, days_off, time_entries

_c, _o, _e = confirmed_days.c, days_off.c, time_entries.c
_FIND_MARKS = Query(
    select(
        _c.confirmed_at,
        _c.state,
        exists(
            select(literal_column("1")).where(
                _o.workspace_id == bindparam("workspace_id"),
                _o.person_id == bindparam("person_id"),
                _o.local_date == bindparam("day"),
            )
        ).label("off"),
        func.array(
            select(_e.id)
            .where(
                _e.workspace_id == bindparam("workspace_id"),
                _e.person_id == bindparam("person_id"),
                _e.unconfirmed,
                ~_e.deleted,
            )
            .scalar_subquery()
        ).label("unconfirmed"),
        OPEN_SUGGESTION_IDS.label("suggested"),
    ).select_from(
        select(literal_column("1").label("one"))
        .subquery("always")
        .outerjoin(
            confirmed_days,
            and_(
                true(),
                _c.workspace_id == bindparam("workspace_id"),
                _c.person_id == bindparam("person_id"),
                _c.local_date == bindparam("day"),
            ),
        )
    )
)
_new_confirmation = insert(confirmed_days).values(
    workspace_id=bindparam("workspace_id"),
    person_id=bindparam("person_id"),
    local_date=bindparam("day"),
    confirmed_at=bindparam("at"),
    state=bindparam("as_seen", type_=Text),
)
_CONFIRM = Query(
    _new_confirmation.on_conflict_do_update(
        index_elements=["workspace_id", "person_id", "local_date"],
        set_={
            "confirmed_at": _new_confirmation.excluded.confirmed_at,
            "state": _new_confirmation.excluded.state,
        },
    )
)
_REOPEN = Query(
    delete(confirmed_days).where(
        _c.workspace_id == bindparam("workspace_id"),
        _c.person_id == bindparam("person_id"),
        _c.local_date == bindparam("day"),
    )
)
_these = bindparam("days", type_=ARRAY(Date))
_ADD_DAYS_OFF = Query(
    insert(days_off)
    .from_select(
        ["workspace_id", "person_id", "local_date"],
        select(
            bindparam("workspace_id", type_=_o.workspace_id.type),
            bindparam("person_id", type_=_o.person_id.type),
            func.unnest(_these),
        ),
    )
    .on_conflict_do_nothing()
)
_of_person = and_(_o.workspace_id == bindparam("workspace_id"), _o.person_id == bindparam("person_id"))
_DELETE_DAYS_OFF = Query(delete(days_off).where(_of_person, _o.local_date == any_(_these)))
_FIND_DAYS_OFF_SINCE = Query(
    select(_o.local_date)
    .where(_of_person, _o.local_date >= bindparam("since"))
    .order_by(_o.local_date)
    .limit(bindparam("most"))
)
_FIND_DAYS_OFF_BETWEEN = Query(
    select(_o.person_id, _o.local_date).where(
        _o.workspace_id == bindparam("workspace_id"),
        _o.local_date >= bindparam("first"),
        _o.local_date <= bindparam("last"),
    )
)
MAX_DAYS_OFF = 400


async def find_marks(tx: Transaction, workspace_id: UUID, person_id: UUID, day: date, span: Span) -> DayMarks:
    """Find the marks of a day: confirmation, day off, unconfirmed entries and open suggestions.

    `span` holds the instants at which that day starts and ends for the person.
    """
    row = await tx.fetch_one(
        _FIND_MARKS, workspace_id=workspace_id, person_id=person_id, day=day, starts=span.start, ends=span.end
    )
    assert row is not None
    confirmed = DayConfirmation(at=row["confirmed_at"], state=row["state"]) if row["state"] else None
    return DayMarks(
        confirmed=confirmed,
        off=row["off"],
        unconfirmed=tuple(row["unconfirmed"]),
        suggested=tuple(row["suggested"]),
    )


async def confirm(
    tx: Transaction, workspace_id: UUID, person_id: UUID, day: date, *, state: str, at: datetime
) -> None:
    """Mark a day as confirmed in the state that the person saw."""
    await tx.execute(_CONFIRM, workspace_id=workspace_id, person_id=person_id, day=day, as_seen=state, at=at)


async def reopen(tx: Transaction, workspace_id: UUID, person_id: UUID, day: date) -> None:
    """Remove the confirmation of a day."""
    await tx.execute(_REOPEN, workspace_id=workspace_id, person_id=person_id, day=day)


async def add_days_off(tx: Transaction, workspace_id: UUID, person_id: UUID, days: Sequence[date]) -> None:
    """Mark these dates as days off."""
    await tx.execute(_ADD_DAYS_OFF, workspace_id=workspace_id, person_id=person_id, days=list(days))


async def delete_days_off(tx: Transaction, workspace_id: UUID, person_id: UUID, days: Sequence[date]) -> None:
    """Make these dates working days again."""
    await tx.execute(_DELETE_DAYS_OFF, workspace_id=workspace_id, person_id=person_id, days=list(days))


async def find_days_off_since(
    tx: Transaction, workspace_id: UUID, person_id: UUID, since: date
) -> list[date]:
    """Find the person's days off from that date on, in order."""
    rows = await tx.fetch_all(
        _FIND_DAYS_OFF_SINCE, workspace_id=workspace_id, person_id=person_id, since=since, most=MAX_DAYS_OFF
    )
    return [row["local_date"] for row in rows]


async def find_days_off_between(
    tx: Transaction, workspace_id: UUID, *, first: date, last: date
) -> dict[UUID, frozenset[date]]:
    """Find everybody's days off between two dates, both included. Return them by person."""
    found: dict[UUID, set[date]] = {}
    for row in await tx.fetch_all(_FIND_DAYS_OFF_BETWEEN, workspace_id=workspace_id, first=first, last=last):
        found.setdefault(row["person_id"], set()).add(row["local_date"])
    return {person_id: frozenset(off) for person_id, off in found.items()}
