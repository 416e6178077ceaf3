"""The ledger of webhook deliveries."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from domain.hooks import Delivery
from storage.database import Query, Transaction
from storage.tables import webhook_deliveries

_ENTER = Query(
    insert(webhook_deliveries).values(
        workspace_id=bindparam("workspace_id"),
        endpoint=bindparam("endpoint"),
        delivery_id=bindparam("delivery_id"),
        event_type=bindparam("event_type"),
        body_hash=bindparam("body_hash"),
        act_id=bindparam("act_id"),
        received_at=bindparam("received_at"),
    )
)


async def enter(
    tx: Transaction, workspace_id: UUID, delivery: Delivery, *, endpoint: str, act_id: UUID, at: datetime
) -> None:
    await tx.run(
        _ENTER,
        workspace_id=workspace_id,
        endpoint=endpoint,
        delivery_id=delivery.id,
        event_type=delivery.event_type,
        body_hash=delivery.body_hash,
        act_id=act_id,
        received_at=at,
    )
