"""Events from outside: durable and done before they are acknowledged, once per delivery."""

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.entries.entries import StartWish
from domain.errors import KeyReused
from domain.history.operations import Act, Source
from domain.outbox.messages import TextContent
from domain.webhooks.events import (
    NATIVE,
    Delivery,
    EntryCreate,
    EntrySuggest,
    Letter,
    MessagePost,
    TimerStart,
    TimerStop,
)
from services.entries.recording import record
from services.entries.suggestions import suggest
from services.entries.timers import start, stop
from services.operations import Acts, Scene
from services.outages import GIVEN_UP, TRANSIENT
from storage.history.operations import Begun
from storage.outbox import messages
from storage.postgres.database import Database, Transaction
from storage.webhooks import deliveries

LONGEST_PROBLEM = 300

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    delivery_id: str


class Hooks:
    def __init__(self, database: Database, acts: Acts) -> None:
        self._database = database
        self._acts = acts

    async def receive(self, delivery: Delivery, *, who: str) -> Accepted:
        """Does what the event asks for, once. `who` is the Slack id of its person, empty where there is none.

        Raises Refusal when it is understood but impossible: then nothing is kept, and the sender may repeat
        it. Raises NotSaved or Unsure when the database does not answer in time.
        """
        letter = delivery.letter
        act = Act(
            workspace_id=letter.workspace_id,
            source=Source.WEBHOOK,
            key=f"hook:{letter.endpoint}:{letter.id}",
            who=who,
            content_hash=letter.body_hash,
        )

        async def for_person(scene: Scene) -> Accepted:
            await _apply(scene, delivery)
            return await _entered(scene.tx, delivery, scene.act_id, scene.at)

        async def for_channel(tx: Transaction, begun: Begun) -> Accepted:
            assert isinstance(delivery.event, MessagePost)
            await _post(tx, act, delivery.event)
            return await _entered(tx, delivery, begun.act_id, begun.at)

        try:
            if who:
                return await self._acts.perform(act, Accepted, for_person)
            return await self._acts.perform_impersonal(act, Accepted, for_channel)
        except KeyReused:
            raise KeyReused(
                "A delivery with this id was accepted before, and its body was another one. Nothing was done: "
                "what is new needs an id of its own, and a repeat the same body."
            ) from None

    async def refused(self, letter: Letter, problem: str) -> None:
        """Notes that it was signed and could not be done, for whoever connected the endpoint to see. Its key is not
        spent. A database that does not answer is no reason to tell the sender anything else than why."""
        try:
            async with self._database.transaction(letter.workspace_id) as tx:
                await deliveries.refuse(tx, letter, problem[:LONGEST_PROBLEM], at=await tx.now())
        except (*TRANSIENT, *GIVEN_UP) as error:
            log.info("a refusal was not noted: %s", type(error).__name__)


async def _apply(scene: Scene, delivery: Delivery) -> None:
    match event := delivery.event:
        case TimerStart():
            await start(scene, StartWish(work=event.work, when=event.at))
        case TimerStop():
            await stop(scene, when=event.at)
        case EntryCreate():
            await record(scene, event.entry)
        case EntrySuggest():
            endpoint = delivery.letter.endpoint
            await suggest(scene, event.suggestion, by=None if endpoint == NATIVE else UUID(endpoint))
        case MessagePost():
            await _post(scene.tx, scene.act, event)


async def _post(tx: Transaction, act: Act, event: MessagePost) -> None:
    await messages.queue(
        tx,
        act.workspace_id,
        key=act.key,
        channel=act.who or event.channel or "",
        content=TextContent(text=event.text),
        person_id=None,
    )


async def _entered(tx: Transaction, delivery: Delivery, act_id: UUID, at: datetime) -> Accepted:
    await deliveries.enter(tx, delivery, act_id=act_id, at=at)
    return Accepted(delivery_id=delivery.letter.id)
