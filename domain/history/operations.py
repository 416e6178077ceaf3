"""Requests for operations. An operation is one change or query that somebody asked for once, through one entry
point."""

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
    """The message that shows the result. It can be rewritten at its response URL for half an hour. `day` is set if
    it shows a whole day instead of the entry of the operation."""

    card_id: UUID
    response_url: str
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRequest:
    """A request to run one operation.

    `key` is the idempotency key: a repeated delivery carries the same key. `who` is the Slack id of the person for
    whom the operation runs, or empty if it concerns no particular person. `place` is the message to rewrite when
    the entry changes later. With `by_message`, the result is sent as a separate message. `content_hash` is a digest
    of the request, for callers that choose the key themselves and might use it for two different requests.
    """

    workspace_id: UUID
    source: Source
    key: str
    who: str
    place: ResponseTarget | None = None
    by_message: bool = False
    content_hash: bytes | None = None
