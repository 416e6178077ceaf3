"""Leases of live messages: claims messages that must be rewritten, and records the outcome of each attempt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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

from domain.outbox.live_messages import LiveMessageKind
from domain.outbox.slack_methods import PUBLISH, RESPONSE_URL, UPDATE
from storage import tables
from storage.outbox import slack_rate_limits
from storage.outbox.live_messages import STORED_KINDS, kind_of
from storage.postgres.database import Transaction
from storage.postgres.expressions import increment_capped
from storage.postgres.query import DATABASE_NOW, Query, inline_word
from storage.tables import surfaces

_s = surfaces.c
# The Slack method that rewrites the message, as in LiveMessage.method.
_method = case(
    (_s.slack_channel.is_not(None), UPDATE),
    (_s.kind == inline_word(STORED_KINDS[LiveMessageKind.HOME]), PUBLISH),
    else_=RESPONSE_URL,
)


def _of_method(lane: ReadOnlyColumnCollection[str, Any]) -> ColumnElement[bool]:
    return and_(_s.workspace_id == lane.workspace_id, _s.due_at <= DATABASE_NOW, _method == lane.method)


_turns = slack_rate_limits.lock_open_methods(select(_s.id).where(_of_method(tables.lanes.c)).exists())
# A Home tab that was just opened comes first, because its person waits for it.
_chosen = slack_rate_limits.choose_in_turn(
    _turns,
    select(_s.id).where(_of_method(_turns.c)).order_by(_s.shown.is_not(None), _s.due_at),
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
    .add_cte(slack_rate_limits.count_calls(_taken))
)
_held = and_(
    _s.workspace_id == bindparam("workspace_id"),
    _s.id == bindparam("surface_id"),
    _s.lease == bindparam("held_lease"),
)
# In a transaction of the workspace: the claim runs across workspaces and may not read response URLs.
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
        unfinished=case((bindparam("without_outcome", type_=Boolean), _s.unfinished), else_=0),
    )
)
# It is tried once more after its next change, which may have removed the cause.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveMessageLease:
    """The right of this process to rewrite one live message, until the lease ends. `kind` is its stored kind.
    `unfinished` counts the claims since the last attempt that had an outcome, including this one."""

    workspace_id: UUID
    id: UUID
    kind: str
    token: UUID
    unfinished: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveMessage:
    """A message that is rewritten, or the Home tab of a person, and its address.

    A message that only `slack_user_id` sees has a `response_url`, which was used `uses` times; others have a
    channel and a timestamp; Home has neither. `shown` is a digest of its last written content.
    """

    workspace_id: UUID
    id: UUID
    kind: LiveMessageKind
    slack_user_id: str
    entry_id: UUID | None
    day: date | None
    timesheet_id: UUID | None
    channel: str | None
    ts: str | None
    response_url: str | None
    uses: int
    shown: bytes | None

    @property
    def method(self) -> str:
        """Return the Slack method that rewrites the message."""
        return UPDATE if self.channel else PUBLISH if self.kind is LiveMessageKind.HOME else RESPONSE_URL


async def claim(tx: Transaction, *, most: int, lasting: timedelta) -> list[LiveMessageLease]:
    """Claim up to `most` due live messages for this process: fairly among the workspaces, within the rate limits of
    each."""
    return [
        LiveMessageLease(
            workspace_id=row["workspace_id"],
            id=row["id"],
            kind=row["kind"],
            token=row["lease"],
            unfinished=row["unfinished"],
        )
        for row in await tx.fetch_all(_CLAIM, most=most, new_lease=uuid4(), lasting=lasting)
    ]


async def read(tx: Transaction, lease: LiveMessageLease) -> tuple[LiveMessage, datetime] | None:
    """Read the address of the live message, and the database's clock, in a transaction of its workspace. Return
    None if another process has the lease by now."""
    row = await tx.fetch_one(_READ, **_held_by(lease))
    return (_live_message(row), row["now"]) if row else None


async def finish(tx: Transaction, lease: LiveMessageLease, *, shown: bytes | None, used: int) -> None:
    """Record that it shows the present state, having used its response URL `used` times. It becomes due again if
    something changed meanwhile."""
    await tx.execute(_DONE, **_held_by(lease), now_shown=shown, used=used)


async def postpone(
    tx: Transaction, lease: LiveMessageLease, *, delay: timedelta, without_outcome: bool = False
) -> None:
    """Release the lease and make it due again after `delay`. `without_outcome` is true if the attempt ended with an
    error in this service."""
    await tx.execute(_LATER, **_held_by(lease), delay=delay, without_outcome=without_outcome)


async def give_up(tx: Transaction, lease: LiveMessageLease, *, most_unfinished: int) -> None:
    """Stop trying until its next change; then it is tried once."""
    await tx.execute(_GIVE_UP, **_held_by(lease), most_unfinished=most_unfinished)


async def count_given_up(tx: Transaction, *, within: timedelta) -> Mapping[str, int]:
    """Count, by kind and across workspaces, the live messages that were given up lately and have not been rewritten
    since."""
    return {row["kind"]: row["times"] for row in await tx.fetch_all(_GIVEN_UP, within=within)}


async def forget(tx: Transaction, lease: LiveMessageLease) -> None:
    """Stop rewriting a live message that can not be reached any more. A Home tab is rewritten again once it is
    opened."""
    await tx.execute(_REST if lease.kind == STORED_KINDS[LiveMessageKind.HOME] else _GONE, **_held_by(lease))


async def delete_expired(tx: Transaction) -> int:
    """Delete live messages whose response URL has expired. Return their number."""
    return await tx.execute(_FORGET)


def _held_by(lease: LiveMessageLease) -> dict[str, UUID]:
    return {
        "workspace_id": lease.workspace_id,
        "surface_id": lease.id,
        "held_lease": lease.token,
    }


def _live_message(row: asyncpg.Record) -> LiveMessage:
    return LiveMessage(
        workspace_id=row["workspace_id"],
        id=row["id"],
        slack_user_id=row["slack_user_id"],
        kind=kind_of(row["kind"], row["slack_channel"]),
        entry_id=row["entry_id"],
        day=row["day"],
        timesheet_id=row["timesheet_id"],
        channel=row["slack_channel"],
        ts=row["slack_ts"],
        response_url=row["response_url"],
        uses=row["uses"],
        shown=row["shown"],
    )
