"""Slack's rate limits of each workspace and method, in the table `lanes`, which all replicas share."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Integer,
    Interval,
    Select,
    Text,
    any_,
    bindparam,
    case,
    cast,
    func,
    lateral,
    literal,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from storage.postgres.database import Transaction
from storage.postgres.query import DATABASE_NOW, Query
from storage.tables import lanes

_l = lanes.c
_of_workspace = _l.workspace_id == bindparam("workspace_id")

# The calls that an idle workspace may make at once: those of a second, and at least ten (Slack tolerates short
# bursts).
_burst = func.greatest(_l.a_minute / literal(60.0), 10.0)
# No later instants are ever written. A row with a later one was written before the clock was set back.
LONGEST_WINDOW = timedelta(hours=1)
_LONGEST_AHEAD = timedelta(minutes=11)
_next = case(
    (_l.next_at > DATABASE_NOW + _LONGEST_AHEAD, DATABASE_NOW), else_=func.greatest(_l.next_at, DATABASE_NOW)
)
_is_open = or_(_l.closed_until <= DATABASE_NOW, _l.closed_until > DATABASE_NOW + LONGEST_WINDOW)
# The number of calls that were already claimed ahead of time.
_ahead = func.extract("epoch", _next - DATABASE_NOW) * _l.a_minute / literal(60.0)
_free = cast(func.floor(_burst - _ahead + literal(0.001)), Integer)

_new_row = insert(lanes).values(
    workspace_id=bindparam("workspace_id"),
    method=bindparam("method"),
    a_minute=bindparam("a_minute"),
    next_at=DATABASE_NOW,
    closed_until=DATABASE_NOW,
)
_OPEN = Query(
    _new_row.on_conflict_do_update(
        index_elements=["workspace_id", "method"],
        set_={"a_minute": _new_row.excluded.a_minute, "stopped": None},
    )
)
_until = DATABASE_NOW + bindparam("delay", type_=Interval)
_closed = insert(lanes).values(
    workspace_id=bindparam("workspace_id"),
    method=bindparam("method"),
    a_minute=bindparam("a_minute"),
    next_at=DATABASE_NOW,
    closed_until=_until,
)
_later = func.greatest(_l.closed_until, _closed.excluded.closed_until)
_CLOSE = Query(
    _closed.on_conflict_do_update(
        index_elements=["workspace_id", "method"],
        set_={"closed_until": case((_is_open, _closed.excluded.closed_until), else_=_later)},
    )
)
_GIVE_BACK = Query(
    update(lanes)
    .where(_of_workspace, _l.method == bindparam("method"))
    .values(next_at=_l.next_at - literal(60.0) / _l.a_minute * text("interval '1 second'"))
)
# The condition that a method may not be called now, for the statement that begins an attempt.
IS_CLOSED = ~_is_open | _l.stopped.is_not(None)
_STOP = Query(update(lanes).where(_of_workspace).values(stopped=bindparam("why")))
_SHUT = Query(
    select(func.max(_l.closed_until - DATABASE_NOW).label("wait")).where(
        _of_workspace, ~_is_open, _l.method == any_(bindparam("methods", type_=ARRAY(Text)))
    )
)
_STOPPED = Query(select(_l.stopped).distinct().where(_l.stopped.is_not(None)))
# Calls a minute of a method that we do not limit ourselves: only pauses that Slack asks for are stored.
UNPACED = 1_000_000


def lock_open_methods(due: ColumnElement[bool]) -> CTE:
    """Select the methods of workspaces that may be called now and for which something is `due`, the longest waiting
    first.

    Their rows are locked, so that two replicas do not claim the same calls. Rows that another replica has locked
    are skipped.
    """
    return (
        select(_l.workspace_id, _l.method, _l.next_at, _free.label("free"))
        .where(_l.stopped.is_(None), _is_open, _free >= 1, due)
        .order_by(_l.next_at)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
        .cte("turns")
    )


def choose_in_turn(turn: CTE, candidates: Select[tuple[UUID]]) -> CTE:
    """Choose one row for each workspace and method, then a second for each, and so on, `most` in all, so that a
    long queue does not delay a short one. `candidates` selects the due rows of one method, in order, as `id`."""
    one = lateral(candidates.limit(bindparam("most"))).alias("candidate")
    number = func.row_number().over(partition_by=[turn.c.workspace_id, turn.c.method]).label("number")
    numbered = (
        select(turn.c.workspace_id, turn.c.method, turn.c.next_at, turn.c.free, one.c.id, number)
        .select_from(turn.join(one, true()))
        .cte("numbered")
    )
    return (
        select(numbered.c.workspace_id, numbered.c.method, numbered.c.id)
        .where(numbered.c.number <= numbered.c.free)
        .order_by(numbered.c.number, numbered.c.next_at)
        .limit(bindparam("most"))
        .cte("chosen")
    )


def count_calls(taken: CTE) -> CTE:
    """Count a call for each row of `taken` (workspace_id, method) against its rate limit."""
    calls = (
        select(taken.c.workspace_id, taken.c.method, func.count().label("calls"))
        .group_by(taken.c.workspace_id, taken.c.method)
        .subquery("calls")
    )
    pause = calls.c.calls * literal(60.0) / _l.a_minute * text("interval '1 second'")
    return (
        update(lanes)
        .where(_l.workspace_id == calls.c.workspace_id, _l.method == calls.c.method)
        .values(next_at=_next + pause)
        .cte("moved_on")
    )


async def return_call(tx: Transaction, workspace_id: UUID, method: str) -> None:
    """Return a call to the rate limit that was counted but not made."""
    await tx.execute(_GIVE_BACK, workspace_id=workspace_id, method=method)


async def open_methods(tx: Transaction, workspace_id: UUID, a_minute: dict[str, int]) -> None:
    """Allow calls in the workspace again. `a_minute` is the number of calls a minute for each method."""
    for method, calls in a_minute.items():
        await tx.execute(_OPEN, workspace_id=workspace_id, method=method, a_minute=calls)


async def close_method(tx: Transaction, workspace_id: UUID, method: str, *, delay: timedelta) -> None:
    """Forbid all replicas to call that method in the workspace for `delay` (Slack's `Retry-After`), an hour at
    most."""
    await tx.execute(
        _CLOSE, workspace_id=workspace_id, method=method, delay=min(delay, LONGEST_WINDOW), a_minute=UNPACED
    )


async def read_wait(tx: Transaction, workspace_id: UUID, *methods: str) -> timedelta:
    """Return how long none of these methods may be called; zero if all may."""
    row = await tx.fetch_one(_SHUT, workspace_id=workspace_id, methods=list(methods))
    return max(row["wait"] or timedelta(), timedelta()) if row else timedelta()


async def stop_workspace(tx: Transaction, workspace_id: UUID, *, why: str) -> None:
    """Forbid all calls in the workspace until it is opened again. `why` is Slack's error code."""
    await tx.execute(_STOP, workspace_id=workspace_id, why=why)


async def find_stop_reasons(tx: Transaction) -> list[str]:
    """Find Slack's error codes for which workspaces are stopped; empty if none is."""
    return sorted(row["stopped"] for row in await tx.fetch_all(_STOPPED))
