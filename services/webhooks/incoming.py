"""Events from outside: durable and done before they are acknowledged, once per delivery."""

import logging
from dataclasses import dataclass
from uuid import UUID

from domain.entries.entries import StartWish
from domain.errors import KeyReused
from domain.history.operations import OperationRequest, Source
from domain.outbox.messages import TextContent
from domain.webhooks.events import (
    NATIVE,
    Delivery,
    DeliveryHeader,
    EntryCreate,
    EntrySuggest,
    MessagePost,
    TimerStart,
    TimerStop,
)
from services.entries.recording import record_entry
from services.entries.suggestions import suggest
from services.entries.timers import start_timer, stop_timer
from services.operations.context import ImpersonalContext, OperationContext
from services.operations.declaration import OperationGroup, impersonal_operation, operation
from services.operations.runner import OperationRunner
from services.outages import OUTAGE
from storage.outbox import messages
from storage.postgres.database import Database
from storage.webhooks import deliveries

LONGEST_PROBLEM = 300

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    delivery_id: str


@operation
async def apply_delivery(context: OperationContext, delivery: Delivery) -> Accepted:
    """Do what the delivery's event asks for its person."""
    match event := delivery.event:
        case TimerStart():
            await start_timer(context, StartWish(work=event.work, when=event.at))
        case TimerStop():
            await stop_timer(context, when=event.at)
        case EntryCreate():
            await record_entry(context, event.entry)
        case EntrySuggest():
            endpoint = delivery.letter.endpoint
            await suggest(context, event.suggestion, by=None if endpoint == NATIVE else UUID(endpoint))
        case MessagePost():
            await _post(context, event)
    return await _enter(context, delivery)


@impersonal_operation
async def post_delivery(context: ImpersonalContext, delivery: Delivery) -> Accepted:
    """Post the delivery's message in its channel: the only event that needs no person."""
    assert isinstance(delivery.event, MessagePost)
    await _post(context, delivery.event)
    return await _enter(context, delivery)


async def _post(context: ImpersonalContext, event: MessagePost) -> None:
    await messages.queue(
        context.tx,
        context.workspace_id,
        key=context.request.key,
        channel=context.request.who or event.channel or "",
        content=TextContent(text=event.text),
        person_id=None,
    )


async def _enter(context: ImpersonalContext, delivery: Delivery) -> Accepted:
    await deliveries.record_accepted(context.tx, delivery, act_id=context.act_id, at=context.at)
    return Accepted(delivery_id=delivery.letter.id)


class IncomingWebhooks(OperationGroup):
    """Operations that other systems ask for."""

    _apply_for_person = apply_delivery
    _post_in_channel = post_delivery

    def __init__(self, database: Database, runner: OperationRunner) -> None:
        super().__init__(runner)
        self._database = database

    async def receive(self, delivery: Delivery, *, who: str) -> Accepted:
        """Does what the event asks for, once. `who` is the Slack id of its person, empty where there is none.

        Raises Refusal when it is understood but impossible: then nothing is kept, and the sender may repeat
        it. Raises NotSaved or Unsure when the database does not answer in time.
        """
        letter = delivery.letter
        request = OperationRequest(
            workspace_id=letter.workspace_id,
            source=Source.WEBHOOK,
            key=f"hook:{letter.endpoint}:{letter.id}",
            who=who,
            content_hash=letter.body_hash,
        )

        try:
            if who:
                return await self._apply_for_person(request, delivery)
            return await self._post_in_channel(request, delivery)
        except KeyReused:
            raise KeyReused(
                "A delivery with this id was accepted before, and its body was another one. Nothing was done: "
                "what is new needs an id of its own, and a repeat the same body."
            ) from None

    async def refused(self, letter: DeliveryHeader, problem: str) -> None:
        """Notes that it was signed and could not be done, for whoever connected the endpoint to see. Its key is not
        spent. A database that does not answer is no reason to tell the sender anything else than why."""
        try:
            async with self._database.transaction(letter.workspace_id) as tx:
                await deliveries.record_refused(tx, letter, problem[:LONGEST_PROBLEM], at=await tx.now())
        except OUTAGE as error:
            log.info("a refusal was not noted: %s", type(error).__name__)
