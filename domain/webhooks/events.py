"""Events from outside, tamed: what a signed webhook asks for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.entries.entries import NewEntry, Work
from domain.entries.suggestions import NewSuggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerStart:
    user: str
    work: Work
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerStop:
    user: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryCreate:
    user: str
    entry: NewEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySuggest:
    user: str
    suggestion: NewSuggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePost:
    """`user` or `channel`, never both."""

    user: str | None
    channel: str | None
    text: str


WebhookEvent = TimerStart | TimerStop | EntryCreate | EntrySuggest | MessagePost


NATIVE = "native"  # the endpoint of the operator's own secrets; the others are called by their ids


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryHeader:
    """What came in at an endpoint, signed. `id` is the sender's, covered by the signature; `body_hash` is SHA-256."""

    workspace_id: UUID
    endpoint: str
    id: str
    body_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The same, understood."""

    letter: DeliveryHeader
    event_type: str
    event: WebhookEvent
