"""What a kind of message declares: how it is read when it is sent, and how it is delivered."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar
from uuid import UUID

from domain.identity.people import Person
from domain.outbox.live_messages import LiveMessageKind
from domain.outbox.slack_methods import POST_MESSAGE
from storage.identity import people
from storage.outbox.leases import MessageLease
from storage.postgres.database import Transaction

C = TypeVar("C")


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSource:
    """The input of a row's `read`: the transaction, the message, and the database's clock."""

    tx: Transaction
    lease: MessageLease
    at: datetime

    @property
    def workspace_id(self) -> UUID:
        return self.lease.workspace_id

    async def find_person(self, person_id: UUID) -> Person:
        """Return the person whom the message is about. Raises LookupError."""
        person = await people.find_by_id(self.tx, self.workspace_id, person_id)
        if person is None:
            raise LookupError(f"message {self.lease.id} is for a person who is not there")
        return person


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReading:
    """The present content of a message. `is_wanted` is false if it need not be sent any more. `owner` is the Slack id
    of the person who may use its buttons."""

    subject: object
    kind: LiveMessageKind = LiveMessageKind.CARD
    owner: str = ""
    is_wanted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePlace:
    """The kind of live message that a sent message becomes, and the changes that mark it: those of its entry, of its
    day or week (by its Monday), or of its timesheet."""

    kind: LiveMessageKind
    entry_id: UUID | None = None
    day: date | None = None
    timesheet_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageKind(Generic[C]):
    """A kind of message.

    `read` returns its content, which has one of the types `shows`. `methods` are the Slack methods that send it. If
    `can_wait`, it is held while its person does not want to be disturbed, unless they asked for it. If `expires`, it
    is dropped when the workspace could not be reached for too long. `live` describes the live message that it
    becomes, or is None. `apologize` makes the text for its person if it can not be sent to `channel` for the reason
    `why`; None sends no text.
    """

    content: type[C]
    shows: tuple[type, ...]
    read: Callable[[MessageSource, C], Awaitable[MessageReading]]
    methods: tuple[str, ...] = (POST_MESSAGE,)
    can_wait: bool = False
    expires: bool = False
    live: Callable[[C], LivePlace] | None = None
    apologize: Callable[[C, str, str], str | None] | None = None
