"""What was read in a file that somebody brings, and what they chose about how it is read."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

MOST_COLUMNS = 200
MOST_ROWS = 20_000  # a team's report holds more than one person's entries; read in about a second


class ImportFormat(StrEnum):
    OWN_CSV = "our own CSV"
    OWN_JSON = "our own JSON"
    TOGGL = "Toggl's detailed report"
    CLOCKIFY = "Clockify's detailed report"
    TOGGL_JSON = "Toggl's list of time entries (JSON)"
    TIMEWARRIOR = "Timewarrior's export"
    WATSON = "Watson's frames"
    TABLE = "a table"
    JSON = "a list of entries in JSON"


class ColumnRole(StrEnum):
    """What a column holds. A start or an end may be a time of day, whose date stands in a column of its own."""

    START = "start"
    END = "end"
    DATE = "date"
    END_DATE = "end date"
    DURATION = "duration"
    PROJECT = "project"
    NOTE = "note"
    TAGS = "tags"
    CLIENT = "client"
    TASK = "task"
    USER = "user"
    EMAIL = "email"
    ZONE = "zone"


class ImportQuestion(StrEnum):
    """What has to be answered before anything of the file can be read."""

    COLUMNS = "columns"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What its person chose; None, and no columns, is what the file itself shows. `zone` is the IANA name of the zone
    of times that have none, `person` one of the people that the file names, `columns` are numbers from 0."""

    zone: str | None = None
    day_first: bool | None = None
    person: str | None = None
    columns: tuple[tuple[ColumnRole, int], ...] = ()

    def changed(self, by: "ImportOptions") -> "ImportOptions":
        """With what `by` says, and the rest as it is."""
        return ImportOptions(
            zone=by.zone or self.zone,
            day_first=self.day_first if by.day_first is None else by.day_first,
            person=by.person or self.person,
            columns=by.columns or self.columns,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLine:
    """An entry as the file has it, on the line of that number. `own_id` is the entry's id here, where the file is ours.
    `zone` is where its person was, if that is known. Instants are UTC; `end` is later than `start`. `wall` is what the
    clocks showed, where that is all that the file says; `fingerprint` tells whether two lines say the same, whatever
    zone they are read in."""

    number: int
    start: datetime
    end: datetime
    project: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    zone: str | None = None
    own_id: UUID | None = None
    wall: tuple[datetime, datetime] | None = None
    fingerprint: str = ""

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    @property
    def external_id(self) -> str | None:
        """By which it is known again once it was imported."""
        if self.own_id:
            return f"export:{self.own_id}"
        return f"import:{self.fingerprint}" if self.fingerprint else None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableLine:
    """A line that is no entry, and why: the end of a sentence."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DateOrder:
    """How the file's dates were read. `example` is one that could be read the other way too; empty where none can."""

    day_first: bool
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFile:
    """A file as it was read.

    `order` is None where dates are written so that there is only one way to read them, `zone` where every time has a
    zone or an offset of its own. `notices` are sentences about what does not come in as it stands. `columns` are the
    names of its columns and `roles` what they were taken for; both are empty for our own files. `people` are those that
    it names, `person` is the one whose lines these are (`person_known` where that is certain), and `others` counts the
    lines of each of the others.
    """

    format: ImportFormat
    lines: tuple[ImportLine, ...]
    unread: tuple[UnreadableLine, ...]
    order: DateOrder | None = None
    zone: str | None = None
    notices: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    roles: tuple[tuple[ColumnRole, int], ...] = ()
    people: tuple[str, ...] = ()
    person: str | None = None
    person_known: bool = True
    others: tuple[tuple[str, int], ...] = ()
    question: ImportQuestion | None = None

    def noticing(self, sentence: str) -> "ImportFile":
        return replace(self, notices=(*self.notices, sentence))
