"""Applies incoming webhooks: each delivery once, and before it is acknowledged."""

import logging
from dataclasses import dataclass

from domain.errors import KeyReused
from domain.history.operations import OperationRequest, Source
from domain.webhooks.events import Delivery, DeliveryHeader
from services.operations.context import ImpersonalContext, OperationContext
from services.operations.declaration import OperationGroup, impersonal_operation, operation
from services.operations.runner import OperationRunner
from services.outages import OUTAGE
from services.webhooks.event_operations import apply_event, apply_event_without_person
from storage.postgres.database import Database
from storage.webhooks import deliveries

LONGEST_PROBLEM = 300

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedDelivery:
    """The answer to a delivery that was applied."""

    delivery_id: str


@operation
async def apply_delivery(context: OperationContext, delivery: Delivery) -> AcceptedDelivery:
    """Apply the delivery's event for its person."""
    await apply_event(context, delivery)
    return await _enter(context, delivery)


@impersonal_operation
async def apply_delivery_without_person(context: ImpersonalContext, delivery: Delivery) -> AcceptedDelivery:
    """Apply a delivery that names no person, such as one that posts in a channel."""
    await apply_event_without_person(context, delivery)
    return await _enter(context, delivery)


async def _enter(context: ImpersonalContext, delivery: Delivery) -> AcceptedDelivery:
    await deliveries.record_accepted(context.tx, delivery, act_id=context.act_id, at=context.at)
    return AcceptedDelivery(delivery_id=delivery.header.id)


class IncomingWebhooks(OperationGroup):
    """Operations that other systems ask for."""

    _apply = apply_delivery
    _apply_without_person = apply_delivery_without_person

    def __init__(self, database: Database, runner: OperationRunner) -> None:
        super().__init__(runner)
        self._database = database

    async def receive(self, delivery: Delivery, *, who: str) -> AcceptedDelivery:
        """Apply the delivery's event once. `who` is the Slack id of its person, or "" if it names none.

        Raises Refusal if the event can not be applied; then nothing is stored, and the sender may repeat it. Raises
        NotSaved or CommitUnknown if the database does not answer in time.
        """
        header = delivery.header
        request = OperationRequest(
            workspace_id=header.workspace_id,
            source=Source.WEBHOOK,
            key=f"hook:{header.endpoint}:{header.id}",
            who=who,
            content_hash=header.body_hash,
        )

        try:
            if who:
                return await self._apply(request, delivery)
            return await self._apply_without_person(request, delivery)
        except KeyReused:
            raise KeyReused(
                "A delivery with this id was accepted before, and its body was another one. Nothing was done: "
                "send something new with a new id, and a repeat with the same body."
            ) from None

    async def record_refusal(self, header: DeliveryHeader, problem: str) -> None:
        """Record that a signed delivery was refused, to show it to the person who connected the endpoint. Its key is
        not spent. Does nothing if the database does not answer, so that the sender still learns why the delivery was
        refused."""
        try:
            async with self._database.transaction(header.workspace_id) as tx:
                await deliveries.record_refused(tx, header, problem[:LONGEST_PROBLEM], at=await tx.now())
        except OUTAGE as error:
            log.info("a refusal was not noted: %s", type(error).__name__)
