"""Submitted weeks. The trigger time_entries_in_open_weeks refuses changes of entries in locked weeks."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import asyncpg
from pydantic import TypeAdapter
from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    DateTime,
    Text,
    and_,
    any_,
    bindparam,
    func,
    literal_column,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from domain.reports.timesheets import LOCKED, Timesheet, WaitingWeek, WeekState, WeekTotals
from domain.time.calendar import Span
from storage.postgres.database import Transaction
from storage.postgres.query import Query
from storage.tables import people, timesheets

_TOTALS = TypeAdapter(WeekTotals)

_t = timesheets.c
_of_workspace = _t.workspace_id == bindparam("workspace_id")
_of_person = and_(_of_workspace, _t.person_id == bindparam("person_id"))
_this_timesheet = and_(_of_workspace, _t.id == bindparam("timesheet_id"))
# Literal text and not parameters, so that the planner can use the partial index of locked weeks.
IS_LOCKED: ColumnElement[bool] = literal_column(
    f"timesheets.state in ({', '.join(repr(state.value) for state in LOCKED)})"
)

# The trigger timesheets_wait_for_entries takes the same lock. Here it is taken before the totals are computed.
_WAIT_FOR_ENTRIES = Query(
    select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("weeks_of", type_=Text), 0)))
)
_FIND = Query(select(timesheets).where(_this_timesheet))
_FIND_BY_WEEK = Query(select(timesheets).where(_of_person, _t.week == bindparam("monday")))
_FIND_LOCKED_NEIGHBORS = Query(
    select(_t.week, _t.starts_at, _t.ends_at).where(
        _of_person, IS_LOCKED, or_(_t.week == bindparam("one_before"), _t.week == bindparam("one_after"))
    )
)
_start, _end = (bindparam(name, type_=DateTime(timezone=True)) for name in ("start", "end"))
_FIND_FIRST_LOCKED = Query(
    select(timesheets)
    .where(_of_person, IS_LOCKED, _t.ends_at > _start, or_(_end.is_(None), _t.starts_at < _end))
    .order_by(_t.ends_at)
    .limit(literal_column("1"))
)
_FIND_LOCKED_BETWEEN = Query(
    select(_t.starts_at, _t.ends_at)
    .where(_of_person, IS_LOCKED, _t.ends_at > _start, _t.starts_at < _end)
    .order_by(_t.ends_at)
)
_new = insert(timesheets).values(
    workspace_id=bindparam("workspace_id"),
    person_id=bindparam("person_id"),
    week=bindparam("monday"),
    starts_at=bindparam("starts"),
    ends_at=bindparam("ends"),
    state=WeekState.SUBMITTED.value,
    totals=bindparam("added_up", type_=JSONB),
    submitted_at=bindparam("at"),
)
_SUBMIT = Query(
    _new.on_conflict_do_update(
        index_elements=["workspace_id", "person_id", "week"],
        set_={
            "starts_at": _new.excluded.starts_at,
            "ends_at": _new.excluded.ends_at,
            "state": _new.excluded.state,
            "totals": _new.excluded.totals,
            "submitted_at": _new.excluded.submitted_at,
            "version": _t.version + 1,
            "decided_by": None,
            "decided_at": None,
            "reason": "",
        },
        where=not_(IS_LOCKED),
    ).returning(timesheets)
)
# Conditional on the states and the version that were read, so that the second of two simultaneous decisions changes
# nothing.
_CHANGE_STATE = Query(
    update(timesheets)
    .where(
        _this_timesheet,
        _t.version == bindparam("seen_version"),
        _t.state == any_(bindparam("from_states", type_=ARRAY(Text))),
    )
    .values(
        state=bindparam("to_state"),
        version=_t.version + 1,
        decided_by=bindparam("decider"),
        decided_at=bindparam("decided", type_=DateTime(timezone=True)),
        reason=bindparam("why"),
    )
    .returning(timesheets)
)
_FIND_WAITING = Query(
    select(_t.id, _t.version, _t.week, _t.totals, people.c.name)
    .join(people, and_(people.c.workspace_id == _t.workspace_id, people.c.id == _t.person_id))
    .where(
        _of_workspace,
        literal_column("timesheets.state = 'submitted'"),
        or_(_t.person_id != bindparam("viewer"), bindparam("include_own", type_=Boolean)),
    )
    .order_by(_t.submitted_at)
    .limit(bindparam("most"))
)


def select_locked_until(
    workspace_id: ColumnElement[UUID], person_id: ColumnElement[UUID]
) -> ColumnElement[datetime | None]:
    """Select the end of the person's last locked week, for the statement that every operation begins with."""
    return (
        select(func.max(_t.ends_at))
        .where(_t.workspace_id == workspace_id, _t.person_id == person_id, IS_LOCKED)
        .scalar_subquery()
    )


