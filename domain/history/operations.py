"""Operations: one thing asked for once, by somebody, through one of the entry points."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, runtime_checkable
from uuid import UUID


class Source(StrEnum):
    SLACK = "slack"
    REST = "rest"
    WEBHOOK = "webhook"
    IMPORT = "import"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseTarget:
    """Where the answer will stand: a message that can be rewritten later by this address, for half an hour. `day` is
    set where it goes on showing that day, whatever was done from there."""

    card_id: UUID
    response_url: str
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRequest:
    """`key` is unique for the thing asked for, not for the attempt: a delivery that is repeated carries the
    same key. `who` is the Slack id of the person it is for, or empty where it concerns nobody in particular.
    `place` is where a card about an entry can be kept true afterwards. `by_message` is for what was asked for
    where no answer can stand: its card comes as a message. `content_hash` is a digest of what was asked for, where
    whoever asks makes up the key and might use one twice for different things."""

    workspace_id: UUID
    source: Source
    key: str
    who: str
    place: ResponseTarget | None = None
    by_message: bool = False
    content_hash: bytes | None = None


@runtime_checkable
class HasLiveSubject(Protocol):
    """An answer about one entry, by its id, or about one day. The message that shows it is rewritten when that
    changes."""

    @property
    def live_subject(self) -> UUID | date | None: ...
