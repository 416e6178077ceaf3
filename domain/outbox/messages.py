"""Contents of the messages that wait in the outbox: one class per kind. Its `kind` is the stored name."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Literal
from uuid import UUID

from domain.entries.exports import ExportFormat
from domain.time.periods import DateRange


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestContent:
    """The digest of a person's day. The day is read when the digest is sent. `asked` is true if the person asked
    for it."""

    person_id: UUID
    day: date
    asked: bool = False
    kind: Literal["digest"] = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextContent:
    """A complete text, such as one that another system sent."""

    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderContent:
    """A reminder that nothing was tracked on that day so far."""

    person_id: UUID
    day: date
    kind: Literal["reminder"] = "reminder"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardContent:
    """The card of an entry: the result of a form that was not opened from a message, or a card shared in a channel."""

    person_id: UUID
    entry_id: UUID
    kind: Literal["card"] = "card"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportContent:
    """A file of the person's entries, as they are when it is sent."""

    person_id: UUID
    dates: DateRange
    format: ExportFormat
    kind: Literal["export"] = "export"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekContent:
    """A timesheet at that version, for its owner or for a person who decides on it. `person_id` is the reader."""

    person_id: UUID
    timesheet_id: UUID
    week: date
    version: int
    kind: Literal["week"] = "week"


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchContent:
    """The question whether the person still works on the running timer; sent only while the question is open."""

    person_id: UUID
    entry_id: UUID
    kind: Literal["watch"] = "watch"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportContent:
    """The preview of an import. It is computed when it is sent."""

    person_id: UUID
    import_id: UUID
    kind: Literal["import"] = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBackContent:
    """The person's weekly summary of the week that began on that Monday."""

    person_id: UUID
    monday: date
    kind: Literal["look_back"] = "look_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamLookBackContent:
    """The team's weekly summary for the lead `person_id`; not sent if that person is no lead any more."""

    person_id: UUID
    monday: date
    kind: Literal["team_look_back"] = "team_look_back"


# Rows that an earlier version stored have no `kind` for texts, cards and imports: each is read as the first class
# that most of its fields fit. So CardContent must stand before WatchContent.
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


def kind_of(content: type[Content]) -> str:
    """Return the kind of the messages of this class."""
    return next(str(field.default) for field in fields(content) if field.name == "kind")
