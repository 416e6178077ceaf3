"""The ledger of webhook deliveries."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from domain.webhooks.endpoints import DeliveryOutcome
from domain.webhooks.events import Delivery, DeliveryHeader
from storage.postgres.database import Transaction
from storage.postgres.query import Query
from storage.tables import webhook_deliveries

_d = webhook_deliveries.c
_new = insert(webhook_deliveries).values(
    workspace_id=bindparam("workspace_id"),
    endpoint=bindparam("endpoint"),
    delivery_id=bindparam("delivery_id"),
    event_type=bindparam("event_type"),
    body_hash=bindparam("body_hash"),
    act_id=bindparam("act_id"),
    received_at=bindparam("received_at"),
    outcome=bindparam("outcome"),
    problem=bindparam("problem"),
)
# A sender that corrects a refused delivery sends it again with the same id.
_WRITE = Query(
    _new.on_conflict_do_update(
        index_elements=[_d.workspace_id, _d.endpoint, _d.delivery_id],
        set_={
            name: _new.excluded[name]
            for name in ("event_type", "body_hash", "act_id", "received_at", "outcome", "problem")
        },
        where=_d.outcome == DeliveryOutcome.REFUSED.value,
    )
)


async def record_accepted(tx: Transaction, delivery: Delivery, *, act_id: UUID, at: datetime) -> None:
    """Record a delivery as accepted."""
    await _write(
        tx, delivery.header, DeliveryOutcome.ACCEPTED, at=at, event_type=delivery.event_type, act_id=act_id
    )


async def record_refused(tx: Transaction, header: DeliveryHeader, problem: str, *, at: datetime) -> None:
    """Record a delivery as refused, unless it was accepted before."""
    await _write(tx, header, DeliveryOutcome.REFUSED, at=at, problem=problem)


async def _write(
    tx: Transaction,
    header: DeliveryHeader,
    outcome: DeliveryOutcome,
    *,
    at: datetime,
    event_type: str = "",
    problem: str = "",
    act_id: UUID | None = None,
) -> None:
    await tx.execute(
        _WRITE,
        workspace_id=header.workspace_id,
        endpoint=header.endpoint,
        delivery_id=header.id,
        event_type=event_type,
        body_hash=header.body_hash,
        act_id=act_id,
        received_at=at,
        outcome=outcome.value,
        problem=problem,
    )
