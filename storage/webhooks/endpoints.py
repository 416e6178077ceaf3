"""Webhook endpoints and their encrypted secrets."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ARRAY,
    DateTime,
    Text,
    Uuid,
    and_,
    bindparam,
    column,
    delete,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from domain.webhooks.endpoints import DeliveryOutcome, Endpoint, EndpointLine, LastDelivery, Provider
from storage.postgres.database import Transaction
from storage.postgres.query import DATABASE_NOW, Query
from storage.tables import people, webhook_deliveries, webhook_endpoints, webhook_secrets
from storage.webhooks import unsigned_deliveries

NIL_UUID = UUID(int=0)  # the id of a workspace that does not exist

_e, _s, _d = webhook_endpoints.c, webhook_secrets.c, webhook_deliveries.c
_at = bindparam("at", type_=DateTime(timezone=True))
_ENDPOINT_COLUMNS = [_e.id, _e.name, _e.provider, _e.disconnected_at]
_of_workspace = _e.workspace_id == bindparam("workspace_id")
_is_accepted = or_(_s.ends_at.is_(None), _s.ends_at > DATABASE_NOW)

_INSERT = Query(
    insert(webhook_endpoints).values(
        workspace_id=bindparam("workspace_id"),
        id=bindparam("endpoint_id"),
        name=bindparam("name"),
        provider=bindparam("provider"),
        made_by=bindparam("made_by"),
        made_at=_at,
    )
)
_LOCK = Query(
    select(*_ENDPOINT_COLUMNS).where(_of_workspace, _e.id == bindparam("endpoint_id")).with_for_update()
)
_LOCK_BY_NAME = Query(
    select(*_ENDPOINT_COLUMNS)
    .where(
        _of_workspace,
        _e.disconnected_at.is_(None),
        func.lower(_e.name) == func.lower(bindparam("name", type_=Text)),
    )
    .with_for_update()
)
_COUNT_CONNECTED = Query(
    select(func.count().label("endpoints"))
    .select_from(webhook_endpoints)
    .where(_of_workspace, _e.disconnected_at.is_(None))
)
_DISCONNECT = Query(
    update(webhook_endpoints)
    .where(_of_workspace, _e.id == bindparam("endpoint_id"))
    .values(disconnected_at=_at)
)
_secrets_of = and_(
    _s.workspace_id == bindparam("workspace_id"), _s.endpoint_id == bindparam("of_endpoint", type_=_e.id.type)
)
_DELETE_EXPIRED_SECRETS = Query(delete(webhook_secrets).where(_secrets_of, ~_is_accepted))
_END_SECRET = Query(
    update(webhook_secrets)
    .where(_secrets_of, _s.ends_at.is_(None))
    .values(ends_at=bindparam("until", type_=DateTime(timezone=True)))
)
_COUNT_SECRETS = Query(
    select(func.count().label("secrets")).select_from(webhook_secrets).where(_secrets_of, _is_accepted)
)
_INSERT_SECRET = Query(
    insert(webhook_secrets).values(
        workspace_id=bindparam("workspace_id"),
        endpoint_id=bindparam("endpoint_id"),
        sealed=bindparam("sealed"),
        made_at=_at,
    )
)
_FIND_WORKSPACE = Query(select(_e.workspace_id, _e.disconnected_at).where(_e.id == bindparam("endpoint_id")))
_wanted = (
    func.unnest(bindparam("ids", type_=ARRAY(Uuid))).table_valued(column("id", Uuid)).render_derived("w")
)
_FIND_EXISTING = Query(select(_e.id).join_from(_wanted, webhook_endpoints, _e.id == _wanted.c.id))
_FIND_SECRETS = Query(select(_s.sealed).where(_secrets_of, _is_accepted).order_by(_s.made_at.desc()))
_ids = func.unnest(bindparam("ids", type_=ARRAY(Text))).table_valued(column("id", Text)).render_derived("its")
_its_deliveries = and_(_d.workspace_id == bindparam("workspace_id"), _d.endpoint == _ids.c.id)
_last_delivery_of = (
    select(_d.received_at, _d.outcome, _d.event_type, _d.problem)
    .where(_its_deliveries)
    .order_by(_d.received_at.desc())
    .limit(1)
    .lateral("last")
)
_recent_counts = (
    select(
        func.count().filter(_d.outcome == DeliveryOutcome.ACCEPTED.value).label("accepted"),
        func.count().filter(_d.outcome == DeliveryOutcome.REFUSED.value).label("refused"),
    )
    .where(_its_deliveries, _d.received_at > bindparam("since", type_=DateTime(timezone=True)))
    .lateral("lately")
)
_FIND_TRAFFIC = Query(
    select(_ids.c.id, *_last_delivery_of.c, *_recent_counts.c).select_from(
        _ids.join(_last_delivery_of, true(), isouter=True).join(_recent_counts, true())
    )
)
_FIND_CONNECTED = Query(
    select(*_ENDPOINT_COLUMNS, people.c.name.label("made_by_name"), _e.made_at)
    .join_from(
        webhook_endpoints,
        people,
        and_(people.c.workspace_id == _e.workspace_id, people.c.id == _e.made_by),
    )
    .where(_of_workspace, _e.disconnected_at.is_(None))
    .order_by(func.lower(_e.name))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedEndpoint:
    """An endpoint that is locked until the transaction ends."""

    endpoint: Endpoint
    connected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSecrets:
    """The workspace of an endpoint, and its valid secrets, encrypted, the newest first."""

    workspace_id: UUID
    connected: bool
    sealed: tuple[str, ...]


async def insert_endpoint(
    tx: Transaction, workspace_id: UUID, endpoint: Endpoint, *, made_by: UUID, at: datetime
) -> None:
    """Insert an endpoint. Raises asyncpg's UniqueViolationError if another connected endpoint has its name."""
    await tx.execute(
        _INSERT,
        workspace_id=workspace_id,
        endpoint_id=endpoint.id,
        name=endpoint.name,
        provider=endpoint.provider.value,
        made_by=made_by,
        at=at,
    )


