"""Leases of messages: claims messages that are due, and records the outcome of each attempt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

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

from domain.outbox.messages import Content
from domain.outbox.slack_methods import POST_MESSAGE
from storage import tables
from storage.outbox import slack_rate_limits
from storage.outbox.messages import CONTENT
from storage.postgres.database import Transaction
from storage.postgres.expressions import clamp_to_python_range, increment_capped
from storage.postgres.query import DATABASE_NOW, Query, inline_word
from storage.tables import messages

_m = messages.c
_this = (_m.workspace_id == bindparam("workspace_id")) & (_m.id == bindparam("message_id"))
# Each statement after a claim checks the lease. A process that was frozen until the lease ended finds no row and
# changes nothing.
_held = _this & (_m.lease == bindparam("held_lease"))

# Slack's "Rate limits": at most one message a second in each channel.
_A_CHANNELS_PAUSE = timedelta(seconds=1)
_due = _m.status == inline_word("waiting"), _m.due_at <= DATABASE_NOW
_o = messages.alias("other").c
# The status is a parameter here, not a constant, so that the partial index of due messages does not apply: before
# the first `analyze`, PostgreSQL would read that index from end to end for rows that it can find by their id or
# channel.
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
            # Only messages that are due are ordered first: an export that waits for an hour does not delay a
            # digest.
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
_turns = slack_rate_limits.lock_open_methods(
    and_(
        tables.lanes.c.method == POST_MESSAGE,
        select(_m.id).where(_m.workspace_id == tables.lanes.c.workspace_id, *_due).exists(),
    )
)
_chosen = slack_rate_limits.choose_in_turn(
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
# The message becomes due again when the lease ends, so nothing has to clean up after a process that died.
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
    .add_cte(slack_rate_limits.count_calls(_taken))
)
# In a transaction of the workspace: the claim runs across workspaces and may not read contents.
_READ = Query(select(_m.content, DATABASE_NOW.label("now")).where(_held))
_TRY = Query(
    update(messages)
    .where(
        _held,
        _m.status == inline_word("waiting"),
        _m.leased_until > DATABASE_NOW + bindparam("margin", type_=Interval),
        # Since the claim, Slack may have told another replica not to call the method.
        ~select(tables.lanes.c.method)
        .where(
            tables.lanes.c.workspace_id == bindparam("workspace_id"),
            tables.lanes.c.method == any_(bindparam("methods", type_=ARRAY(Text))),
            slack_rate_limits.IS_CLOSED,
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
# A message that was certainly not sent needs no look-up before the next attempt.
_POSTPONE = Query(
    update(messages)
    .where(_held)
    .values(
        due_at=DATABASE_NOW + bindparam("delay", type_=Interval),
        lease=None,
        tried_at=case((bindparam("clearly_not_sent", type_=Boolean), None), else_=_m.tried_at),
        attempts=_m.attempts - bindparam("attempts_returned", type_=Integer),
        unfinished=case(
            (
                bindparam("without_outcome", type_=Boolean),
                _m.unfinished - bindparam("attempts_returned", type_=Integer),
            ),
            else_=0,
        ),
        problem=func.coalesce(bindparam("why", type_=Text), _m.problem),
    )
)
_FAIL = Query(update(messages).where(_held).values(status="failed", lease=None, problem=bindparam("why")))
_DROP = Query(update(messages).where(_held).values(status="canceled", lease=None))


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLease:
    """The right of this process to send one message, until the lease ends.

    `channel` is the Slack id of a channel or a person. `kind` is the kind of the content. `tried_at` is the instant
    of an earlier attempt with an unknown outcome: then Slack is asked for the message before it is sent again.
    `orphaned` is true if the process that made that attempt let its lease expire. `unfinished` counts the claims
    since the last attempt that had an outcome, including this one. `asked` is true if a person waits for the
    message.
    """

    workspace_id: UUID
    id: UUID
    channel: str
    kind: str
    token: UUID
    attempts: int
    unfinished: int
    tried_at: datetime | None
    created_at: datetime
    asked: bool
    orphaned: bool


class UnreadableContent(Exception):
    """The stored content of a message can not be read: another version wrote it, or an operator changed it by hand."""


async def claim(tx: Transaction, *, most: int, lasting: timedelta) -> list[MessageLease]:
    """Claim up to `most` due messages for this process: fairly among the workspaces, within the rate limits of
    each, and in each channel at most one at a time and one a second."""
    rows = await tx.fetch_all(_CLAIM, most=most, new_lease=uuid4(), lasting=lasting)
    return [_lease(row) for row in rows]


async def read(tx: Transaction, lease: MessageLease) -> tuple[Content, datetime] | None:
    """Read the content of the message, and the database's clock, in a transaction of the message's workspace.
    Return None if another process has the lease by now. Raises UnreadableContent."""
    row = await tx.fetch_one(
        _READ, workspace_id=lease.workspace_id, message_id=lease.id, held_lease=lease.token
    )
    if row is None:
        return None
    try:
        content = CONTENT.validate_json(row["content"])
    except ValueError:
        # The original error would quote the content.
        raise UnreadableContent(f"message {lease.id} holds what this program can not read") from None
    return content, row["now"]


async def mark_tried(
    tx: Transaction, lease: MessageLease, *, margin: timedelta, methods: Sequence[str] = (POST_MESSAGE,)
) -> bool:
    """Record that an attempt begins, right before the request is sent. Return False if it must not be sent: another
    process has the lease, the lease ends within `margin`, or Slack has closed one of the methods."""
    return bool(
        await tx.execute(
            _TRY,
            workspace_id=lease.workspace_id,
            message_id=lease.id,
            held_lease=lease.token,
            margin=margin,
            methods=list(methods),
        )
    )


async def mark_sent(tx: Transaction, lease: MessageLease, *, channel: str, ts: str | None) -> None:
    """Record that Slack accepted the message, even if another process has the lease by now."""
    await tx.execute(
        _SENT,
        workspace_id=lease.workspace_id,
        message_id=lease.id,
        held_lease=lease.token,
        sent_channel=channel,
        sent_ts=ts,
    )


async def postpone(
    tx: Transaction,
    lease: MessageLease,
    *,
    delay: timedelta,
    why: str | None,
    clearly_not_sent: bool,
    attempts_returned: int = 0,
    without_outcome: bool = False,
) -> None:
    """Release the lease and make the message due again after `delay`. `without_outcome` is true if the attempt
    ended with an error in this service or without any answer: it counts as an attempt without an outcome."""
    await tx.execute(
        _POSTPONE,
        workspace_id=lease.workspace_id,
        message_id=lease.id,
        held_lease=lease.token,
        delay=delay,
        why=why,
        clearly_not_sent=clearly_not_sent,
        attempts_returned=attempts_returned,
        without_outcome=without_outcome,
    )


async def release(
    tx: Transaction,
    lease: MessageLease,
    *,
    delay: timedelta,
    needs_look_up: bool = False,
    without_outcome: bool = False,
) -> None:
    """Release the lease without counting an attempt, because the message was not sent. `needs_look_up` is true if an
    earlier attempt must still be looked up, `without_outcome` if that attempt ended without any answer."""
    await postpone(
        tx,
        lease,
        delay=delay,
        why=None,
        clearly_not_sent=not needs_look_up,
        attempts_returned=1,
        without_outcome=without_outcome,
    )


async def fail(tx: Transaction, lease: MessageLease, *, why: str) -> None:
    """Give the message up. Operators see the reason `why`."""
    await tx.execute(
        _FAIL, workspace_id=lease.workspace_id, message_id=lease.id, held_lease=lease.token, why=why
    )


async def drop(tx: Transaction, lease: MessageLease) -> None:
    """Cancel the message, because its content is no longer relevant."""
    await tx.execute(_DROP, workspace_id=lease.workspace_id, message_id=lease.id, held_lease=lease.token)


def _lease(row: asyncpg.Record) -> MessageLease:
    return MessageLease(
        workspace_id=row["workspace_id"],
        id=row["id"],
        channel=row["channel"],
        kind=row["kind"],
        token=row["lease"],
        attempts=row["attempts"],
        unfinished=row["unfinished"],
        tried_at=row["tried_at"],
        created_at=row["created_at"],
        asked=row["asked"],
        orphaned=row["orphaned"],
    )
