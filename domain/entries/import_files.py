"""Files that an import read, and the person's choices about how to read them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

MOST_COLUMNS = 200
MOST_ROWS = 20_000  # a team's report may hold 20,000 rows of many people; they are read in about a second


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
    """The role of a column. A start or an end may be a time of day, with its date in a separate column."""

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
    """A question that the person has to answer before the file can be read."""

    COLUMNS = "columns"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """The person's choices. A choice of None, or an empty `columns`, is derived from the file. `zone` is the IANA
    name for times without a zone, `person` one of the people that the file names; `columns` are counted from 0."""

    zone: str | None = None
    day_first: bool | None = None
    person: str | None = None
    columns: tuple[tuple[ColumnRole, int], ...] = ()

    def merge(self, later: "ImportOptions") -> "ImportOptions":
        """Return these choices, overridden by those that `later` sets."""
        return ImportOptions(
            zone=later.zone or self.zone,
            day_first=self.day_first if later.day_first is None else later.day_first,
            person=later.person or self.person,
            columns=later.columns or self.columns,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLine:
    """An entry in the file, at line `number`.

    Instants are UTC; `end` is later than `start`. `zone` is the person's zone at that time, if the file has it.
    `wall` holds start and end in local time, if the file has no zone. `own_id` is the entry's id, in a file that
    this service exported. `fingerprint` is equal for lines with the same contents, whatever zone they are read in.
    """

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
        """Return the id that identifies the entry when the file is imported again; None if it has none."""
        if self.own_id:
            return f"export:{self.own_id}"
        return f"import:{self.fingerprint}" if self.fingerprint else None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableLine:
    """A line that holds no entry. `reason` completes a sentence that says why."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DateOrder:
    """The order of day and month in the file's dates. `example` is a date that fits both orders; "" for none."""

    day_first: bool
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFile:
    """A file that was read.

    `order` is None if its dates can be read in one way only; `zone` is None if every time has a zone or an offset.
    `notices` are sentences about what the import leaves out or changes. `columns` are the names of the columns and
    `roles` their recognized roles; both are empty for files that this service exported. `people` are the names in
    the file, `person` is the person to whom these lines belong (certainly so with `person_known`), and `others`
    counts the lines of each other name.
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

    def with_notice(self, sentence: str) -> "ImportFile":
        """Return the file with `sentence` added to its notices."""
        return replace(self, notices=(*self.notices, sentence))