async def count_connected(tx: Transaction, workspace_id: UUID) -> int:
    """Count the connected endpoints of a workspace."""
    row = await tx.fetch_one(_COUNT_CONNECTED, workspace_id=workspace_id)
    assert row is not None
    return int(row["endpoints"])


async def lock(tx: Transaction, workspace_id: UUID, endpoint_id: UUID) -> LockedEndpoint | None:
    """Find an endpoint and lock it until the transaction ends."""
    return _locked_endpoint(await tx.fetch_one(_LOCK, workspace_id=workspace_id, endpoint_id=endpoint_id))


async def lock_by_name(tx: Transaction, workspace_id: UUID, name: str) -> LockedEndpoint | None:
    """Find the connected endpoint of that name, whatever its case, and lock it until the transaction ends."""
    return _locked_endpoint(await tx.fetch_one(_LOCK_BY_NAME, workspace_id=workspace_id, name=name))


async def disconnect(tx: Transaction, workspace_id: UUID, endpoint_id: UUID, *, at: datetime) -> None:
    """Disconnect an endpoint. Its secrets stay, so that only correctly signed deliveries get the answer that it is
    gone."""
    await tx.execute(_DISCONNECT, workspace_id=workspace_id, endpoint_id=endpoint_id, at=at)


async def count_live_secrets(tx: Transaction, workspace_id: UUID, endpoint_id: UUID) -> int:
    """Count the secrets of an endpoint that are accepted now."""
    row = await tx.fetch_one(_COUNT_SECRETS, workspace_id=workspace_id, of_endpoint=endpoint_id)
    assert row is not None
    return int(row["secrets"])


async def replace_secret(
    tx: Transaction, workspace_id: UUID, endpoint_id: UUID, sealed: str, *, at: datetime, old_until: datetime
) -> None:
    """Give an endpoint a new secret. The old one is accepted until `old_until`; expired ones are deleted."""
    await tx.execute(_DELETE_EXPIRED_SECRETS, workspace_id=workspace_id, of_endpoint=endpoint_id)
    await tx.execute(_END_SECRET, workspace_id=workspace_id, of_endpoint=endpoint_id, until=old_until)
    await tx.execute(_INSERT_SECRET, workspace_id=workspace_id, endpoint_id=endpoint_id, sealed=sealed, at=at)


async def find_secrets(tx: Transaction, endpoint_id: UUID) -> EndpointSecrets | None:
    """Find an endpoint's secrets by its id alone, in a transaction across workspaces, and enter its workspace.

    A sender only sends the id, which proves nothing until the signature has been checked. An unknown endpoint takes
    the same round trips, so that timing reveals nothing.
    """
    owner = await tx.fetch_one(_FIND_WORKSPACE, endpoint_id=endpoint_id)
    workspace_id = owner["workspace_id"] if owner else NIL_UUID
    await tx.enter_workspace(workspace_id)
    rows = await tx.fetch_all(_FIND_SECRETS, workspace_id=workspace_id, of_endpoint=endpoint_id)
    if owner is None:
        return None
    return EndpointSecrets(
        workspace_id=workspace_id,
        connected=owner["disconnected_at"] is None,
        sealed=tuple(row["sealed"] for row in rows),
    )


async def find_existing(tx: Transaction, ids: Collection[UUID]) -> set[UUID]:
    """Find which of the ids belong to endpoints, in a transaction across workspaces."""
    return {row["id"] for row in await tx.fetch_all(_FIND_EXISTING, ids=list(ids))}


async def find_connected(tx: Transaction, workspace_id: UUID, *, since: datetime) -> list[EndpointLine]:
    """Find the connected endpoints by name, with their deliveries counted from the instant `since` on."""
    rows = await tx.fetch_all(_FIND_CONNECTED, workspace_id=workspace_id)
    ids = [str(row["id"]) for row in rows]
    # The ids are passed as text: under row-level security no index is used for a cast of a column.
    traffic = {
        row["id"]: row
        for row in await tx.fetch_all(_FIND_TRAFFIC, workspace_id=workspace_id, ids=ids, since=since)
    }
    unsigned = await unsigned_deliveries.sum_since(tx, workspace_id, since=since)
    return [
        EndpointLine(
            endpoint=_endpoint(row),
            made_by=row["made_by_name"],
            made_at=row["made_at"],
            last=_last_delivery(came),
            accepted=came["accepted"],
            refused=came["refused"],
            unsigned=wrong.deliveries if wrong else 0,
            unsigned_at=wrong.last_at if wrong else None,
        )
        for row in rows
        for came, wrong in [(traffic[str(row["id"])], unsigned.get(row["id"]))]
    ]


def _locked_endpoint(row: asyncpg.Record | None) -> LockedEndpoint | None:
    return LockedEndpoint(endpoint=_endpoint(row), connected=row["disconnected_at"] is None) if row else None


def _endpoint(row: asyncpg.Record) -> Endpoint:
    return Endpoint(id=row["id"], name=row["name"], provider=Provider(row["provider"]))


def _last_delivery(row: asyncpg.Record) -> LastDelivery | None:
    if row["received_at"] is None:
        return None
    return LastDelivery(
        at=row["received_at"],
        outcome=DeliveryOutcome(row["outcome"]),
        event_type=row["event_type"],
        problem=row["problem"],
    )
