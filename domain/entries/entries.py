"""Time entries and the answers of acts on them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.errors import FieldErrors
from domain.identity.people import Person
from domain.live_answers import LiveAnswer
from domain.projects.projects import Project, ProjectMention
from domain.time.durations import format_duration

EARLIEST_YEAR = 1970  # calendars go back to years that have no instant in UTC
TOO_OLD = "That is more than a year ago. Please give a nearer time."
LONGEST_NOTE = 500
LONGEST_TAG = 40
MOST_TAGS = 10
LONGEST_ENTRY = timedelta(hours=24)  # of one that is typed; a timer that ran longer keeps its length
SHORTEST = timedelta(microseconds=1)  # no entry is empty, even when its timer is stopped at once


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeEntry:
    """A stretch of one person's time, [started_at, ended_at). `ended_at` is None while it runs: then it is a timer.

    Instants are UTC, to the microsecond. `zone` is the IANA zone the person was in when it began. `link` is the address
    of the message or page that it is about. `unconfirmed` says that a forgotten timer was ended, and its person has not
    said yet whether the end is right.
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
        """Return how long it lasted, or has lasted at the instant `at` while it runs. Never negative."""
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

    def ended(self, end: datetime, *, at: datetime, unconfirmed: bool = False) -> "TimeEntry":
        """Return the entry as it is once it was given that end at the instant `at`."""
        return replace(self, ended_at=end, version=self.version + 1, updated_at=at, unconfirmed=unconfirmed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What somebody works on, as they said it. `project` names a project in words; `project_id` is one chosen from a
    list instead."""

    project: ProjectMention | None = None
    project_id: UUID | None = None
    note: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryData:
    """What is written of a new entry. Instants are aware; `ended_at` is None while it runs.

    `zone` is the IANA zone that the person is in, `source` where the entry comes from; both are empty for those of the
    operation that writes it.
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
    """Work that is to be recorded; `ended_at` is None where it still runs. Instants are aware."""

    work: Work
    started_at: datetime
    ended_at: datetime | None
    external_id: str | None = None
    link: str | None = None


class TimerOutcome(StrEnum):
    """What an operation did to a timer or an entry."""

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
    UNCHANGED = "unchanged"  # it was so already
    DELETED = "deleted"
    STATUS = "status"
    KEPT = "kept"  # its person said that it still runs
    CONFIRMED = "confirmed"
    SHOWN = "shown"  # nothing was changed: the entry as it is


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerAnswer(LiveAnswer):
    """The result of an operation on a timer or an entry, with everything that a card about it needs.

    `entry` is what the answer is about: running, just stopped, or the last one that could be resumed. `replaced` is the
    timer that a start ended. `today` is the person's total of the local day at the instant `at`. `unknown_project` is a
    first word that could become a project. `act_id` names the operation for Undo. `others` is how many more entries one
    undo took back. `former_title` is an earlier title of the project, where that was typed.
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
        """The entry that the answer is about: its card is rewritten when it changes."""
        return self.entry.id if self.entry else None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditableEntry:
    """An entry in the form that edits it, and the other entries that can be chosen there, the latest first."""

    person: Person
    entry: TimeEntry
    others: tuple[TimeEntry, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TagUse:
    """How many entries have a tag, and how long they are altogether."""

    name: str
    entries: int
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedEntry:
    """An entry that is to take a time which may be taken already: a new one, or `entry_id` at `seen_version`.

    `make` is the title of a project that does not exist yet. Instants are UTC; `end` is None for a timer. Its JSON
    travels in the form that asks how to resolve an overlap, so its fields stay flat.
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
        """Return the data of a new entry, in the project that `project_id` or `make` came to."""
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
    """Return the work as it is stored. Raises FieldErrors where something is too long."""
    note = validate_note(work.note)
    if len(work.tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in work.tags):
        said = f"At most {MOST_TAGS} tags of {LONGEST_TAG} characters each. Nothing was saved."
        raise FieldErrors({"tags": said})
    tags = tuple(dict.fromkeys(work.tags))
    return Work(project=work.project, project_id=work.project_id, note=note, tags=tags)


def validate_note(note: str) -> str:
    """Return the note on one line. Raises FieldErrors where it is too long."""
    note = " ".join(note.split())
    if len(note) > LONGEST_NOTE:
        said = f"That note is too long: {LONGEST_NOTE} characters at most. Nothing was saved."
        raise FieldErrors({"note": said})
    return note


def length_problem(start: datetime, end: datetime, *, was: timedelta = timedelta()) -> str | None:
    """Return the sentence that says why an entry can not be that long; None where it can. `was` is its length before:
    an entry that is too long already may stay so, or become shorter."""
    length = end - start
    if length <= max(LONGEST_ENTRY, was):
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
