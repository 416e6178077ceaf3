"""Our own event format: verified JSON in, a typed event out."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, model_validator

from domain.entries import NewEntry, Work
from domain.hooks import EntryCreate, EntrySuggest, HookEvent, MessagePost, TimerStart, TimerStop
from domain.projects import ProjectWords
from domain.suggestions import LONGEST_LINK, NewSuggestion
from domain.text import storable
from web.instants import Instant

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Note = Annotated[str, StringConstraints(max_length=500)]
# It is shown as a link in Slack, whose syntax "<", ">" and "|" belong to.
Link = Annotated[str, StringConstraints(max_length=LONGEST_LINK, pattern=r"^https?://[!-;=?-{}~]+$")]


class _Data(BaseModel):
    # Unknown fields pass: a sender that is ahead of us is not in error.
    model_config = ConfigDict(strict=True, extra="ignore")


class _WorkData(_Data):
    user: Name
    project: Name | None = None
    description: Note = ""

    def work(self) -> Work:
        project = ProjectWords(name=storable(self.project), must=True, whole=True) if self.project else None
        return Work(project=project, note=storable(self.description))


class _Start(_WorkData):
    at: Instant | None = None

    def event(self) -> HookEvent:
        return TimerStart(user=self.user, work=self.work(), at=self.at)


class _Stop(_Data):
    user: Name
    at: Instant | None = None

    def event(self) -> HookEvent:
        return TimerStop(user=self.user, at=self.at)


class _Create(_WorkData):
    start_time: Instant
    end_time: Instant
    external_id: Name | None = None

    def event(self) -> HookEvent:
        entry = NewEntry(
            work=self.work(),
            started_at=self.start_time,
            ended_at=self.end_time,
            external_id=storable(self.external_id) if self.external_id else None,
        )
        return EntryCreate(user=self.user, entry=entry)


class _Suggest(_Create):
    link: Link | None = None

    def event(self) -> HookEvent:
        new = NewSuggestion(
            work=self.work(),
            started_at=self.start_time,
            ended_at=self.end_time,
            external_id=storable(self.external_id) if self.external_id else None,
            link=self.link,
        )
        return EntrySuggest(user=self.user, suggestion=new)


class _Post(_Data):
    channel: Name | None = None
    user: Name | None = None
    text: Annotated[str, StringConstraints(min_length=1, max_length=2_500)]

    @model_validator(mode="after")
    def _one_place(self) -> "_Post":
        if (self.channel is None) == (self.user is None):
            raise ValueError("either channel or user is needed, not both")
        return self

    def event(self) -> HookEvent:
        return MessagePost(user=self.user, channel=self.channel, text=storable(self.text))


class _Envelope(BaseModel):
    timestamp: Instant


class _TimerStart(_Envelope):
    type: Literal["timer.start"]
    data: _Start


class _TimerStop(_Envelope):
    type: Literal["timer.stop"]
    data: _Stop


class _EntryCreate(_Envelope):
    type: Literal["time_entry.create"]
    data: _Create


class _EntrySuggest(_Envelope):
    type: Literal["time_entry.suggest"]
    data: _Suggest


class _MessagePost(_Envelope):
    type: Literal["message.post"]
    data: _Post


_Native = _TimerStart | _TimerStop | _EntryCreate | _EntrySuggest | _MessagePost
_NATIVE: TypeAdapter[_Native] = TypeAdapter(Annotated[_Native, Field(discriminator="type")])


TYPES = ("timer.start", "timer.stop", "time_entry.create", "time_entry.suggest", "message.post")


def event_of(payload: dict[str, Any]) -> HookEvent:
    """Raises pydantic's ValidationError, whose places are the sender's own field names."""
    return _NATIVE.validate_python(payload).data.event()
