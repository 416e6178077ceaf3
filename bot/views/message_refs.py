"""References to the bot's messages. Block ids and forms carry them, so that presses can be traced to a message."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from domain.history.operations import OperationRequest, ResponseTarget
from domain.outbox.live_messages import LiveMessageKind


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRef:
    """A message of the bot.

    Only the person with the Slack id `owner` may act on it. `day` is the date it shows, for a week the Monday.
    """

    kind: LiveMessageKind
    card_id: UUID
    owner: str
    day: date | None = None

    def place(self, response_url: str | None) -> ResponseTarget | None:
        """Return the response URL as a target for later updates of a card or a day; None for other kinds.

        A week's message is updated where it was sent, and a weekly summary only by its own buttons.
        """
        if response_url is None or self.kind in {LiveMessageKind.WEEK, LiveMessageKind.LOOK_BACK}:
            return None
        return ResponseTarget(card_id=self.card_id, response_url=response_url, day=self.day)

    def block_id(self, row: int = 0) -> str:
        """Return the id of a block with buttons; `row` must differ for each."""
        return f"{self.kind.value}.{self.card_id}.{self.owner}.{self.day or ''}.{row}"


def read_block_id(block_id: str) -> MessageRef | None:
    """Return the message that a block belongs to; None for blocks of modals and of Home."""
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
    """Return the id of the card that answers this request.

    It is derived from the request, so that a repeat gets the same answer to the byte.
    """
    return uuid5(request.workspace_id, request.key)
