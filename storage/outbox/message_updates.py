"""Places in Slack on their way to be rewritten: claimed under a lease by whoever does it, and what became of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Interval,
    Uuid,
    and_,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from domain.outbox.live_messages import (
    PUBLISH,
    RESPONSE_URL,
    UPDATE,
    ClaimedSurface,
    LiveMessage,
    SurfaceKind,
)
from storage import tables
from storage.outbox import slack_rate_limits
from storage.postgres.database import DATABASE_NOW, Query, Transaction, inline_word
from storage.postgres.expressions import increment_capped
from storage.tables import surfaces

_s = surfaces.c
# By which of Slack's methods it is rewritten.
_method = case(
    (_s.slack_channel.is_not(None), UPDATE),
    (_s.kind == inline_word(SurfaceKind.HOME), PUBLISH),
    else_=RESPONSE_URL,
)


def _of_lane(lane: ReadOnlyColumnCollection[str, Any]) -> ColumnElement[bool]:
    return and_(_s.workspace_id == lane.workspace_id, _s.due_at <= DATABASE_NOW, _method == lane.method)


_turns = slack_rate_limits.turns(select(_s.id).where(_of_lane(tables.lanes.c)).exists())
# What was opened is looked at right now: its person waits for it.
_chosen = slack_rate_limits.in_turn(
    _turns,
    select(_s.id).where(_of_lane(_turns.c)).order_by(_s.shown.is_not(None), _s.due_at),
)
_taken = (
    select(_s.workspace_id, _s.id, _chosen.c.method)
    .where(_s.workspace_id == _chosen.c.workspace_id, _s.id == _chosen.c.id, _s.due_at <= DATABASE_NOW)
    .with_for_update(of=surfaces, skip_locked=True)
    .cte("taken")
)
_CLAIM = Query(
    update(surfaces)
    .where(_s.workspace_id == _taken.c.workspace_id, _s.id == _taken.c.id)
    .values(
        lease=bindparam("new_lease", type_=Uuid),
        due_at=DATABASE_NOW + bindparam("lasting", type_=Interval),
        dirty=False,
        unfinished=increment_capped(_s.unfinished),
    )
    .returning(_s.workspace_id, _s.id, _s.kind, _s.lease, _s.unfinished)
    .add_cte(slack_rate_limits.moved_on(_taken))
)
_held = and_(
    _s.workspace_id == bindparam("workspace_id"),
    _s.id == bindparam("surface_id"),
    _s.lease == bindparam("held_lease"),
)
# Within the workspace: who claims for all of them sees nobody's response address.
_READ = Query(select(surfaces, DATABASE_NOW.label("now")).where(_held))
_DONE = Query(
    update(surfaces)
    .where(_held)
    .values(
        lease=None,
        due_at=case((_s.dirty, DATABASE_NOW)),
        dirty=False,
        unfinished=0,
        given_up_at=None,
        shown=bindparam("now_shown"),
        uses=_s.uses + bindparam("used"),
    )
)
_LATER = Query(
    update(surfaces)
    .where(_held)
    .values(
        lease=None,
        due_at=DATABASE_NOW + bindparam("delay", type_=Interval),
        unfinished=case((bindparam("came_to_nothing", type_=Boolean), _s.unfinished), else_=0),
    )
)
# With its next change it is tried once more, for that may have mended it.
_GIVE_UP = Query(
    update(surfaces)
    .where(_held)
    .values(
        lease=None,
        due_at=case((_s.dirty, DATABASE_NOW)),
        dirty=False,
        unfinished=bindparam("most_unfinished", type_=Integer) - 1,
        given_up_at=DATABASE_NOW,
    )
)
_GIVEN_UP = Query(
    select(_s.kind, func.count().label("times"))
    .where(_s.given_up_at > DATABASE_NOW - bindparam("within", type_=Interval))
    .group_by(_s.kind)
)
_GONE = Query(delete(surfaces).where(_held))
_REST = Query(update(surfaces).where(_held).values(lease=None, due_at=None, dirty=False, unfinished=0))
_FORGET = Query(delete(surfaces).where(_s.expires_at < DATABASE_NOW))


async def claim(tx: Transaction, *, most: int, lasting: timedelta) -> list[ClaimedSurface]:
    """Takes up to `most` due surfaces for this process, for as long as the lease lasts: fairly among the workspaces,
    at the pace of each."""
    return [
        ClaimedSurface(
            workspace_id=row["workspace_id"],
            id=row["id"],
            kind=SurfaceKind(row["kind"]),
            lease=row["lease"],
            unfinished=row["unfinished"],
        )
        for row in await tx.fetch_all(_CLAIM, most=most, new_lease=uuid4(), lasting=lasting)
    ]


async def read(tx: Transaction, claimed: ClaimedSurface) -> tuple[LiveMessage, datetime] | None:
    """How the place is reached, and the database's clock; None when the lease is not ours any more. In the workspace of
    the surface."""
    row = await tx.fetch_one(_READ, **_held_by(claimed))
    return (_surface(row), row["now"]) if row else None


async def done(tx: Transaction, live_message: LiveMessage, *, shown: bytes | None, used: int) -> None:
    """Written, or found to say so already. Due again where it changed meanwhile."""
    await tx.execute(_DONE, **_held_by(live_message), now_shown=shown, used=used)


async def put_off(
    tx: Transaction, live_message: ClaimedSurface, *, delay: timedelta, came_to_nothing: bool = False
) -> None:
    """`came_to_nothing`: it ended with an error of ours."""
    await tx.execute(_LATER, **_held_by(live_message), delay=delay, came_to_nothing=came_to_nothing)


async def give_up(tx: Transaction, live_message: ClaimedSurface, *, most_unfinished: int) -> None:
    """It waits for its next change, and is tried once then."""
    await tx.execute(_GIVE_UP, **_held_by(live_message), most_unfinished=most_unfinished)


async def count_given_up(tx: Transaction, *, within: timedelta) -> Mapping[str, int]:
    """How many were given up lately and have not been rewritten since, by kind; across workspaces."""
    return {row["kind"]: row["times"] for row in await tx.fetch_all(_GIVEN_UP, within=within)}


async def forget(tx: Transaction, live_message: ClaimedSurface) -> None:
    """It can not be reached any more. Home stays, and waits to be opened again."""
    await tx.execute(_REST if live_message.kind is SurfaceKind.HOME else _GONE, **_held_by(live_message))


async def forget_expired(tx: Transaction) -> int:
    return await tx.execute(_FORGET)


def _held_by(live_message: ClaimedSurface) -> dict[str, UUID]:
    return {
        "workspace_id": live_message.workspace_id,
        "surface_id": live_message.id,
        "held_lease": live_message.lease,
    }


def _surface(row: asyncpg.Record) -> LiveMessage:
    return LiveMessage(
        workspace_id=row["workspace_id"],
        id=row["id"],
        slack_user_id=row["slack_user_id"],
        kind=SurfaceKind(row["kind"]),
        entry_id=row["entry_id"],
        day=row["day"],
        timesheet_id=row["timesheet_id"],
        channel=row["slack_channel"],
        ts=row["slack_ts"],
        response_url=row["response_url"],
        uses=row["uses"],
        shown=row["shown"],
        lease=row["lease"],
        unfinished=row["unfinished"],
    )
