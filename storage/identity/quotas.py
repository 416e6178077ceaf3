"""How often something was asked for, shared by all replicas: the generic cell rate algorithm as one statement."""

import hashlib

from sqlalchemy import Interval, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from domain.quotas import Allowance, Limit, allowance
from storage.postgres.database import DATABASE_NOW, Query, Transaction
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
_TAKE = Query(select(select(_taken.c.full_at).scalar_subquery().label("full_at"), DATABASE_NOW.label("now")))
_FULL_AT = Query(
    select(select(rates.c.full_at).where(_this).scalar_subquery().label("full_at"), DATABASE_NOW.label("now"))
)
_GIVE_BACK = Query(delete(rates).where(_this))
# No index by instant: it would have to be written with each asking, and this is looked for every ten minutes.
_over = select(rates.c.key).where(rates.c.full_at < DATABASE_NOW).limit(bindparam("most"))
_FORGET = Query(delete(rates).where(rates.c.key.in_(_over)))
DELETE_BATCH = 20_000


async def take(tx: Transaction, limit: Limit, who: str) -> Allowance:
    """Takes one of what `limit` allows to `who`, if there is one left. To be asked outside of any transaction."""
    key = _key(limit, who)
    row = await tx.fetch_one(_TAKE, key=key, step=limit.step, window=limit.window)
    assert row is not None
    allowed = row["full_at"] is not None
    if not allowed:
        # Asked for once more: the statement that was refused sees the row as it was before it waited for it.
        row = await tx.fetch_one(_FULL_AT, key=key)
        assert row is not None
    return allowance(limit, full_at=row["full_at"] or row["now"], now=row["now"], allowed=allowed)


async def reset(tx: Transaction, limit: Limit, who: str) -> None:
    """Forgets what `who` has taken of it."""
    await tx.execute(_GIVE_BACK, key=_key(limit, who))


async def delete_spent(tx: Transaction) -> int:
    """Drops what says nothing any more, so many at a time. Returns how many."""
    return await tx.execute(_FORGET, most=DELETE_BATCH)


def _key(limit: Limit, who: str) -> bytes:
    return hashlib.sha256(f"{limit.name}\n{who}".encode()).digest()[:16]
