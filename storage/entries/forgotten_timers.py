"""Running timers that the clock looks after. Whatever leaves an entry running writes its row, in the statement that
ends the act (storage.history.operations); a row whose timer has ended goes when its time comes."""

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

from domain.entries.forgotten_timers import Watch
from domain.history.operations import Source
from storage.postgres.database import DATABASE_NOW, Query, Transaction
from storage.postgres.readable import readable
from storage.tables import history, people, time_entries, timer_watches

_w, _e, _h = timer_watches.c, time_entries.c, history.c
_this = (_w.workspace_id == bindparam("workspace_id")) & (_w.entry_id == bindparam("entry_id", type_=Uuid))
_due = (
    select(_w.workspace_id, _w.entry_id, _w.due_at)
    .where(_w.due_at <= DATABASE_NOW)
    .order_by(_w.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
# Due again by itself: whoever dies in the middle needs no reaper, and what is done is done under the person's lock.
_CLAIM = Query(
    update(timer_watches)
    .where(_w.workspace_id == _due.c.workspace_id, _w.entry_id == _due.c.entry_id)
    .values(due_at=DATABASE_NOW + bindparam("lasting", type_=Interval))
    .returning(_w.workspace_id, _w.entry_id, readable(_due.c.due_at).label("was_due"))
)
_ONE = Query(select(_w.asked_at, _w.kept_at).where(_this))
_OWNER = Query(
    select(people.c.slack_user_id)
    .select_from(
        time_entries.join(people, (people.c.workspace_id == _e.workspace_id) & (people.c.id == _e.person_id))
    )
    .where(
        _e.workspace_id == bindparam("workspace_id"), _e.id == bindparam("entry_id"), _e.ended_at.is_(None)
    )
)
_LOOK_AGAIN = Query(
    update(timer_watches).where(_this).values(due_at=bindparam("look_at", type_=DateTime(timezone=True)))
)
_ASKED = Query(
    update(timer_watches)
    .where(_this)
    .values(
        asked_at=bindparam("at", type_=DateTime(timezone=True)),
        due_at=bindparam("look_at", type_=DateTime(timezone=True)),
    )
)
_KEPT = Query(
    update(timer_watches)
    .where(_this)
    .values(
        asked_at=None,
        kept_at=bindparam("at", type_=DateTime(timezone=True)),
        due_at=bindparam("look_at", type_=DateTime(timezone=True)),
    )
)
_FORGET = Query(delete(timer_watches).where(_this))
_runs = exists(
    select(literal_column("1")).where(
        _e.workspace_id == bindparam("workspace_id"), _e.id == bindparam("entry_id"), _e.ended_at.is_(None)
    )
)
_FORGET_ENDED = Query(delete(timer_watches).where(_this, ~_runs))
_LAST_SIGN = Query(
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
class Claimed:
    """A watch that came due at `was_due`, for this process to look at."""

    workspace_id: UUID
    entry_id: UUID
    was_due: datetime


async def claim(tx: Transaction, *, most: int, lasting: timedelta) -> list[Claimed]:
    rows = await tx.all(_CLAIM, most=most, lasting=lasting)
    return [
        Claimed(workspace_id=row["workspace_id"], entry_id=row["entry_id"], was_due=row["was_due"])
        for row in rows
    ]


async def owner(tx: Transaction, workspace_id: UUID, entry_id: UUID) -> str | None:
    """The Slack id of whose timer that is; None when it does not run any more."""
    row = await tx.one(_OWNER, workspace_id=workspace_id, entry_id=entry_id)
    return row["slack_user_id"] if row else None


async def get(tx: Transaction, workspace_id: UUID, entry_id: UUID) -> Watch | None:
    row = await tx.one(_ONE, workspace_id=workspace_id, entry_id=entry_id)
    return Watch(asked_at=row["asked_at"], kept_at=row["kept_at"]) if row else None


async def look_again(tx: Transaction, workspace_id: UUID, entry_id: UUID, *, look_at: datetime) -> None:
    await tx.run(_LOOK_AGAIN, workspace_id=workspace_id, entry_id=entry_id, look_at=look_at)


async def asked(
    tx: Transaction, workspace_id: UUID, entry_id: UUID, *, at: datetime, look_at: datetime
) -> None:
    await tx.run(_ASKED, workspace_id=workspace_id, entry_id=entry_id, at=at, look_at=look_at)


async def kept(
    tx: Transaction, workspace_id: UUID, entry_id: UUID, *, at: datetime, look_at: datetime
) -> None:
    await tx.run(_KEPT, workspace_id=workspace_id, entry_id=entry_id, at=at, look_at=look_at)


async def forget(tx: Transaction, workspace_id: UUID, entry_id: UUID) -> None:
    await tx.run(_FORGET, workspace_id=workspace_id, entry_id=entry_id)


async def forget_ended(tx: Transaction, workspace_id: UUID, entry_id: UUID) -> None:
    """Unless it runs again by now: an Undo may have come in between, which has written the row anew."""
    await tx.run(_FORGET_ENDED, workspace_id=workspace_id, entry_id=entry_id)


async def last_sign(tx: Transaction, workspace_id: UUID, who: str, *, until: datetime) -> datetime | None:
    """When that person last changed anything here, through Slack or the API, before `until`."""
    row = await tx.one(_LAST_SIGN, workspace_id=workspace_id, who=who, until=until)
    return row["at"] if row else None
