"""Events from outside: durable and done before they are acknowledged, once per delivery."""

import logging
from dataclasses import dataclass
from datetime import datetime
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
from services.entries.recording import record
from services.entries.suggestions import suggest
from services.entries.timers import start, stop
from services.operations import OperationContext, OperationRunner
from services.outages import GIVEN_UP, TRANSIENT
from storage.history.operations import BegunOperation
from storage.outbox import messages
from storage.postgres.database import Database, Transaction
from storage.webhooks import deliveries

LONGEST_PROBLEM = 300

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    delivery_id: str


class IncomingWebhooks:
    def __init__(self, database: Database, runner: OperationRunner) -> None:
        self._database = database
        self._runner = runner

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

        async def for_person(context: OperationContext) -> Accepted:
            await _apply(context, delivery)
            return await _entered(context.tx, delivery, context.act_id, context.at)

        async def for_channel(tx: Transaction, begun: BegunOperation) -> Accepted:
            assert isinstance(delivery.event, MessagePost)
            await _post(tx, request, delivery.event)
            return await _entered(tx, delivery, begun.act_id, begun.at)

        try:
            if who:
                return await self._runner.perform(request, Accepted, for_person)
            return await self._runner.perform_impersonal(request, Accepted, for_channel)
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
        except (*TRANSIENT, *GIVEN_UP) as error:
            log.info("a refusal was not noted: %s", type(error).__name__)


async def _apply(context: OperationContext, delivery: Delivery) -> None:
    match event := delivery.event:
        case TimerStart():
            await start(context, StartWish(work=event.work, when=event.at))
        case TimerStop():
            await stop(context, when=event.at)
        case EntryCreate():
            await record(context, event.entry)
        case EntrySuggest():
            endpoint = delivery.letter.endpoint
            await suggest(context, event.suggestion, by=None if endpoint == NATIVE else UUID(endpoint))
        case MessagePost():
            await _post(context.tx, context.request, event)


async def _post(tx: Transaction, request: OperationRequest, event: MessagePost) -> None:
    await messages.queue(
        tx,
        request.workspace_id,
        key=request.key,
        channel=request.who or event.channel or "",
        content=TextContent(text=event.text),
        person_id=None,
    )


async def _entered(tx: Transaction, delivery: Delivery, act_id: UUID, at: datetime) -> Accepted:
    await deliveries.record_accepted(tx, delivery, act_id=act_id, at=at)
    return Accepted(delivery_id=delivery.letter.id)
