"""Events from outside, tamed: what a signed webhook asks for."""

from dataclasses import dataclass
from datetime import datetime

from domain.entries import NewEntry, Work


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
class MessagePost:
    """`user` or `channel`, never both."""

    user: str | None
    channel: str | None
    text: str


HookEvent = TimerStart | TimerStop | EntryCreate | MessagePost


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One verified delivery. `id` is the sender's, covered by the signature; `body_hash` is SHA-256."""

    id: str
    event_type: str
    body_hash: bytes
    event: HookEvent
