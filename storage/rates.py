"""How often something was asked for, shared by all replicas: the generic cell rate algorithm as one statement."""

import hashlib

from sqlalchemy import Interval, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from domain.limits import Allowance, Limit, allowance
from storage.database import DATABASE_NOW, Query, Transaction
from storage.tables import rates

_this = rates.c.key == bindparam("key", type_=rates.c.key.type)
_step, _window = bindparam("step", type_=Interval), bindparam("window", type_=Interval)
_full_at = func.greatest(rates.c.full_at, DATABASE_NOW) + _step
# No reading before the writing, and so no race: the row's lock puts simultaneous askers in a row, and who is refused
# changes nothing.
_taken = (
    insert(rates)
    .values(key=bindparam("key"), full_at=DATABASE_NOW + _step)
    .on_conflict_do_update(
        index_elements=["key"], set_={"full_at": _full_at}, where=_full_at <= DATABASE_NOW + _window
    )
    .returning(rates.c.full_at)
    .cte("taken")
)
_TAKE = Query(
    select(
        select(_taken.c.full_at).scalar_subquery().label("taken"),
        select(rates.c.full_at).where(_this).scalar_subquery().label("before"),
        DATABASE_NOW.label("now"),
    )
)
_GIVE_BACK = Query(delete(rates).where(_this))
_FORGET = Query(delete(rates).where(rates.c.full_at < DATABASE_NOW))


async def take(tx: Transaction, limit: Limit, who: str) -> Allowance:
    """Takes one of what `limit` allows to `who`, if there is one left. To be run on a connection of its own."""
    row = await tx.one(_TAKE, key=_key(limit, who), step=limit.step, window=limit.window)
    assert row is not None
    # Refused, and the row was made in the same moment: then it is full for as long as it can be.
    full_at = row["taken"] or row["before"] or row["now"] + limit.window
    return allowance(limit, full_at=full_at, now=row["now"], allowed=row["taken"] is not None)


async def forgive(tx: Transaction, limit: Limit, who: str) -> None:
    """Forgets what `who` has taken of it."""
    await tx.run(_GIVE_BACK, key=_key(limit, who))


async def forget(tx: Transaction) -> int:
    """Drops what says nothing any more. Returns how many."""
    return await tx.run(_FORGET)


def _key(limit: Limit, who: str) -> bytes:
    return hashlib.sha256(f"{limit.name}\n{who}".encode()).digest()[:16]
