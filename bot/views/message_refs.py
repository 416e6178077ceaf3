"""Which message a press or a form came from: written into block ids and forms, and read when they come back."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from domain.history.operations import OperationRequest, ResponseTarget
from domain.outbox.live_messages import LiveMessageKind


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRef:
    """A message of ours. `owner` is the Slack id of the only person who may act on it; `day` is the date it
    shows, of a week its Monday."""

    kind: LiveMessageKind
    card_id: UUID
    owner: str
    day: date | None = None

    def place(self, response_url: str | None) -> ResponseTarget | None:
        """Return where that address can keep a card or a day up to date.

        A week's message is kept up to date where it was sent; a weekly summary only changes by what is done from it.
        """
        if response_url is None or self.kind in {LiveMessageKind.WEEK, LiveMessageKind.LOOK_BACK}:
            return None
        return ResponseTarget(card_id=self.card_id, response_url=response_url, day=self.day)

    def block_id(self, row: int = 0) -> str:
        """Return the id of a row that can be acted on; each row has its own."""
        return f"{self.kind.value}.{self.card_id}.{self.owner}.{self.day or ''}.{row}"


def read_block_id(block_id: str) -> MessageRef | None:
    """Return the message that a block is part of; None for blocks of modals and of Home."""
    try:
        kind, card_id, owner, day, _row = block_id.split(".")
        return MessageRef(
            kind=LiveMessageKind(kind),
            card_id=UUID(card_id),
            owner=owner,
            day=date.fromisoformat(day) if day else None,
        )
    except ValueError:
        return None


def card_id_for(request: OperationRequest) -> UUID:
    """Return the id of the card that answers this request: a repeat gets the same, and so the same answer to the
    byte.
    """
    return uuid5(request.workspace_id, request.key)
