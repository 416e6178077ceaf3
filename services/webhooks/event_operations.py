"""The events that a webhook can bring, one row each, with the operation that applies it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_args
from uuid import UUID

from domain.entries.params import StartParams
from domain.outbox.messages import TextContent
from domain.webhooks.events import (
    NATIVE,
    Delivery,
    EntryCreate,
    EntrySuggest,
    MessagePost,
    TimerStart,
    TimerStop,
    WebhookEvent,
)
from services.entries.recording import record_entry
from services.entries.suggestions import keep_suggestion
from services.entries.timers import start_timer, stop_timer
from services.operations.context import ImpersonalContext, OperationContext
from storage.outbox import messages

Event = TypeVar("Event")


@dataclass(frozen=True, slots=True)
class EventOperation(Generic[Event]):
    """An event and how it is applied. `apply` applies it for the person whom the event names, `apply_without_person`
    if it names none; that is None for an event that needs a person."""

    event: type[Event]
    apply: Callable[[OperationContext, Delivery, Event], Awaitable[object]]
    apply_without_person: Callable[[ImpersonalContext, Event], Awaitable[object]] | None = None


async def _start_timer(context: OperationContext, _delivery: Delivery, event: TimerStart) -> None:
    await start_timer(context, StartParams(work=event.work, when=event.at))


async def _stop_timer(context: OperationContext, _delivery: Delivery, event: TimerStop) -> None:
    await stop_timer(context, when=event.at)


async def _record_entry(context: OperationContext, _delivery: Delivery, event: EntryCreate) -> None:
    await record_entry(context, event.entry)


async def _suggest_entry(context: OperationContext, delivery: Delivery, event: EntrySuggest) -> None:
    endpoint = delivery.header.endpoint
    await keep_suggestion(
        context, event.suggestion, endpoint_id=None if endpoint == NATIVE else UUID(endpoint)
    )


async def _post_to_person(context: OperationContext, _delivery: Delivery, event: MessagePost) -> None:
    await _post(context, event)


async def _post(context: ImpersonalContext, event: MessagePost) -> None:
    await messages.queue(
        context.tx,
        context.workspace_id,
        key=context.request.key,
        channel=context.request.who or event.channel or "",
        content=TextContent(text=event.text),
        person_id=None,
    )


EVENT_OPERATIONS: tuple[EventOperation[Any], ...] = (
    EventOperation(TimerStart, _start_timer),
    EventOperation(TimerStop, _stop_timer),
    EventOperation(EntryCreate, _record_entry),
    EventOperation(EntrySuggest, _suggest_entry),
    EventOperation(MessagePost, _post_to_person, _post),
)
_BY_EVENT: Mapping[type, EventOperation[Any]] = {row.event: row for row in EVENT_OPERATIONS}
if missing := set(get_args(WebhookEvent)) - set(_BY_EVENT):
    raise LookupError(f"no row in EVENT_OPERATIONS for {missing}")


async def apply_event(context: OperationContext, delivery: Delivery) -> None:
    """Apply the delivery's event for its person."""
    await _BY_EVENT[type(delivery.event)].apply(context, delivery, delivery.event)


async def apply_event_without_person(context: ImpersonalContext, delivery: Delivery) -> None:
    """Apply the delivery's event, which names no person. Raises TypeError for an event that needs a person."""
    apply = _BY_EVENT[type(delivery.event)].apply_without_person
    if apply is None:
        raise TypeError(f"{type(delivery.event).__name__} needs a person")
    await apply(context, delivery.event)
