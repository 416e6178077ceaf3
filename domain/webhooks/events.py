"""Requests in verified webhooks. `user` is a Slack id or an e-mail address."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.entries.entries import NewEntry, Work
from domain.entries.suggestions import NewSuggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerStart:
    """Start the person's timer, at the instant `at` or now."""

    user: str
    work: Work
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerStop:
    """Stop the person's timer, at the instant `at` or now."""

    user: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryCreate:
    """Record an entry of the person."""

    user: str
    entry: NewEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySuggest:
    """Suggest an entry to the person."""

    user: str
    suggestion: NewSuggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePost:
    """Post a text to a person or in a channel: either `user` or `channel` is set."""

    user: str | None
    channel: str | None
    text: str


WebhookEvent = TimerStart | TimerStop | EntryCreate | EntrySuggest | MessagePost


NATIVE = "native"  # the endpoint of the operator's own secrets; other endpoints have ids


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryHeader:
    """A signed delivery at an endpoint. `id` is the sender's and covered by the signature; `body_hash` is SHA-256."""

    workspace_id: UUID
    endpoint: str
    id: str
    body_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A signed delivery and its event."""

    header: DeliveryHeader
    event_type: str
    event: WebhookEvent
