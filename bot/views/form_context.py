"""What a form remembers between opening and sending: it travels in Slack's private_metadata, 3,000 characters."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from bot.views.message_refs import MessageRef
from domain.entries.entries import ProposedEntry
from domain.errors import Refusal
from domain.history.operations import ResponseTarget
from domain.time.calendar import Span
from domain.time.zones import find_zone


@dataclass(frozen=True, slots=True, kw_only=True)
class FormContext:
    """What a form is about, and where its outcome is to be shown.

    `message_ref` and `response_url` are the message that the outcome replaces, or with `beside` stands under; without
    them it is not shown, or comes as a message of its own (`by_message`). `entry_id` or `timesheet_id` at
    `seen_version` is what is edited or decided on, and `shown` how it was shown in the form. `today` is the day that
    was offered, `suggestion_id` the suggestion that is edited, `import_id` the file that is read. `claim` and `seen`
    are an overlap and its previews. The form shows and reads its times in `zone`, whatever the person's zone is by
    then. `offered` is the interval that it opened with, to the microsecond; its fields show minutes.
    """

    message_ref: MessageRef | None = None
    response_url: str | None = None
    beside: bool = False
    by_message: bool = False
    channel: str | None = None
    today: date | None = None
    entry_id: UUID | None = None
    suggestion_id: UUID | None = None
    timesheet_id: UUID | None = None
    import_id: UUID | None = None
    seen_version: int = 0
    shown: tuple[tuple[str, str], ...] = ()
    claim: ProposedEntry | None = None
    seen: str = ""
    zone: str = ""
    offered: Span | None = None

    @property
    def shown_zone(self) -> ZoneInfo | None:
        """None for a form that shows no times."""
        return find_zone(self.zone)

    @property
    def place(self) -> ResponseTarget | None:
        return None if self.message_ref is None or self.beside else self.message_ref.place(self.response_url)


_CONTEXT = TypeAdapter(FormContext)


def write_form_context(context: FormContext) -> str:
    return _CONTEXT.dump_json(context, exclude_defaults=True).decode()


def read(text: str) -> FormContext:
    """Read what a form remembers. Raises Refusal for anything that we did not write."""
    try:
        context = _CONTEXT.validate_json(text or "{}")
    except ValidationError:
        raise Refusal(_STRANGE) from None
    if context.zone and context.shown_zone is None:
        raise Refusal(_STRANGE)
    return context


_STRANGE = "That form is from another time. Please open it again."
