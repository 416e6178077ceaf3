"""The data that a form stores between opening and submission, in Slack's private_metadata (3,000 characters)."""

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
    """The subject of a form, and where to show its outcome.

    The outcome replaces the message of `message_ref` and `response_url`, or with `beside` stands under it. Without them
    it is not shown, or with `by_message` comes as a message of its own.

    `entry_id` or `timesheet_id` at `seen_version` is edited or decided on, and `shown` holds the values that the form
    displayed. `today` is the offered day, `suggestion_id` the suggestion to edit, `import_id` the file to read. `claim`
    and `seen` are an overlap and its previews.

    The form shows and reads its times in `zone`, even if the person's zone changes meanwhile. `offered` is the interval
    that it opened with, to the microsecond; its fields show minutes.
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
    def time_zone(self) -> ZoneInfo | None:
        """The zone of the form's times; None for a form that shows no times."""
        return find_zone(self.zone)

    @property
    def place(self) -> ResponseTarget | None:
        return None if self.message_ref is None or self.beside else self.message_ref.place(self.response_url)


_CONTEXT = TypeAdapter(FormContext)


def write_form_context(context: FormContext) -> str:
    return _CONTEXT.dump_json(context, exclude_defaults=True).decode()


def read(text: str) -> FormContext:
    """Read the context of a form. Raises Refusal for anything that this bot did not write."""
    try:
        context = _CONTEXT.validate_json(text or "{}")
    except ValidationError:
        raise Refusal(_STRANGE) from None
    if context.zone and context.time_zone is None:
        raise Refusal(_STRANGE)
    return context


_STRANGE = "That form is out of date. Please open it again."
