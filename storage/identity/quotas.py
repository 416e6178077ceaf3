"""Quotas that all replicas share. One statement implements the generic cell rate algorithm (GCRA)."""

import hashlib

from sqlalchemy import Interval, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from domain.quotas import Allowance, Quota, allowance
from storage.postgres.database import Transaction
from storage.postgres.query import DATABASE_NOW, Query
from storage.tables import rates

_this = rates.c.key == bindparam("key", type_=rates.c.key.type)
_step, _window = bindparam("step", type_=Interval), bindparam("window", type_=Interval)
_full_at = func.greatest(rates.c.full_at, DATABASE_NOW) + _step
# One statement reads and writes, so there is no race: the row's lock orders simultaneous requests, and a refused
# request changes nothing.
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
_FIND_FULL_AT = Query(
    select(select(rates.c.full_at).where(_this).scalar_subquery().label("full_at"), DATABASE_NOW.label("now"))
)
_RESET = Query(delete(rates).where(_this))
# There is no index on the instant: every request would have to write it, and this scan runs only every ten minutes.
_full_again = select(rates.c.key).where(rates.c.full_at < DATABASE_NOW).limit(bindparam("most"))
_DELETE_SPENT = Query(delete(rates).where(rates.c.key.in_(_full_again)))
DELETE_BATCH = 20_000


async def take(tx: Transaction, limit: Quota, who: str) -> Allowance:
    """Take one request from the quota of `who`, if one is left. Runs outside of any transaction."""
    key = _key(limit, who)
    row = await tx.fetch_one(_TAKE, key=key, step=limit.step, window=limit.window)
    assert row is not None
    allowed = row["full_at"] is not None
    if not allowed:
        # Read the row again: the refused statement saw it as it was before waiting for its lock.
        row = await tx.fetch_one(_FIND_FULL_AT, key=key)
        assert row is not None
    return allowance(limit, full_at=row["full_at"] or row["now"], now=row["now"], allowed=allowed)


async def reset(tx: Transaction, limit: Quota, who: str) -> None:
    """Give `who` the full quota back."""
    await tx.execute(_RESET, key=_key(limit, who))


async def delete_spent(tx: Transaction) -> int:
    """Delete quotas that are full again, at most DELETE_BATCH of them. Return their number."""
    return await tx.execute(_DELETE_SPENT, most=DELETE_BATCH)


def _key(limit: Quota, who: str) -> bytes:
    return hashlib.sha256(f"{limit.name}\n{who}".encode()).digest()[:16]
