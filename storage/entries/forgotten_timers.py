"""Watches: when to look next at each running timer, in case its person forgot it.

The statement that ends an operation (storage.history.operations) writes a watch for every timer that it leaves
running. The watch of an ended timer is deleted when it comes due.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    DateTime,
    Interval,
    Uuid,
    bindparam,
    delete,
    exists,
    literal_column,
    or_,
    select,
    update,
)

from domain.entries.forgotten_timers import TimerWatch
from domain.history.operations import Source
from storage.postgres.database import Transaction
from storage.postgres.expressions import clamp_to_python_range
from storage.postgres.query import DATABASE_NOW, Query
from storage.tables import history, people, time_entries, timer_watches

_w, _e, _h = timer_watches.c, time_entries.c, history.c
_this_watch = (_w.workspace_id == bindparam("workspace_id")) & (
    _w.entry_id == bindparam("entry_id", type_=Uuid)
)
_due = (
    select(_w.workspace_id, _w.entry_id, _w.due_at)
    .where(_w.due_at <= DATABASE_NOW)
    .order_by(_w.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
# A claim postpones the due instant, so that a watch comes due again by itself if this process dies. The work itself
# is done under the person's lock.
_CLAIM_DUE = Query(
    update(timer_watches)
    .where(_w.workspace_id == _due.c.workspace_id, _w.entry_id == _due.c.entry_id)
    .values(due_at=DATABASE_NOW + bindparam("lasting", type_=Interval))
    .returning(_w.workspace_id, _w.entry_id, clamp_to_python_range(_due.c.due_at).label("was_due"))
)
_FIND = Query(select(_w.asked_at, _w.kept_at).where(_this_watch))
_FIND_OWNER = Query(
    select(people.c.slack_user_id)
    .select_from(
        time_entries.join(people, (people.c.workspace_id == _e.workspace_id) & (people.c.id == _e.person_id))
    )
    .where(
        _e.workspace_id == bindparam("workspace_id"), _e.id == bindparam("entry_id"), _e.ended_at.is_(None)
    )
)
_RESCHEDULE = Query(
    update(timer_watches)
    .where(_this_watch)
    .values(due_at=bindparam("check_at", type_=DateTime(timezone=True)))
)
_MARK_ASKED = Query(
    update(timer_watches)
    .where(_this_watch)
    .values(
        asked_at=bindparam("at", type_=DateTime(timezone=True)),
        due_at=bindparam("check_at", type_=DateTime(timezone=True)),
    )
)
_MARK_KEPT = Query(
    update(timer_watches)
    .where(_this_watch)
    .values(
        asked_at=None,
        kept_at=bindparam("at", type_=DateTime(timezone=True)),
        due_at=bindparam("check_at", type_=DateTime(timezone=True)),
    )
)
_DELETE = Query(delete(timer_watches).where(_this_watch))
_still_runs = exists(
    select(literal_column("1")).where(
        _e.workspace_id == bindparam("workspace_id"), _e.id == bindparam("entry_id"), _e.ended_at.is_(None)
    )
)
_DELETE_IF_ENDED = Query(delete(timer_watches).where(_this_watch, ~_still_runs))
_FIND_LAST_ACTIVITY = Query(
    select(_h.at)
    .where(
        _h.workspace_id == bindparam("workspace_id"),
        _h.actor == bindparam("who"),
        or_(_h.source == Source.SLACK.value, _h.source == Source.REST.value),
        _h.at <= bindparam("until", type_=DateTime(timezone=True)),
    )
    .order_by(_h.number.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueWatch:
    """A watch that came due at `was_due`, claimed by this process."""

    workspace_id: UUID
    entry_id: UUID
    was_due: datetime


async def claim_due(tx: Transaction, *, most: int, lasting: timedelta) -> list[DueWatch]:
    """Claim due watches, the longest due first. They come due again after `lasting` unless they are rescheduled."""
    rows = await tx.fetch_all(_CLAIM_DUE, most=most, lasting=lasting)
    return [
        DueWatch(workspace_id=row["workspace_id"], entry_id=row["entry_id"], was_due=row["was_due"])
        for row in rows
    ]


async def find_owner(tx: Transaction, workspace_id: UUID, entry_id: UUID) -> str | None:
    """Find the Slack id of the timer's person. None if it no longer runs."""
    row = await tx.fetch_one(_FIND_OWNER, workspace_id=workspace_id, entry_id=entry_id)
    return row["slack_user_id"] if row else None


async def find(tx: Transaction, workspace_id: UUID, entry_id: UUID) -> TimerWatch | None:
    """Find the watch of that timer."""
    row = await tx.fetch_one(_FIND, workspace_id=workspace_id, entry_id=entry_id)
    return TimerWatch(asked_at=row["asked_at"], kept_at=row["kept_at"]) if row else None


async def reschedule(tx: Transaction, workspace_id: UUID, entry_id: UUID, *, check_at: datetime) -> None:
    """Check the timer again at the instant `check_at`."""
    await tx.execute(_RESCHEDULE, workspace_id=workspace_id, entry_id=entry_id, check_at=check_at)


async def mark_asked(
    tx: Transaction, workspace_id: UUID, entry_id: UUID, *, at: datetime, check_at: datetime
) -> None:
    """Record that its person was asked at the instant `at` whether the timer should run on."""
    await tx.execute(_MARK_ASKED, workspace_id=workspace_id, entry_id=entry_id, at=at, check_at=check_at)


async def mark_kept(
    tx: Transaction, workspace_id: UUID, entry_id: UUID, *, at: datetime, check_at: datetime
) -> None:
    """Record that its person answered at the instant `at` that the timer should run on."""
    await tx.execute(_MARK_KEPT, workspace_id=workspace_id, entry_id=entry_id, at=at, check_at=check_at)


async def delete_watch(tx: Transaction, workspace_id: UUID, entry_id: UUID) -> None:
    """Stop watching the timer."""
    await tx.execute(_DELETE, workspace_id=workspace_id, entry_id=entry_id)


async def delete_if_ended(tx: Transaction, workspace_id: UUID, entry_id: UUID) -> None:
    """Stop watching a timer that has ended. If an undo restarted it meanwhile, its watch is new and stays."""
    await tx.execute(_DELETE_IF_ENDED, workspace_id=workspace_id, entry_id=entry_id)


async def find_last_activity(
    tx: Transaction, workspace_id: UUID, who: str, *, until: datetime
) -> datetime | None:
    """Find when that person, by Slack id, last changed anything through Slack or the API, up to `until`."""
    row = await tx.fetch_one(_FIND_LAST_ACTIVITY, workspace_id=workspace_id, who=who, until=until)
    return row["at"] if row else None