async def wait_for_entries(tx: Transaction, person_id: UUID) -> None:
    """Wait for transactions that write entries of that person, and block new ones until this transaction ends."""
    await tx.fetch_one(_WAIT_FOR_ENTRIES, weeks_of=f"weeks/{person_id}")


async def find(tx: Transaction, workspace_id: UUID, timesheet_id: UUID) -> Timesheet | None:
    """Find a timesheet by its id."""
    row = await tx.fetch_one(_FIND, workspace_id=workspace_id, timesheet_id=timesheet_id)
    return _timesheet(row) if row else None


async def find_by_week(tx: Transaction, workspace_id: UUID, person_id: UUID, week: date) -> Timesheet | None:
    """Find the person's timesheet of the week that begins on the Monday `week`."""
    row = await tx.fetch_one(_FIND_BY_WEEK, workspace_id=workspace_id, person_id=person_id, monday=week)
    return _timesheet(row) if row else None


async def find_locked_neighbors(
    tx: Transaction, workspace_id: UUID, person_id: UUID, *, one_before: date, one_after: date
) -> dict[date, Span]:
    """Find the spans of the weeks before and after, if they are locked. Return them by Monday."""
    rows = await tx.fetch_all(
        _FIND_LOCKED_NEIGHBORS,
        workspace_id=workspace_id,
        person_id=person_id,
        one_before=one_before,
        one_after=one_after,
    )
    return {row["week"]: Span(start=row["starts_at"], end=row["ends_at"]) for row in rows}


async def find_first_locked(
    tx: Transaction, workspace_id: UUID, person_id: UUID, *, start: datetime, end: datetime | None
) -> Timesheet | None:
    """Find the first locked week that shares time with [start, end). Without an end, the period never ends."""
    row = await tx.fetch_one(
        _FIND_FIRST_LOCKED, workspace_id=workspace_id, person_id=person_id, start=start, end=end
    )
    return _timesheet(row) if row else None


async def find_locked_between(
    tx: Transaction, workspace_id: UUID, person_id: UUID, *, start: datetime, end: datetime
) -> list[Span]:
    """Find the spans of the locked weeks that share time with [start, end), in order."""
    rows = await tx.fetch_all(
        _FIND_LOCKED_BETWEEN, workspace_id=workspace_id, person_id=person_id, start=start, end=end
    )
    return [Span(start=row["starts_at"], end=row["ends_at"]) for row in rows]


async def submit(
    tx: Transaction,
    workspace_id: UUID,
    person_id: UUID,
    *,
    week: date,
    span: Span,
    totals: WeekTotals,
    at: datetime,
) -> Timesheet | None:
    """Submit a week that is new or was returned. Change nothing and return None if it is locked already."""
    row = await tx.fetch_one(
        _SUBMIT,
        workspace_id=workspace_id,
        person_id=person_id,
        monday=week,
        starts=span.start,
        ends=span.end,
        added_up=_TOTALS.dump_json(totals).decode(),
        at=at,
    )
    return _timesheet(row) if row else None


async def change_state(
    tx: Transaction,
    workspace_id: UUID,
    timesheet_id: UUID,
    *,
    seen_version: int,
    of: Sequence[WeekState],
    to: WeekState,
    decided_by: UUID | None = None,
    decided_at: datetime | None = None,
    reason: str = "",
) -> Timesheet | None:
    """Move a timesheet from one of the states `of` to the state `to`.

    Change nothing and return None if it is in none of these states or has another version by now.
    """
    row = await tx.fetch_one(
        _CHANGE_STATE,
        workspace_id=workspace_id,
        timesheet_id=timesheet_id,
        seen_version=seen_version,
        from_states=[state.value for state in of],
        to_state=to.value,
        decider=decided_by,
        decided=decided_at,
        why=reason,
    )
    return _timesheet(row) if row else None


async def find_waiting(
    tx: Transaction, workspace_id: UUID, viewer_id: UUID, *, include_own: bool, most: int
) -> list[WaitingWeek]:
    """Find submitted weeks that wait for a decision, the longest waiting first.

    The viewer's own weeks are only included with `include_own`.
    """
    rows = await tx.fetch_all(
        _FIND_WAITING, workspace_id=workspace_id, viewer=viewer_id, include_own=include_own, most=most
    )
    return [
        WaitingWeek(
            timesheet_id=row["id"],
            version=row["version"],
            name=row["name"],
            week=row["week"],
            total=_TOTALS.validate_json(row["totals"]).total,
        )
        for row in rows
    ]


def _timesheet(row: asyncpg.Record) -> Timesheet:
    return Timesheet(
        id=row["id"],
        person_id=row["person_id"],
        week=row["week"],
        span=Span(start=row["starts_at"], end=row["ends_at"]),
        state=WeekState(row["state"]),
        version=row["version"],
        totals=_TOTALS.validate_json(row["totals"]),
        submitted_at=row["submitted_at"],
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        reason=row["reason"],
    )
