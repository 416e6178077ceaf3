"""Time entries, and the results of operations on them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.errors import FieldErrors
from domain.identity.people import Person
from domain.live_answers import LiveAnswer
from domain.projects.projects import Project, ProjectMention
from domain.time.durations import format_duration

EARLIEST_YEAR = 1970  # dates before 1970 may have no instant in UTC
TOO_OLD = "That is more than a year ago. Please give a nearer time."
LONGEST_NOTE = 500
LONGEST_TAG = 40
MOST_TAGS = 10
LONGEST_ENTRY = timedelta(hours=24)  # for a typed entry; a timer that ran longer keeps its length
SHORTEST = timedelta(microseconds=1)  # an entry is never empty, even if its timer is stopped at once


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeEntry:
    """A stretch of one person's time, [started_at, ended_at). `ended_at` is None while it runs: then it is a timer.

    Instants are UTC, to the microsecond. `zone` is the IANA zone that the person was in when it began. `link` is
    the address of the message or page that it is about. `unconfirmed` is true after a forgotten timer was ended
    automatically, until its person confirms or corrects the end.
    """

    id: UUID
    person_id: UUID
    project: Project | None
    note: str
    tags: tuple[str, ...]
    started_at: datetime
    ended_at: datetime | None
    zone: str
    source: str
    version: int
    deleted: bool
    created_at: datetime
    updated_at: datetime
    link: str | None = None
    unconfirmed: bool = False

    @property
    def running(self) -> bool:
        return self.ended_at is None and not self.deleted

    def length(self, at: datetime) -> timedelta:
        """Return the entry's length; for a running timer, its length at the instant `at`. Never negative."""
        return max((self.ended_at or at) - self.started_at, timedelta())

    def copy_data(self, started_at: datetime, ended_at: datetime | None = None) -> "EntryData":
        """Return the data of another entry with the same project, note, tags and link."""
        return EntryData(
            project=self.project,
            note=self.note,
            tags=self.tags,
            started_at=started_at,
            ended_at=ended_at,
            link=self.link,
        )

    def with_end(self, end: datetime, *, at: datetime, unconfirmed: bool = False) -> "TimeEntry":
        """Return the entry with the end `end`, which was set at the instant `at`."""
        return replace(self, ended_at=end, version=self.version + 1, updated_at=at, unconfirmed=unconfirmed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A person's description of their work, as they typed it: a project and a note. `project` names the project in
    words; `project_id` is the id of a project that was chosen from a list instead."""

    project: ProjectMention | None = None
    project_id: UUID | None = None
    note: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryData:
    """The fields of a new entry. Instants are aware; `ended_at` is None while it runs.

    `zone` is the IANA zone that the person is in and `source` the system that the entry comes from. Where they are
    empty, those of the operation that writes the entry apply.
    """

    project: Project | None
    note: str
    tags: tuple[str, ...]
    started_at: datetime
    ended_at: datetime | None = None
    zone: str = ""
    source: str = ""
    external_id: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """An entry to record, with its project and note as they were typed. Instants are aware; `ended_at` is None for
    a timer."""

    work: Work
    started_at: datetime
    ended_at: datetime | None
    external_id: str | None = None
    link: str | None = None


class TimerOutcome(StrEnum):
    """The effect of an operation on a timer or an entry."""

    STARTED = "started"
    RESUMED = "resumed"
    ALREADY_RUNNING = "already_running"
    STOPPED = "stopped"
    ALREADY_STOPPED = "already_stopped"
    NOTHING_RUNNING = "nothing_running"
    NOTHING_TO_RESUME = "nothing_to_resume"
    UNDONE = "undone"
    ALREADY_UNDONE = "already_undone"
    RECORDED = "recorded"
    FILED = "filed"
    EDITED = "edited"
    UNCHANGED = "unchanged"  # it was in that state already
    DELETED = "deleted"
    STATUS = "status"
    KEPT = "kept"  # the person confirmed that it still runs
    CONFIRMED = "confirmed"
    SHOWN = "shown"  # nothing was changed; the answer shows the entry


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerAnswer(LiveAnswer):
    """The result of an operation on a timer or an entry, with everything that a card about it needs.

    `entry` is the entry that the answer is about: the running one, the one just stopped, or the last one that could
    be resumed. `replaced` is the timer that was ended by starting another. `today` is the person's total of the
    local day at the instant `at`. `unknown_project` is the first word of the text, where it could become a project.
    `act_id` is the id of the operation, for Undo. `others` is the number of further entries that one undo restored.
    `former_title` is the earlier title of the project, if the person typed that.
    """

    change: TimerOutcome
    person: Person
    entry: TimeEntry | None
    replaced: TimeEntry | None = None
    today: timedelta
    at: datetime
    unknown_project: str | None = None
    act_id: UUID | None = None
    others: int = 0
    former_title: str | None = None

    @property
    def live_subject(self) -> UUID | None:
        """Return the id of the entry that the answer is about: its card is rewritten when the entry changes."""
        return self.entry.id if self.entry else None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditableEntry:
    """An entry in the form that edits it, and the other entries that the form offers, the latest first."""

    person: Person
    entry: TimeEntry
    others: tuple[TimeEntry, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TagUse:
    """The number of entries that have a tag, and their total length."""

    name: str
    entries: int
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedEntry:
    """An entry to write at a time that other entries may take: a new entry, or the entry `entry_id` at
    `seen_version`.

    `make` is the title of a project to create. Instants are UTC; `end` is None for a timer. Its JSON travels in the
    form that asks how to resolve an overlap, so its fields stay flat.
    """

    start: datetime
    end: datetime | None
    note: str
    tags: tuple[str, ...]
    project_id: UUID | None = None
    make: str | None = None
    entry_id: UUID | None = None
    seen_version: int = 0
    link: str | None = None
    external_id: str | None = None

    def data(self, project: Project | None) -> EntryData:
        """Return the data of a new entry in `project`, which `project_id` or `make` was resolved to."""
        return EntryData(
            project=project,
            note=self.note,
            tags=self.tags,
            started_at=self.start,
            ended_at=self.end,
            link=self.link,
            external_id=self.external_id,
        )


def validate_work(work: Work) -> Work:
    """Return the work in the form that is stored. Raises FieldErrors if something is too long."""
    note = validate_note(work.note)
    if len(work.tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in work.tags):
        said = f"At most {MOST_TAGS} tags of {LONGEST_TAG} characters each. Nothing was saved."
        raise FieldErrors({"tags": said})
    tags = tuple(dict.fromkeys(work.tags))
    return Work(project=work.project, project_id=work.project_id, note=note, tags=tags)


def validate_note(note: str) -> str:
    """Return the note on one line. Raises FieldErrors if it is too long."""
    note = " ".join(note.split())
    if len(note) > LONGEST_NOTE:
        said = f"That note is too long: {LONGEST_NOTE} characters at most. Nothing was saved."
        raise FieldErrors({"note": said})
    return note


def length_problem(start: datetime, end: datetime, *, previous_length: timedelta = timedelta()) -> str | None:
    """Return a sentence that says why an entry can not be that long; None if it can.

    An entry that is too long already, with its `previous_length`, may keep that length or become shorter.
    """
    length = end - start
    if length <= max(LONGEST_ENTRY, previous_length):
        return None
    return (
        f"That would be {format_duration(length)} in one entry, and {format_duration(LONGEST_ENTRY)} is the most. "
        "Please correct the start or the end, or give each part an entry of its own."
    )


def to_utc(instant: datetime) -> datetime:
    """Convert an instant to UTC. Raises ValueError for a time without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return instant.astimezone(UTC)
