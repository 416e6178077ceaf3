"""The messages that we hand to Slack, and the possible outcomes of an attempt to deliver one."""

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

    `channel` is a channel's or a person's Slack id. `subject` is the content, read just now: a report, an entry, a
    text. `owner` is the Slack id of the only person who may use its buttons, or "". `may_wait` is for how long the
    message may be held while its person does not want to be disturbed; None if it may not be held.
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
    """A live message and its present content: a report, an entry, a question, a Home tab."""

    live_message: LiveMessage
    subject: object


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """Slack has the message. `shown` is a digest of its text and blocks, or None if that is not known. `ts` is
    missing for a file, because Slack does not name the message in which it put the file."""

    channel: str
    ts: str | None
    shown: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatedMessage:
    """Slack shows the present content, of which `shown` is a digest. `called_slack` is false if Slack showed it
    already."""

    shown: bytes
    called_slack: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LostMessage:
    """The live message can not be rewritten any more: it is too old or deleted, or its response URL is used up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """The attempt failed, and is repeated after `delay`. `clearly` is true if nothing reached Slack. Otherwise Slack
    may have accepted the message, and is searched for it before the next attempt."""

    delay: timedelta
    why: str
    clearly: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Slack refused for good, with the error `why`. `everything` is true if it refuses all our calls for that
    workspace, not only this message."""

    why: str
    everything: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """Slack asked us not to call the method for a while. It ignored the call, so this counts as no attempt."""

    delay: timedelta
    method: str = POST_MESSAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietTime:
    """The person does not want to be disturbed for a while. Nothing was sent, so this counts as no attempt."""

    delay: timedelta


SendOutcome = SentMessage | Retry | RateLimit | QuietTime | Rejection
UpdateOutcome = UpdatedMessage | LostMessage | Retry | RateLimit | Rejection
