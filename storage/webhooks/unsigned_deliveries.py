"""Hourly counts of the deliveries that an endpoint refused because of their signature."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Integer, Uuid, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from storage.postgres.database import Transaction
from storage.postgres.query import DATABASE_NOW, Query
from storage.tables import unsigned_deliveries

_u = unsigned_deliveries.c
_this_hour = func.date_trunc("hour", DATABASE_NOW)
_new = insert(unsigned_deliveries).from_select(
    ["workspace_id", "endpoint_id", "hour", "deliveries", "last_at"],
    select(
        bindparam("workspace_id", type_=Uuid),
        func.unnest(bindparam("endpoint_ids", type_=ARRAY(Uuid))),
        _this_hour,
        func.unnest(bindparam("counts", type_=ARRAY(Integer))),
        DATABASE_NOW,
    ),
)
_ADD_COUNTS = Query(
    _new.on_conflict_do_update(
        index_elements=[_u.workspace_id, _u.endpoint_id, _u.hour],
        set_={"deliveries": _u.deliveries + _new.excluded.deliveries, "last_at": _new.excluded.last_at},
    )
)
_DELETE_BEFORE = Query(
    delete(unsigned_deliveries).where(
        _u.workspace_id == bindparam("workspace_id"),
        _u.endpoint_id.in_(select(func.unnest(bindparam("endpoint_ids", type_=ARRAY(Uuid))))),
        _u.hour < bindparam("before", type_=DateTime(timezone=True)),
    )
)
_SUM_SINCE = Query(
    select(_u.endpoint_id, func.sum(_u.deliveries).label("deliveries"), func.max(_u.last_at).label("last_at"))
    .where(
        _u.workspace_id == bindparam("workspace_id"),
        _u.hour >= func.date_trunc("hour", bindparam("since", type_=DateTime(timezone=True))),
    )
    .group_by(_u.endpoint_id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsignedCount:
    """The number of refused deliveries, and when the last one arrived."""

    deliveries: int
    last_at: datetime


async def add_counts(
    tx: Transaction, workspace_id: UUID, counts: dict[UUID, int], *, keep_since: datetime
) -> None:
    """Add to the counts of this hour, and delete those from before `keep_since`."""
    ids = sorted(counts)  # sorted, so that two replicas can not deadlock
    await tx.execute(
        _ADD_COUNTS,
        workspace_id=workspace_id,
        endpoint_ids=ids,
        counts=[counts[endpoint_id] for endpoint_id in ids],
    )
    await tx.execute(_DELETE_BEFORE, workspace_id=workspace_id, endpoint_ids=ids, before=keep_since)


async def sum_since(tx: Transaction, workspace_id: UUID, *, since: datetime) -> dict[UUID, UnsignedCount]:
    """Sum the counts of each endpoint from the hour of `since` on."""
    rows = await tx.fetch_all(_SUM_SINCE, workspace_id=workspace_id, since=since)
    return {
        row["endpoint_id"]: UnsignedCount(deliveries=int(row["deliveries"]), last_at=row["last_at"])
        for row in rows
    }
