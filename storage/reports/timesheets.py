"""Weeks that were submitted. What is locked by them, the trigger time_entries_in_open_weeks holds to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
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

from domain.identity.people import Person, zone_named
from domain.reports.timesheets import LOCKED, Timesheet, WaitingWeek, WeekState, WeekTotals
from domain.time.calendar import Span
from domain.time.local_days import LocalDays, SubmittedWeek
from storage.postgres.database import Query, Transaction
from storage.tables import people, timesheets

_TOTALS = TypeAdapter(WeekTotals)

_t = timesheets.c
_of_workspace = _t.workspace_id == bindparam("workspace_id")
_of_person = and_(_of_workspace, _t.person_id == bindparam("person_id"))
_this = and_(_of_workspace, _t.id == bindparam("timesheet_id"))
# Written out, so that the index of locked weeks is recognized.
_IS_LOCKED: ColumnElement[bool] = literal_column(
    f"timesheets.state in ({', '.join(repr(state.value) for state in LOCKED)})"
)

# The lock of the trigger timesheets_wait_for_entries, before anything is added up.
_WAIT = Query(select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("weeks_of", type_=Text), 0))))
_GET = Query(select(timesheets).where(_this))
_OF_WEEK = Query(select(timesheets).where(_of_person, _t.week == bindparam("monday")))
_BESIDE = Query(
    select(_t.week, _t.starts_at, _t.ends_at).where(
        _of_person, _IS_LOCKED, or_(_t.week == bindparam("one_before"), _t.week == bindparam("one_after"))
    )
)
_start, _end = (bindparam(name, type_=DateTime(timezone=True)) for name in ("start", "end"))
_LOCKED_IN = Query(
    select(timesheets)
    .where(_of_person, _IS_LOCKED, _t.ends_at > _start, or_(_end.is_(None), _t.starts_at < _end))
    .order_by(_t.ends_at)
    .limit(literal_column("1"))
)
_LOCKED_BETWEEN = Query(
    select(_t.starts_at, _t.ends_at)
    .where(_of_person, _IS_LOCKED, _t.ends_at > _start, _t.starts_at < _end)
    .order_by(_t.ends_at)
)
_zone_then = _t.totals["zone"].astext
# Almost nobody moves: what is looked for are the exceptions.
_IN_OTHER_ZONES = Query(
    select(_t.person_id, people.c.zone, _t.week, _t.starts_at, _t.ends_at, _zone_then.label("zone_then"))
    .join(people, and_(people.c.workspace_id == _t.workspace_id, people.c.id == _t.person_id))
    .where(
        _of_workspace,
        or_(
            bindparam("given_person", type_=_t.person_id.type).is_(None),
            _t.person_id == bindparam("given_person", type_=_t.person_id.type),
        ),
        _IS_LOCKED,
        _t.week >= bindparam("first_week"),
        _t.week <= bindparam("last_week"),
        _zone_then != "",
        _zone_then != people.c.zone,
    )
    .order_by(_t.person_id, _t.week)
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
        where=not_(_IS_LOCKED),
    ).returning(timesheets)
)
# From one of these states, and of the version that was looked at: of two at once, the second finds no row.
_MOVE = Query(
    update(timesheets)
    .where(
        _this,
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
_WAITING = Query(
    select(_t.id, _t.version, _t.week, _t.totals, people.c.name)
    .join(people, and_(people.c.workspace_id == _t.workspace_id, people.c.id == _t.person_id))
    .where(
        _of_workspace,
        literal_column("timesheets.state = 'submitted'"),
        or_(_t.person_id != bindparam("viewer"), bindparam("own_too", type_=Boolean)),
    )
    .order_by(_t.submitted_at)
    .limit(bindparam("most"))
)


def select_locked_until(
    workspace_id: ColumnElement[UUID], person_id: ColumnElement[UUID]
) -> ColumnElement[datetime | None]:
    """Part of the statement that begins an act: what lies behind it is in no locked week of that person."""
    return (
        select(func.max(_t.ends_at))
        .where(_t.workspace_id == workspace_id, _t.person_id == person_id, _IS_LOCKED)
        .scalar_subquery()
    )


async def wait_for_entries(tx: Transaction, person_id: UUID) -> None:
    """Until whoever is writing entries of that person is done, by whatever way; none are written from then on until
    this transaction ends."""
    await tx.fetch_one(_WAIT, weeks_of=f"weeks/{person_id}")


async def find(tx: Transaction, workspace_id: UUID, timesheet_id: UUID) -> Timesheet | None:
    row = await tx.fetch_one(_GET, workspace_id=workspace_id, timesheet_id=timesheet_id)
    return _timesheet(row) if row else None


async def find_by_week(tx: Transaction, workspace_id: UUID, person_id: UUID, week: date) -> Timesheet | None:
    row = await tx.fetch_one(_OF_WEEK, workspace_id=workspace_id, person_id=person_id, monday=week)
    return _timesheet(row) if row else None


async def find_locked_neighbors(
    tx: Transaction, workspace_id: UUID, person_id: UUID, *, one_before: date, one_after: date
) -> dict[date, Span]:
    """The instants of those two weeks, where they are locked."""
    rows = await tx.fetch_all(
        _BESIDE, workspace_id=workspace_id, person_id=person_id, one_before=one_before, one_after=one_after
    )
    return {row["week"]: Span(start=row["starts_at"], end=row["ends_at"]) for row in rows}


async def find_first_locked(
    tx: Transaction, workspace_id: UUID, person_id: UUID, *, start: datetime, end: datetime | None
) -> Timesheet | None:
    """The first locked week that shares time with [start, end); without an end, with all time from then on."""
    row = await tx.fetch_one(_LOCKED_IN, workspace_id=workspace_id, person_id=person_id, start=start, end=end)
    return _timesheet(row) if row else None


async def find_locked_between(
    tx: Transaction, workspace_id: UUID, person_id: UUID, *, start: datetime, end: datetime
) -> list[Span]:
    """The instants of all locked weeks that share time with [start, end), in order."""
    rows = await tx.fetch_all(
        _LOCKED_BETWEEN, workspace_id=workspace_id, person_id=person_id, start=start, end=end
    )
    return [Span(start=row["starts_at"], end=row["ends_at"]) for row in rows]


async def find_local_days(
    tx: Transaction, workspace_id: UUID, person: Person, *, first: date, last: date
) -> LocalDays:
    """The person's days around those dates."""
    found = await find_days_in_other_zones(tx, workspace_id, of=person.id, first=first, last=last)
    return found.get(person.id, LocalDays(zone=person.zone))


