"""Operations: one thing asked for once, by somebody, through one of the entry points."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Source(StrEnum):
    SLACK = "slack"
    REST = "rest"
    WEBHOOK = "webhook"
    IMPORT = "import"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseTarget:
    """The message that shows the result. It can be rewritten at its response URL for half an hour. `day` is set where
    it shows a whole day rather than the entry of the operation."""

    card_id: UUID
    response_url: str
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRequest:
    """What the runner needs to know of a request for an operation.

    `key` is the idempotency key: a repeated delivery carries the same one. `who` is the Slack id of the person it is
    for, or empty where it concerns nobody in particular. `place` is the message that is rewritten when the entry
    changes later. With `by_message` the result comes as a message of its own. `content_hash` is a digest of what was
    asked for, where a caller makes up the key and might use it twice for different things.
    """

    workspace_id: UUID
    source: Source
    key: str
    who: str
    place: ResponseTarget | None = None
    by_message: bool = False
    content_hash: bytes | None = None
