"""When the next digest, reminder and weekly summary of each person is due."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Column, Interval, bindparam, func, select, update

from domain.identity.people import Person
from storage.identity.people import person_from_row
from storage.postgres.database import Transaction
from storage.postgres.expressions import clamp_to_python_range
from storage.postgres.query import DATABASE_NOW, Query
from storage.tables import people
from storage.tables.person_columns import CROSS_WORKSPACE_PERSON_COLUMNS

_this_person = (people.c.workspace_id == bindparam("workspace_id")) & (people.c.id == bindparam("person_id"))


def _build_lock_due(on: Column[Any], at: Column[Any]) -> Query:
    return Query(
        select(
            people.c.workspace_id,
            clamp_to_python_range(on).label("due_day"),
            clamp_to_python_range(at).label("due_at"),
            DATABASE_NOW.label("now"),
            *CROSS_WORKSPACE_PERSON_COLUMNS,
        )
        .where(at <= DATABASE_NOW)
        .order_by(at)
        .limit(bindparam("most"))
        # The weaker lock (for no key update): the stronger one would block every new entry of these people.
        .with_for_update(skip_locked=True, key_share=True)
    )


_LOCK_DUE_DIGESTS = _build_lock_due(people.c.next_digest_on, people.c.next_digest_at)
_LOCK_DUE_REMINDERS = _build_lock_due(people.c.next_reminder_on, people.c.next_reminder_at)
_LOCK_DUE_WEEKS = _build_lock_due(people.c.next_week_on, people.c.next_week_at)
_SET_NEXT_DIGEST = Query(
    update(people)
    .where(_this_person)
    .values(next_digest_on=bindparam("day"), next_digest_at=bindparam("due_at"))
)
_SET_REMINDER = Query(
    update(people)
    .where(_this_person)
    .values(
        remind_at=bindparam("at"), next_reminder_on=bindparam("day"), next_reminder_at=bindparam("due_at")
    )
)
_SET_NEXT_WEEK = Query(
    update(people).where(_this_person).values(next_week_on=bindparam("day"), next_week_at=bindparam("due_at"))
)
_FIND_NEXT = Query(
    select(
        people.c.next_digest_on,
        people.c.next_digest_at,
        people.c.next_reminder_at,
        people.c.next_week_on,
        people.c.next_week_at,
    ).where(_this_person)
)


def _build_postpone(on: Column[Any], at: Column[Any]) -> Query:
    """Build the statement that postpones a notification. `days` also postpones the date that it is about."""
    days = bindparam("days", type_=Interval)
    return Query(
        update(people)
        .where(_this_person)
        .values(
            {at: func.greatest(at, DATABASE_NOW) + bindparam("delay", type_=Interval) + days, on: on + days}
        )
    )


_POSTPONE_DIGEST = _build_postpone(people.c.next_digest_on, people.c.next_digest_at)
_POSTPONE_REMINDER = _build_postpone(people.c.next_reminder_on, people.c.next_reminder_at)
_POSTPONE_WEEK = _build_postpone(people.c.next_week_on, people.c.next_week_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueNotification:
    """A notification about the local date `day` that was due at `due_at`.

    `now` is the database's clock. `unreadable` says why there is no `person`.
    """

    workspace_id: UUID
    person_id: UUID
    found: Person | None
    unreadable: str
    day: date
    due_at: datetime
    now: datetime

    @property
    def person(self) -> Person:
        """Return the person. Raises UnreadablePerson if their row could not be read."""
        if self.found is None:
            raise UnreadablePerson(self.unreadable)
        return self.found


class UnreadablePerson(Exception):
    """The row of a person holds a value that this program can not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextNotifications:
    """The instants (UTC) at which a person's next notifications are due.

    `digest_of` is the date of the digest, `week_of` the Monday of the week of the summary.
    """

    digest_of: date | None
    digest: datetime | None
    reminder: datetime | None
    week_of: date | None
    week: datetime | None


async def lock_due_digests(tx: Transaction, most: int) -> list[DueNotification]:
    """Lock the people whose digest is due. Other replicas skip them until this transaction ends."""
    return await _lock_due(tx, _LOCK_DUE_DIGESTS, most)


async def lock_due_reminders(tx: Transaction, most: int) -> list[DueNotification]:
    """Lock the people whose reminder is due."""
    return await _lock_due(tx, _LOCK_DUE_REMINDERS, most)


