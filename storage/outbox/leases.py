"""Messages on their way: claimed under a lease by whoever sends them, and what became of each attempt."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from uuid import uuid4

import asyncpg
from sqlalchemy import (
    ARRAY,
    Boolean,
    Integer,
    Interval,
    Text,
    and_,
    any_,
    bindparam,
    case,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)

from domain.outbox.messages import POST_MESSAGE, Claimed, OutgoingMessage, Sent
from storage import tables
from storage.outbox import slack_rate_limits
from storage.outbox.messages import CONTENT
from storage.postgres.database import DATABASE_NOW, Query, Transaction, inline_word
from storage.postgres.expressions import clamp_to_python_range, increment_capped
from storage.tables import messages

_m = messages.c
_this = (_m.workspace_id == bindparam("workspace_id")) & (_m.id == bindparam("message_id"))
# "The lease is mine" is asked in every statement that follows a claim: a process that was frozen past its
# lease finds no row and touches nothing.
_held = _this & (_m.lease == bindparam("held_lease"))

# Slack's "Rate limits": no more than one message a second and channel.
_A_CHANNELS_PAUSE = timedelta(seconds=1)
_due = _m.status == inline_word("waiting"), _m.due_at <= DATABASE_NOW
_o = messages.alias("other").c
# Behind a parameter on purpose: before the first `analyze` all indexes look alike, and the one of what is due would be
# read from end to end for rows that have an id or a channel.
_waits, _other_waits = _m.status == "waiting", _o.status == "waiting"
_same_channel = (_o.workspace_id == _m.workspace_id) & (_o.channel == _m.channel)
_under_way_there = (
    select(_o.id)
    .where(
        _same_channel,
        _o.sent_at.is_(None),
        _other_waits,
        _o.id != _m.id,
        or_(
            and_(_o.lease.is_not(None), _o.leased_until > DATABASE_NOW),
            # Only what is due goes before: an export that was put off for an hour holds up nobody's digest.
            and_(
                _o.due_at <= DATABASE_NOW,
                tuple_(~_o.asked, _o.due_at, _o.id) < tuple_(~_m.asked, _m.due_at, _m.id),
            ),
        ),
    )
    .exists()
)
_last_there = select(func.max(_o.sent_at)).where(_same_channel).scalar_subquery()
_channel_is_free = ~_under_way_there & (
    func.coalesce(_last_there, text("'-infinity'::timestamptz")) <= DATABASE_NOW - _A_CHANNELS_PAUSE
)
_turns = slack_rate_limits.turns(
    and_(
        tables.lanes.c.method == POST_MESSAGE,
        select(_m.id).where(_m.workspace_id == tables.lanes.c.workspace_id, *_due).exists(),
    )
)
_chosen = slack_rate_limits.in_turn(
    _turns,
    select(_m.id)
    .where(_m.workspace_id == _turns.c.workspace_id, *_due, _channel_is_free)
    .order_by(_m.asked.desc(), _m.due_at),
)
_taken = (
    select(_m.workspace_id, _m.id, _chosen.c.method, _m.lease.is_not(None).label("orphaned"))
    .where(
        _m.workspace_id == _chosen.c.workspace_id,
        _m.id == _chosen.c.id,
        _waits,
        _m.due_at <= DATABASE_NOW,
    )
    .with_for_update(of=messages, skip_locked=True)
    .cte("taken")
)
_lease_ends = DATABASE_NOW + bindparam("lasting", type_=Interval)
# Due again when the lease ends: whoever dies holding it needs no reaper.
_CLAIM = Query(
    update(messages)
    .where(_m.workspace_id == _taken.c.workspace_id, _m.id == _taken.c.id)
    .values(
        lease=bindparam("new_lease", type_=_m.lease.type),
        leased_until=_lease_ends,
        due_at=_lease_ends,
        attempts=increment_capped(_m.attempts),
        unfinished=increment_capped(_m.unfinished),
    )
    .returning(
        _m.workspace_id,
        _m.id,
        _m.channel,
        _m.kind,
        _m.lease,
        _m.attempts,
        _m.unfinished,
        clamp_to_python_range(_m.tried_at).label("tried_at"),
        clamp_to_python_range(_m.created_at).label("created_at"),
        _m.asked,
        _taken.c.orphaned,
    )
    .add_cte(slack_rate_limits.moved_on(_taken))
)
# Within the workspace: who claims for all of them reads nobody's words.
_READ = Query(select(_m.content, DATABASE_NOW.label("now")).where(_held))
_TRY = Query(
    update(messages)
    .where(
        _held,
        _m.status == inline_word("waiting"),
        _m.leased_until > DATABASE_NOW + bindparam("margin", type_=Interval),
        # Another replica may have been told to be silent since.
        ~select(tables.lanes.c.method)
        .where(
            tables.lanes.c.workspace_id == bindparam("workspace_id"),
            tables.lanes.c.method == any_(bindparam("methods", type_=ARRAY(Text))),
            slack_rate_limits.SHUT,
        )
        .exists(),
    )
    .values(tried_at=func.coalesce(_m.tried_at, DATABASE_NOW))
)
_SENT = Query(
    update(messages)
    .where(
        _this,
        _m.status != inline_word("sent"),
        or_(_m.lease == bindparam("held_lease"), _m.status == inline_word("waiting")),
    )
    .values(
        status="sent",
        slack_channel=bindparam("sent_channel"),
        slack_ts=bindparam("sent_ts"),
        sent_at=DATABASE_NOW,
        lease=None,
        problem=None,
    )
)
# What is clearly not there needs no look-up before the next attempt.
_PUT_OFF = Query(
    update(messages)
    .where(_held)
    .values(
        due_at=DATABASE_NOW + bindparam("delay", type_=Interval),
        lease=None,
        tried_at=case((bindparam("clearly_not_sent", type_=Boolean), None), else_=_m.tried_at),
        attempts=_m.attempts - bindparam("given_back", type_=Integer),
        unfinished=case(
            (
                bindparam("came_to_nothing", type_=Boolean),
                _m.unfinished - bindparam("given_back", type_=Integer),
            ),
            else_=0,
        ),
        problem=func.coalesce(bindparam("why", type_=Text), _m.problem),
    )
)
_FAIL = Query(update(messages).where(_held).values(status="failed", lease=None, problem=bindparam("why")))
_DROP = Query(update(messages).where(_held).values(status="canceled", lease=None))


class UnreadableContent(Exception):
    """What is kept of a message can not be read: it was written by another version, or by hand."""


async def claim(tx: Transaction, *, most: int, lasting: timedelta) -> list[Claimed]:
    """Takes up to `most` due messages for this process, for as long as the lease lasts: fairly among the workspaces,
    at the pace of each, and one at a time and second in a channel."""
    rows = await tx.fetch_all(_CLAIM, most=most, new_lease=uuid4(), lasting=lasting)
    return [_claimed(row) for row in rows]


async def read(tx: Transaction, claimed: Claimed) -> tuple[OutgoingMessage, datetime] | None:
    """What the message is about, and the database's clock; None when the lease is not ours any more. In the workspace
    of the message. Raises UnreadableContent."""
    row = await tx.fetch_one(
        _READ, workspace_id=claimed.workspace_id, message_id=claimed.id, held_lease=claimed.lease
    )
    if row is None:
        return None
    try:
        content = CONTENT.validate_json(row["content"])
    except ValueError:
        # Its own words would quote the content.
        raise UnreadableContent(f"message {claimed.id} holds what this program can not read") from None
    known = {one.name: getattr(claimed, one.name) for one in fields(Claimed)}
    return OutgoingMessage(**known, content=content), row["now"]


async def mark_tried(
    tx: Transaction, claimed: Claimed, *, margin: timedelta, methods: Sequence[str] = (POST_MESSAGE,)
) -> bool:
    """Right before the bytes leave. False: the lease is not ours any more, or too short for an attempt, or Slack
    wants to hear nothing more of one of the methods."""
    return bool(
        await tx.execute(
            _TRY,
            workspace_id=claimed.workspace_id,
            message_id=claimed.id,
            held_lease=claimed.lease,
            margin=margin,
            methods=list(methods),
        )
    )


async def mark_sent(tx: Transaction, claimed: Claimed, sent: Sent) -> None:
    """Written even when the lease has passed on meanwhile: what Slack accepted is a fact."""
    await tx.execute(
        _SENT,
        workspace_id=claimed.workspace_id,
        message_id=claimed.id,
        held_lease=claimed.lease,
        sent_channel=sent.channel,
        sent_ts=sent.ts,
    )


async def put_off(
    tx: Transaction,
    claimed: Claimed,
    *,
    delay: timedelta,
    why: str | None,
    clearly_not_sent: bool,
    given_back: int = 0,
    came_to_nothing: bool = False,
) -> None:
    """`came_to_nothing`: it ended with an error of ours, or nobody heard of it: it counts as one without an outcome."""
    await tx.execute(
        _PUT_OFF,
        workspace_id=claimed.workspace_id,
        message_id=claimed.id,
        held_lease=claimed.lease,
        delay=delay,
        why=why,
        clearly_not_sent=clearly_not_sent,
        given_back=given_back,
        came_to_nothing=came_to_nothing,
    )


async def release(
    tx: Transaction,
    claimed: Claimed,
    *,
    delay: timedelta,
    looked_for: bool = False,
    came_to_nothing: bool = False,
) -> None:
    """Gives it back as if it had never been claimed, for nobody tried to send it. `looked_for`: an earlier attempt is
    still to be looked up. `came_to_nothing`: of that one nobody has heard."""
    await put_off(
        tx,
        claimed,
        delay=delay,
        why=None,
        clearly_not_sent=not looked_for,
        given_back=1,
        came_to_nothing=came_to_nothing,
    )


async def fail(tx: Transaction, claimed: Claimed, *, why: str) -> None:
    await tx.execute(
        _FAIL, workspace_id=claimed.workspace_id, message_id=claimed.id, held_lease=claimed.lease, why=why
    )


async def drop(tx: Transaction, claimed: Claimed) -> None:
    """There is nothing to be said any more."""
    await tx.execute(
        _DROP, workspace_id=claimed.workspace_id, message_id=claimed.id, held_lease=claimed.lease
    )


def _claimed(row: asyncpg.Record) -> Claimed:
    return Claimed(
        workspace_id=row["workspace_id"],
        id=row["id"],
        channel=row["channel"],
        kind=row["kind"],
        lease=row["lease"],
        attempts=row["attempts"],
        unfinished=row["unfinished"],
        tried_at=row["tried_at"],
        created_at=row["created_at"],
        asked=row["asked"],
        orphaned=row["orphaned"],
    )