async def find_days_in_other_zones(
    tx: Transaction, workspace_id: UUID, *, of: UUID | None, first: date, last: date
) -> dict[UUID, LocalDays]:
    """The days of those who handed in a week around these dates in another zone than they have now."""
    rows = await tx.fetch_all(
        _IN_OTHER_ZONES,
        workspace_id=workspace_id,
        given_person=of,
        first_week=first - timedelta(days=7),  # its end is where the week of `first` may begin
        last_week=last + timedelta(days=1),
    )
    found: dict[UUID, LocalDays] = {}
    for row in rows:
        span = Span(start=row["starts_at"], end=row["ends_at"])
        week = SubmittedWeek(week=row["week"], span=span, zone=zone_named(row["zone_then"]))
        earlier = found.get(row["person_id"], LocalDays(zone=zone_named(row["zone"])))
        found[row["person_id"]] = replace(earlier, submitted=(*earlier.submitted, week))
    return found


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
    """None where it is locked already; then nothing was touched."""
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
    """From one of the states `of` to another. None when it is in none of them, or not of that version any more: then
    nothing was touched."""
    row = await tx.fetch_one(
        _MOVE,
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
    tx: Transaction, workspace_id: UUID, viewer_id: UUID, *, own_too: bool, most: int
) -> list[WaitingWeek]:
    """Submitted weeks of others, and with `own_too` the viewer's own; the longest waiting first."""
    rows = await tx.fetch_all(
        _WAITING, workspace_id=workspace_id, viewer=viewer_id, own_too=own_too, most=most
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
