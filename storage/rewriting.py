"""Places in Slack on their way to be rewritten: claimed under a lease by whoever does it, and what became of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import ColumnElement, Interval, Uuid, and_, bindparam, case, delete, select, update
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from domain.surfaces import PUBLISH, RESPONSE_URL, UPDATE, Surface, SurfaceKind
from storage import lanes, tables
from storage.database import DATABASE_NOW, Query, Transaction, word
from storage.tables import surfaces

_s = surfaces.c
# By which of Slack's methods it is rewritten.
_method = case(
    (_s.slack_channel.is_not(None), UPDATE),
    (_s.kind == word(SurfaceKind.HOME), PUBLISH),
    else_=RESPONSE_URL,
)


def _of_lane(lane: ReadOnlyColumnCollection[str, Any]) -> ColumnElement[bool]:
    return and_(_s.workspace_id == lane.workspace_id, _s.due_at <= DATABASE_NOW, _method == lane.method)


_turns = lanes.turns(select(_s.id).where(_of_lane(tables.lanes.c)).exists())
# What was opened is looked at right now: its person waits for it.
_chosen = lanes.in_turn(
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
    )
    .returning(surfaces)
    .add_cte(lanes.moved_on(_taken))
)
_held = and_(
    _s.workspace_id == bindparam("workspace_id"),
    _s.id == bindparam("surface_id"),
    _s.lease == bindparam("held_lease"),
)
_DONE = Query(
    update(surfaces)
    .where(_held)
    .values(
        lease=None,
        due_at=case((_s.dirty, DATABASE_NOW)),
        dirty=False,
        shown=bindparam("now_shown"),
        uses=_s.uses + bindparam("used"),
    )
)
_LATER = Query(
    update(surfaces).where(_held).values(lease=None, due_at=DATABASE_NOW + bindparam("delay", type_=Interval))
)
_GONE = Query(delete(surfaces).where(_held))
_REST = Query(update(surfaces).where(_held).values(lease=None, due_at=None, dirty=False))
_FORGET = Query(delete(surfaces).where(_s.expires_at < DATABASE_NOW))


async def claim(tx: Transaction, *, most: int, lasting: timedelta) -> list[Surface]:
    """Takes up to `most` due surfaces for this process, for as long as the lease lasts: fairly among the workspaces,
    at the pace of each."""
    return [_surface(row) for row in await tx.all(_CLAIM, most=most, new_lease=uuid4(), lasting=lasting)]


async def done(tx: Transaction, surface: Surface, *, shown: bytes | None, used: int) -> None:
    """Written, or found to say so already. Due again where it changed meanwhile."""
    await tx.run(_DONE, **_held_by(surface), now_shown=shown, used=used)


async def put_off(tx: Transaction, surface: Surface, *, delay: timedelta) -> None:
    await tx.run(_LATER, **_held_by(surface), delay=delay)


async def forget(tx: Transaction, surface: Surface) -> None:
    """It can not be reached any more. Home stays, and waits to be opened again."""
    await tx.run(_REST if surface.kind is SurfaceKind.HOME else _GONE, **_held_by(surface))


async def forget_expired(tx: Transaction) -> int:
    return await tx.run(_FORGET)


def _held_by(surface: Surface) -> dict[str, UUID]:
    return {
        "workspace_id": surface.workspace_id,
        "surface_id": surface.id,
        "held_lease": surface.lease,
    }


def _surface(row: asyncpg.Record) -> Surface:
    return Surface(
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
    )
