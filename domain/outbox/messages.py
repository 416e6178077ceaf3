"""Messages that must leave for Slack, kept as rows until they have."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from domain.entries.entries import TimerAnswer
from domain.entries.exports import Export, ExportFormat
from domain.entries.forgotten_timers import StillOn
from domain.entries.imports import ImportPreview
from domain.reports.reports import DayReport
from domain.reports.timesheets import WeekReport
from domain.reports.weekly import LookBack, TeamLookBack
from domain.time.calendar import Span
from domain.time.periods import DateRange

POST_MESSAGE = "chat.postMessage"
SEND_FILE = "files.getUploadURLExternal", "files.completeUploadExternal"
LOOK_UP = "conversations.open", "conversations.history"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestContent:
    """The digest of a person's day; what it says is read when it is sent. `kind` tells it from a reminder where it
    is kept. `asked` is for who wants to see it now."""

    person_id: UUID
    day: date
    asked: bool = False
    kind: Literal["digest"] = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextContent:
    """Somebody else's words, said by the bot."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderContent:
    """Nothing was tracked on the person's day so far."""

    person_id: UUID
    day: date
    kind: Literal["reminder"] = "reminder"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardContent:
    """A card about an entry: what came of a form that was opened from no message, or what is shared in a channel."""

    person_id: UUID
    entry_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportContent:
    """A file of the person's entries; it is made of what is true when it is sent."""

    person_id: UUID
    dates: DateRange
    format: ExportFormat
    kind: Literal["export"] = "export"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekContent:
    """A week as it was at that version, for who decides on it or for its owner: `person_id` is who reads it."""

    person_id: UUID
    timesheet_id: UUID
    week: date
    version: int
    kind: Literal["week"] = "week"


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchContent:
    """The question whether somebody still works on what runs; it is only sent while it is open."""

    person_id: UUID
    entry_id: UUID
    kind: Literal["watch"] = "watch"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportContent:
    """What a file that was dropped would do; it is read when it is sent."""

    person_id: UUID
    import_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBackContent:
    """The week that began on that Monday, for its person."""

    person_id: UUID
    monday: date
    kind: Literal["look_back"] = "look_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamLookBackContent:
    """The team's, for the lead `person_id`; not sent to who is none by then."""

    person_id: UUID
    monday: date
    kind: Literal["team_look_back"] = "team_look_back"


# What is kept is read as the one of them that most of its fields fit.
Content = (
    DigestContent
    | TextContent
    | ReminderContent
    | CardContent
    | WatchContent
    | ExportContent
    | ImportContent
    | WeekContent
    | LookBackContent
    | TeamLookBackContent
)
_KINDS: Mapping[type[Content], str] = {
    DigestContent: "digest",
    TextContent: "text",
    ReminderContent: "reminder",
    CardContent: "card",
    WatchContent: "watch",
    ExportContent: "export",
    ImportContent: "import",
    WeekContent: "week",
    LookBackContent: "look_back",
    TeamLookBackContent: "team_look_back",
}


def kind_of(content: Content) -> str:
    """What operators call it."""
    return _KINDS[type(content)]


Said = (
    DayReport
    | TextContent
    | ReminderContent
    | TimerAnswer
    | StillOn
    | WeekReport
    | LookBack
    | TeamLookBack
    | Export
    | ImportPreview
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message that this process may send until its lease ends.

    `channel` is a channel's or a person's Slack id. `tried_at` is the instant of an earlier attempt whose
    outcome is not known: then Slack is asked before anything is sent again. `orphaned` says that who tried it has said
    nothing since: their lease has ended, by the database's clock. `unfinished` counts the claims since something last
    came of one, this one included.
    """

    workspace_id: UUID
    id: UUID
    channel: str
    kind: str
    lease: UUID
    attempts: int
    unfinished: int
    tried_at: datetime | None
    created_at: datetime
    asked: bool
    orphaned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage(Claimed):
    """A claimed message, and what it is about."""

    content: Content

    @property
    def methods(self) -> tuple[str, ...]:
        """What is called to send it."""
        return SEND_FILE if isinstance(self.content, ExportContent) else (POST_MESSAGE,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What is to be sent, with everything that its rendering needs. `may_wait` is from now until
    when it may wait for its person to want to hear anything; None where it is not to wait."""

    workspace_id: UUID
    message_id: UUID
    channel: str
    content: Said
    may_wait: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Where Slack put a message. `shown` is a digest of what it says, where that is known. Of a file that was sent
    Slack does not name the message: then there is no `ts`."""

    channel: str
    ts: str | None
    shown: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Not sent, or not known to be. `clearly` is true when Slack said no: then nothing of it is there."""

    delay: timedelta
    why: str
    clearly: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """Slack refused it for good. `everything`: not this one, but whatever we would ask of that workspace."""

    why: str
    everything: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Slack asked for silence on that method, and nothing was done. Not an attempt, whoever was asked."""

    delay: timedelta
    method: str = POST_MESSAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow:
    """Its person wants to hear nothing for so long, and nothing was sent. Not an attempt."""

    delay: timedelta


Outcome = Sent | Later | Wait | NotNow | Never
