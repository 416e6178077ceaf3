"""What is handed to Slack, and how an attempt to deliver it can end."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from domain.outbox.live_messages import LiveMessageKind
from domain.outbox.slack_methods import POST_MESSAGE
from domain.time.calendar import Span
from storage.outbox.message_updates import LiveMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """A message with everything that is needed to render and send it.

    `channel` is a channel's or a person's Slack id. `subject` is what the message shows, as read just now: a report, an
    entry, a text. `owner` is the Slack id of the only person who may use its buttons, "" where it has none. `may_wait`
    is from now until when it may be held while its person does not want to be disturbed; None: it is not held.
    """

    workspace_id: UUID
    id: UUID
    channel: str
    subject: object
    kind: LiveMessageKind = LiveMessageKind.CARD
    owner: str = ""
    may_wait: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveMessageUpdate:
    """A live message and what it has to show now: a report, an entry, a question, a Home tab."""

    live_message: LiveMessage
    subject: object


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """Slack has the message. `shown` is a digest of its text and blocks, None where that is not known. Slack does not
    name the message of a file that was sent: then there is no `ts`."""

    channel: str
    ts: str | None
    shown: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatedMessage:
    """Slack shows what is true now. `shown` is a digest of that; `called_slack` is false where it did so already."""

    shown: bytes
    called_slack: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LostMessage:
    """The live message can not be reached any more: too old, deleted, or its response address is used up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """The attempt failed and is repeated after `delay`. `clearly` is true where nothing of it reached anybody;
    otherwise Slack may have accepted it, and is asked before the next attempt."""

    delay: timedelta
    why: str
    clearly: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Slack refused for good; `why` is its word. `everything` is true where it refuses whatever we ask of that
    workspace, not only this message."""

    why: str
    everything: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """Slack asked us not to call that method for so long. It did nothing, so this counts as no attempt."""

    delay: timedelta
    method: str = POST_MESSAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietTime:
    """The person does not want to be disturbed for so long. Nothing was sent, so this counts as no attempt."""

    delay: timedelta


SendOutcome = SentMessage | Retry | RateLimit | QuietTime | Rejection
UpdateOutcome = UpdatedMessage | LostMessage | Retry | RateLimit | Rejection
