"""Webhook endpoints that people make: an address of their own, and a secret that only its sender knows."""

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
    """Whose way of signing and whose events an endpoint understands."""

    STANDARD = "standard"


class DeliveryOutcome(StrEnum):
    """What became of a signed delivery."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """`id` is random and a part of the address. It proves nothing: only a signature does."""

    id: UUID
    name: str
    provider: Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSecret:
    """What is kept of a secret that was made: how it is sealed, not the secret. `old_until` is the instant (UTC) until
    which the one before it is accepted too; None for a new endpoint."""

    endpoint: Endpoint
    sealed: str
    person: Person
    at: datetime
    old_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDelivery:
    """`problem` is the sentence that it was refused with, empty where it was accepted."""

    at: datetime
    outcome: DeliveryOutcome
    event_type: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointLine:
    """An endpoint in the list. `accepted` and `refused` count the signed deliveries of the last 24 hours, `unsigned`
    those that were not signed with a secret of the endpoint, the last of which came at `unsigned_at`."""

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
    """The endpoints that are connected, by name, as `person` sees them at the instant `at` (UTC)."""

    person: Person
    lines: tuple[EndpointLine, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointClosure:
    """`already` says that somebody had disconnected it before."""

    endpoint: Endpoint
    already: bool = False


def validate_endpoint_name(name: str) -> str:
    """The name as it will be stored. Raises Refusal when nothing of it can be seen, or it is too long."""
    name = " ".join(sanitize_text(name).split())
    if not any(unicodedata.category(character)[0] in "LNPS" for character in name):
        raise Refusal("An endpoint needs a name, for example `/track connect standard deploys`.")
    if len(name) > LONGEST_NAME:
        raise Refusal(f"That name is too long: {LONGEST_NAME} characters at most. Nothing was changed.")
    return name


def format_secret(key: bytes) -> str:
    """The key as people paste it: `whsec_` and base64."""
    return SECRET_PREFIX + base64.b64encode(key).decode()
