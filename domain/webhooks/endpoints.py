"""Webhook endpoints: each has its own address, and a secret with which its sender signs."""

import base64
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.errors import Refusal
from domain.identity.people import Person
from domain.text import sanitize_text

LONGEST_NAME = 40
SECRET_BYTES = 32
SECRET_PREFIX = "whsec_"  # noqa: S105 - the form of one, by the Standard Webhooks specification 1.0.0


class Provider(StrEnum):
    """The sender whose signatures and events an endpoint accepts."""

    STANDARD = "standard"


class DeliveryOutcome(StrEnum):
    """The outcome of a signed delivery."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An endpoint of a workspace. `id` is random and a part of its address; only a signature proves who sends."""

    id: UUID
    name: str
    provider: Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSecret:
    """The result of creating a secret; `sealed` is the encrypted secret. The previous secret is accepted too until
    `old_until` (UTC); None for a new endpoint."""

    endpoint: Endpoint
    sealed: str
    person: Person
    at: datetime
    old_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDelivery:
    """The last signed delivery. `problem` is the sentence that explains its refusal, empty if it was accepted."""

    at: datetime
    outcome: DeliveryOutcome
    event_type: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointLine:
    """An endpoint in the list. `accepted` and `refused` count the signed deliveries of the last 24 hours,
    `unsigned` the deliveries without a valid signature; the last of these arrived at `unsigned_at`."""

    endpoint: Endpoint
    made_by: str
    made_at: datetime
    last: LastDelivery | None
    accepted: int
    refused: int
    unsigned: int = 0
    unsigned_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointList:
    """The connected endpoints, sorted by name, for `person` at the instant `at` (UTC)."""

    person: Person
    lines: tuple[EndpointLine, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointClosure:
    """The result of disconnecting an endpoint. `already` is true if it was disconnected before."""

    endpoint: Endpoint
    already: bool = False


def validate_endpoint_name(name: str) -> str:
    """Return the name as it is stored. Raises Refusal if it has no visible character, or is too long."""
    name = " ".join(sanitize_text(name).split())
    if not any(unicodedata.category(character)[0] in "LNPS" for character in name):
        raise Refusal("An endpoint needs a name, for example `/track connect standard deploys`.")
    if len(name) > LONGEST_NAME:
        raise Refusal(f"That name is too long: {LONGEST_NAME} characters at most. Nothing was changed.")
    return name


def format_secret(key: bytes) -> str:
    """Return the key in the form that people paste: `whsec_` and base64."""
    return SECRET_PREFIX + base64.b64encode(key).decode()
