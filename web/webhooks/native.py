"""Our own event format: the models that turn verified JSON into typed events."""

import re
import typing
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

from domain.entries.entries import NewEntry, Work
from domain.entries.suggestions import LONGEST_LINK, NewSuggestion
from domain.projects.projects import ProjectMention
from domain.text import sanitize_text
from domain.webhooks.events import EntryCreate, EntrySuggest, MessagePost, TimerStart, TimerStop, WebhookEvent
from web.http.instants import Instant

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
User = Annotated[Name, Field(description="A Slack id, or the e-mail address of the Slack profile.")]
ProjectName = Annotated[Name, Field(description="A title or a slug.")]
Note = Annotated[str, StringConstraints(max_length=500)]
# It is shown as a link in Slack, where "<", ">" and "|" are syntax.
Link = Annotated[str, StringConstraints(max_length=LONGEST_LINK, pattern=r"^https?://[!-;=?-{}~]+$")]

# Ids of direct messages begin with D, those of people with U or W (Slack, "Conversation types", 2026).
_CHANNEL = re.compile(r"[CG][A-Z0-9]+")


def _check_channel(text: str) -> str:
    """Check that the text is a channel's id. Raises ValueError.

    Slack would accept a person's id too, and deliver the message to somebody whom this service refuses, such as people
    who have left or who belong to another company.
    """
    if not _CHANNEL.fullmatch(text):
        raise ValueError("it is no channel's id, such as C0123456789; a person is named in `user`")
    return text


Channel = Annotated[
    Name,
    AfterValidator(_check_channel),
    Field(description="A channel's Slack id.", json_schema_extra={"pattern": f"^{_CHANNEL.pattern}$"}),
]


class _Data(BaseModel):
    # Unknown fields are ignored, so that senders may be newer than this service.
    model_config = ConfigDict(strict=True, extra="ignore")


class _WorkData(_Data):
    user: User
    project: ProjectName | None = None
    description: Note = ""

    def work(self) -> Work:
        project = (
            ProjectMention(name=sanitize_text(self.project), required=True, whole=True)
            if self.project
            else None
        )
        return Work(project=project, note=sanitize_text(self.description))


class TimerStartData(_WorkData):
    at: Instant | None = None

    def event(self) -> WebhookEvent:
        return TimerStart(user=self.user, work=self.work(), at=self.at)


class TimerStopData(_Data):
    user: User
    at: Instant | None = None

    def event(self) -> WebhookEvent:
        return TimerStop(user=self.user, at=self.at)


class TimeEntryData(_WorkData):
    start_time: Instant
    end_time: Instant
    external_id: Name | None = None

    def event(self) -> WebhookEvent:
        entry = NewEntry(
            work=self.work(),
            started_at=self.start_time,
            ended_at=self.end_time,
            external_id=sanitize_text(self.external_id) if self.external_id else None,
        )
        return EntryCreate(user=self.user, entry=entry)


class SuggestedEntryData(TimeEntryData):
    link: Link | None = None

    def event(self) -> WebhookEvent:
        new = NewSuggestion(
            work=self.work(),
            started_at=self.start_time,
            ended_at=self.end_time,
            external_id=sanitize_text(self.external_id) if self.external_id else None,
            link=self.link,
        )
        return EntrySuggest(user=self.user, suggestion=new)


class MessageData(_Data):
    channel: Channel | None = None
    user: User | None = None
    text: Annotated[str, StringConstraints(min_length=1, max_length=2_500)]

    @model_validator(mode="after")
    def _check_recipient(self) -> "MessageData":
        if (self.channel is None) == (self.user is None):
            raise ValueError("either channel or user is needed, not both")
        return self

    def event(self) -> WebhookEvent:
        return MessagePost(user=self.user, channel=self.channel, text=sanitize_text(self.text))


class _Envelope(BaseModel):
    timestamp: Instant


class TimerStartEvent(_Envelope):
    """Starts the person's timer, now or at a past instant; a running timer is ended at the same instant."""

    type: Literal["timer.start"]
    data: TimerStartData


class TimerStopEvent(_Envelope):
    """Stops the person's timer, now or at a past instant."""

    type: Literal["timer.stop"]
    data: TimerStopData


class TimeEntryCreateEvent(_Envelope):
    """Records a finished period, once for its `external_id` if it has one."""

    type: Literal["time_entry.create"]
    data: TimeEntryData


class TimeEntrySuggestEvent(_Envelope):
    """Suggests a period to the person; it is tracked only if they accept it."""

    type: Literal["time_entry.suggest"]
    data: SuggestedEntryData


class MessagePostEvent(_Envelope):
    """Posts a message of the bot in a channel or to a person."""

    type: Literal["message.post"]
    data: MessageData


# Each event has one class: its type, its data and, as `event`, its conversion to an event of the domain. The
# operation that runs for an event is a row in services/webhooks/event_operations.py.
NativeEvent = (
    TimerStartEvent | TimerStopEvent | TimeEntryCreateEvent | TimeEntrySuggestEvent | MessagePostEvent
)
EVENTS: tuple[type[NativeEvent], ...] = typing.get_args(NativeEvent)
TYPES: tuple[str, ...] = tuple(typing.get_args(event.model_fields["type"].annotation)[0] for event in EVENTS)
_NATIVE: TypeAdapter[NativeEvent] = TypeAdapter(Annotated[NativeEvent, Field(discriminator="type")])


def parse_event(payload: dict[str, Any]) -> WebhookEvent:
    """Parse an event. Raises pydantic's ValidationError, whose locations are the sender's field names."""
    return _NATIVE.validate_python(payload).data.event()
