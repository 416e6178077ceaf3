"""The days of people who submitted a week in another zone than their present one."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import (
    and_,
    bindparam,
    or_,
    select,
)

from domain.identity.people import Person, zone_or_utc
from domain.time.calendar import Span
from domain.time.local_days import LocalDays, SubmittedWeek
from storage.postgres.database import Transaction
from storage.postgres.query import Query
from storage.reports.timesheets import IS_LOCKED
from storage.tables import people, timesheets

_t = timesheets.c


_zone_then = _t.totals["zone"].astext


# Few people change their zone, so only the exceptions are read.
_FIND_IN_OTHER_ZONES = Query(
    select(_t.person_id, people.c.zone, _t.week, _t.starts_at, _t.ends_at, _zone_then.label("zone_then"))
    .join(people, and_(people.c.workspace_id == _t.workspace_id, people.c.id == _t.person_id))
    .where(
        _t.workspace_id == bindparam("workspace_id"),
        or_(
            bindparam("only_person", type_=_t.person_id.type).is_(None),
            _t.person_id == bindparam("only_person", type_=_t.person_id.type),
        ),
        IS_LOCKED,
        _t.week >= bindparam("first_week"),
        _t.week <= bindparam("last_week"),
        _zone_then != "",
        _zone_then != people.c.zone,
    )
    .order_by(_t.person_id, _t.week)
)


async def find(tx: Transaction, workspace_id: UUID, person: Person, *, first: date, last: date) -> LocalDays:
    """Find the person's days around those dates, including weeks that were submitted in another zone."""
    found = await find_in_other_zones(tx, workspace_id, of=person.id, first=first, last=last)
    return found.get(person.id, LocalDays(zone=person.zone))


async def find_in_other_zones(
    tx: Transaction, workspace_id: UUID, *, of: UUID | None, first: date, last: date
) -> dict[UUID, LocalDays]:
    """Find the days of everybody who submitted a week around these dates in another zone, or only of the person
    `of`."""
    rows = await tx.fetch_all(
        _FIND_IN_OTHER_ZONES,
        workspace_id=workspace_id,
        only_person=of,
        first_week=first
        - timedelta(days=7),  # the end of the week before may be the start of the week of `first`
        last_week=last + timedelta(days=1),
    )
    found: dict[UUID, LocalDays] = {}
    for row in rows:
        span = Span(start=row["starts_at"], end=row["ends_at"])
        week = SubmittedWeek(week=row["week"], span=span, zone=zone_or_utc(row["zone_then"]))
        earlier = found.get(row["person_id"], LocalDays(zone=zone_or_utc(row["zone"])))
        found[row["person_id"]] = replace(earlier, submitted=(*earlier.submitted, week))
    return found
