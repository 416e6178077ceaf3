"""Which message a press or a form came from: written into block ids and forms, read when they come back."""

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
        """Where that address can keep a card or a day true. A week's message is kept true where it was sent; a look
        back is as it was then, but for what is done from it."""
        if response_url is None or self.kind in {LiveMessageKind.WEEK, LiveMessageKind.LOOK_BACK}:
            return None
        return ResponseTarget(card_id=self.card_id, response_url=response_url, day=self.day)

    def block_id(self, row: int = 0) -> str:
        """Unique for each row of the message that can be acted on."""
        return f"{self.kind.value}.{self.card_id}.{self.owner}.{self.day or ''}.{row}"


def read_block_id(block_id: str) -> MessageRef | None:
    """None for a block that is not one of those, such as in a modal or on Home."""
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
    """The card that answers this act: the same for a repeat, so that the answer is the same to the byte."""
    return uuid5(request.workspace_id, request.key)