async def lock_due_weeks(tx: Transaction, most: int) -> list[DueNotification]:
    """Lock the people whose weekly summary is due. `day` is the Monday of the week of the summary."""
    return await _lock_due(tx, _LOCK_DUE_WEEKS, most)


async def set_next_week(
    tx: Transaction, workspace_id: UUID, person_id: UUID, due: tuple[date, datetime] | None
) -> None:
    """Set the Monday and the instant of the next weekly summary; None if no summary is due."""
    day, due_at = due or (None, None)
    await tx.execute(_SET_NEXT_WEEK, workspace_id=workspace_id, person_id=person_id, day=day, due_at=due_at)


async def set_next_digest(
    tx: Transaction, workspace_id: UUID, person_id: UUID, due: tuple[date, datetime] | None
) -> None:
    """Set the date and the instant of the next digest; None if no digest is due."""
    day, due_at = due or (None, None)
    await tx.execute(_SET_NEXT_DIGEST, workspace_id=workspace_id, person_id=person_id, day=day, due_at=due_at)


async def set_reminder(
    tx: Transaction,
    workspace_id: UUID,
    person_id: UUID,
    *,
    at: time | None,
    due: tuple[date, datetime] | None,
) -> None:
    """Set the local time of the reminder, and the date and the instant of the next one."""
    day, due_at = due or (None, None)
    await tx.execute(
        _SET_REMINDER, workspace_id=workspace_id, person_id=person_id, at=at, day=day, due_at=due_at
    )


async def find_next(tx: Transaction, workspace_id: UUID, person_id: UUID) -> NextNotifications:
    """Find when the person's next notifications are due."""
    row = await tx.fetch_one(_FIND_NEXT, workspace_id=workspace_id, person_id=person_id)
    assert row is not None
    return NextNotifications(
        digest_of=row["next_digest_on"],
        digest=row["next_digest_at"],
        reminder=row["next_reminder_at"],
        week_of=row["next_week_on"],
        week=row["next_week_at"],
    )


async def postpone_digest(tx: Transaction, due: DueNotification, delay: timedelta) -> None:
    """Send the digest later."""
    await _postpone(tx, _POSTPONE_DIGEST, due, delay=delay)


async def skip_digest(tx: Transaction, due: DueNotification) -> None:
    """Skip to the digest of the next day."""
    await _postpone(tx, _POSTPONE_DIGEST, due, days=1)


async def postpone_reminder(tx: Transaction, due: DueNotification, delay: timedelta) -> None:
    """Send the reminder later."""
    await _postpone(tx, _POSTPONE_REMINDER, due, delay=delay)


async def skip_reminder(tx: Transaction, due: DueNotification) -> None:
    """Skip to the reminder of the next day."""
    await _postpone(tx, _POSTPONE_REMINDER, due, days=1)


async def postpone_week(tx: Transaction, due: DueNotification, delay: timedelta) -> None:
    """Send the weekly summary later."""
    await _postpone(tx, _POSTPONE_WEEK, due, delay=delay)


async def skip_week(tx: Transaction, due: DueNotification) -> None:
    """Skip to the summary of the next week."""
    await _postpone(tx, _POSTPONE_WEEK, due, days=7)


async def _postpone(
    tx: Transaction, query: Query, due: DueNotification, *, delay: timedelta = timedelta(), days: int = 0
) -> None:
    await tx.execute(
        query,
        workspace_id=due.workspace_id,
        person_id=due.person_id,
        delay=delay,
        days=timedelta(days=days),
    )


async def _lock_due(tx: Transaction, query: Query, most: int) -> list[DueNotification]:
    return [_due_from_row(row) for row in await tx.fetch_all(query, most=most)]


def _due_from_row(row: asyncpg.Record) -> DueNotification:
    found, unreadable = None, ""
    try:
        found = person_from_row(row)
    except Exception as error:  # noqa: BLE001 - raised by `DueNotification.person`
        # One unreadable row must not delay the other people.
        unreadable = f"{type(error).__name__} in the row of person {row['id']}"
    return DueNotification(
        workspace_id=row["workspace_id"],
        person_id=row["id"],
        found=found,
        unreadable=unreadable,
        day=row["due_day"],
        due_at=row["due_at"],
        now=row["now"],
    )
