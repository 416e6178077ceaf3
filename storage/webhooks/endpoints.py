"""Webhook endpoints and their sealed secrets."""

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

from domain.webhooks.endpoints import Endpoint, EndpointLine, LastDelivery, Outcome, Provider
from storage.postgres.database import DATABASE_NOW, Query, Transaction
from storage.tables import people, webhook_deliveries, webhook_endpoints, webhook_secrets
from storage.webhooks import unsigned_deliveries

NIL_UUID = UUID(int=0)  # a workspace that there is not

_e, _s, _d = webhook_endpoints.c, webhook_secrets.c, webhook_deliveries.c
_at = bindparam("at", type_=DateTime(timezone=True))
_ENDPOINT = [_e.id, _e.name, _e.provider, _e.disconnected_at]
_of_workspace = _e.workspace_id == bindparam("workspace_id")
_accepted_still = or_(_s.ends_at.is_(None), _s.ends_at > DATABASE_NOW)

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
_CLAIM = Query(select(*_ENDPOINT).where(_of_workspace, _e.id == bindparam("endpoint_id")).with_for_update())
_NAMED = Query(
    select(*_ENDPOINT)
    .where(
        _of_workspace,
        _e.disconnected_at.is_(None),
        func.lower(_e.name) == func.lower(bindparam("name", type_=Text)),
    )
    .with_for_update()
)
_COUNT = Query(
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
_FORGET_ENDED = Query(delete(webhook_secrets).where(_secrets_of, ~_accepted_still))
_END_SECRET = Query(
    update(webhook_secrets)
    .where(_secrets_of, _s.ends_at.is_(None))
    .values(ends_at=bindparam("until", type_=DateTime(timezone=True)))
)
_COUNT_SECRETS = Query(
    select(func.count().label("secrets")).select_from(webhook_secrets).where(_secrets_of, _accepted_still)
)
_INSERT_SECRET = Query(
    insert(webhook_secrets).values(
        workspace_id=bindparam("workspace_id"),
        endpoint_id=bindparam("endpoint_id"),
        sealed=bindparam("sealed"),
        made_at=_at,
    )
)
_WHOSE = Query(select(_e.workspace_id, _e.disconnected_at).where(_e.id == bindparam("endpoint_id")))
_wanted = (
    func.unnest(bindparam("ids", type_=ARRAY(Uuid))).table_valued(column("id", Uuid)).render_derived("w")
)
_EXISTING = Query(select(_e.id).join_from(_wanted, webhook_endpoints, _e.id == _wanted.c.id))
_SECRETS = Query(select(_s.sealed).where(_secrets_of, _accepted_still).order_by(_s.made_at.desc()))
_ids = func.unnest(bindparam("ids", type_=ARRAY(Text))).table_valued(column("id", Text)).render_derived("its")
_its_deliveries = and_(_d.workspace_id == bindparam("workspace_id"), _d.endpoint == _ids.c.id)
_last = (
    select(_d.received_at, _d.outcome, _d.event_type, _d.problem)
    .where(_its_deliveries)
    .order_by(_d.received_at.desc())
    .limit(1)
    .lateral("last")
)
_lately = (
    select(
        func.count().filter(_d.outcome == Outcome.ACCEPTED.value).label("accepted"),
        func.count().filter(_d.outcome == Outcome.REFUSED.value).label("refused"),
    )
    .where(_its_deliveries, _d.received_at > bindparam("since", type_=DateTime(timezone=True)))
    .lateral("lately")
)
_TRAFFIC = Query(
    select(_ids.c.id, *_last.c, *_lately.c).select_from(
        _ids.join(_last, true(), isouter=True).join(_lately, true())
    )
)
_LIST = Query(
    select(*_ENDPOINT, people.c.name.label("made_by_name"), _e.made_at)
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
    """An endpoint that nobody else changes until the transaction ends."""

    endpoint: Endpoint
    connected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSecrets:
    """Whose endpoint that is, and the secrets that its senders may have signed with, sealed, the newest first."""

    workspace_id: UUID
    connected: bool
    sealed: tuple[str, ...]


async def insert_endpoint(
    tx: Transaction, workspace_id: UUID, endpoint: Endpoint, *, made_by: UUID, at: datetime
) -> None:
    """Raises asyncpg's UniqueViolationError when another one that is connected has the name."""
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
    row = await tx.fetch_one(_COUNT, workspace_id=workspace_id)
    assert row is not None
    return int(row["endpoints"])


async def lock(tx: Transaction, workspace_id: UUID, endpoint_id: UUID) -> LockedEndpoint | None:
    return _claimed(await tx.fetch_one(_CLAIM, workspace_id=workspace_id, endpoint_id=endpoint_id))


async def lock_by_name(tx: Transaction, workspace_id: UUID, name: str) -> LockedEndpoint | None:
    """The one that is connected and has that name, in capitals or not."""
    return _claimed(await tx.fetch_one(_NAMED, workspace_id=workspace_id, name=name))


async def disconnect(tx: Transaction, workspace_id: UUID, endpoint_id: UUID, *, at: datetime) -> None:
    """Its secret stays: whoever signs with it is told that the endpoint is gone, and nobody else is."""
    await tx.execute(_DISCONNECT, workspace_id=workspace_id, endpoint_id=endpoint_id, at=at)


async def count_live_secrets(tx: Transaction, workspace_id: UUID, endpoint_id: UUID) -> int:
    """How many are accepted now."""
    row = await tx.fetch_one(_COUNT_SECRETS, workspace_id=workspace_id, of_endpoint=endpoint_id)
    assert row is not None
    return int(row["secrets"])


async def replace_secret(
    tx: Transaction, workspace_id: UUID, endpoint_id: UUID, sealed: str, *, at: datetime, old_until: datetime
) -> None:
    """The one it has is accepted until that instant; those that have ended before are forgotten."""
    await tx.execute(_FORGET_ENDED, workspace_id=workspace_id, of_endpoint=endpoint_id)
    await tx.execute(_END_SECRET, workspace_id=workspace_id, of_endpoint=endpoint_id, until=old_until)
    await tx.execute(_INSERT_SECRET, workspace_id=workspace_id, endpoint_id=endpoint_id, sealed=sealed, at=at)


async def find_secrets(tx: Transaction, endpoint_id: UUID) -> EndpointSecrets | None:
    """By the id alone, in a transaction across workspaces: whoever posts there has nothing else. It counts once a
    signature holds. The same round trips whether there is such an endpoint or not."""
    whose = await tx.fetch_one(_WHOSE, endpoint_id=endpoint_id)
    workspace_id = whose["workspace_id"] if whose else NIL_UUID
    await tx.enter_workspace(workspace_id)
    rows = await tx.fetch_all(_SECRETS, workspace_id=workspace_id, of_endpoint=endpoint_id)
    if whose is None:
        return None
    return EndpointSecrets(
        workspace_id=workspace_id,
        connected=whose["disconnected_at"] is None,
        sealed=tuple(row["sealed"] for row in rows),
    )


async def find_existing(tx: Transaction, ids: Collection[UUID]) -> set[UUID]:
    """Find those of the ids that are an endpoint's, in a transaction across workspaces."""
    return {row["id"] for row in await tx.fetch_all(_EXISTING, ids=list(ids))}


async def find_connected(tx: Transaction, workspace_id: UUID, *, since: datetime) -> list[EndpointLine]:
    """By name; deliveries are counted from that instant on."""
    rows = await tx.fetch_all(_LIST, workspace_id=workspace_id)
    ids = [str(row["id"]) for row in rows]
    # By the ids as text: an index is not used for a cast of a column that a policy may hide.
    traffic = {
        row["id"]: row
        for row in await tx.fetch_all(_TRAFFIC, workspace_id=workspace_id, ids=ids, since=since)
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


def _claimed(row: asyncpg.Record | None) -> LockedEndpoint | None:
    return LockedEndpoint(endpoint=_endpoint(row), connected=row["disconnected_at"] is None) if row else None


def _endpoint(row: asyncpg.Record) -> Endpoint:
    return Endpoint(id=row["id"], name=row["name"], provider=Provider(row["provider"]))


def _last_delivery(row: asyncpg.Record) -> LastDelivery | None:
    if row["received_at"] is None:
        return None
    return LastDelivery(
        at=row["received_at"],
        outcome=Outcome(row["outcome"]),
        event_type=row["event_type"],
        problem=row["problem"],
    )
