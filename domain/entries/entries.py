"""Time entries and the answers of acts on them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum, StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.errors import FieldErrors
from domain.identity.people import Person
from domain.projects.projects import Project, ProjectMention
from domain.time.durations import format_duration
from domain.time.intervals import IntervalPhrase
from domain.time.local_times import LocalTime
from domain.time.time_points import TimePoint

EARLIEST_YEAR = 1970  # calendars go back to years that have no instant in UTC
TOO_OLD = "That is more than a year ago. Please give a nearer time."
LONGEST_NOTE = 500
LONGEST_TAG = 40
MOST_TAGS = 10
LONGEST_ENTRY = timedelta(hours=24)  # as it is said; a timer that ran longer is stopped as it was
SHORTEST = timedelta(microseconds=1)  # an entry is never empty, however fast one is after the other


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeEntry:
    """A stretch of one person's time, [started_at, ended_at). `ended_at` is None while it runs.

    Instants are UTC, to the microsecond. `zone` is the IANA zone the person was in when it began. `link` leads
    back to where it is from. `unconfirmed` is what was ended because nobody answered, until they do.
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
        """How long it lasted, or has lasted at the instant `at` while it runs. Never negative."""
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
        """The same entry after it was ended at the instant `at`."""
        return replace(self, ended_at=end, version=self.version + 1, updated_at=at, unconfirmed=unconfirmed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What somebody says they work on, before it is an entry. `project_id` is a project chosen from a list, in the
    place of words for one."""

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
    """What an act did to the person's timer, as it is told to them."""

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
    KEPT = "kept"  # it runs on: its person said so
    CONFIRMED = "confirmed"
    SHOWN = "shown"  # nothing was done: how an entry stands now


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerAnswer:
    """What happened and what is true now; everything that a card about it needs.

    `entry` is what the answer is about: running, just stopped, or the last one that could be resumed.
    `replaced` is what a start ended. `today` is the person's total of the local day at the instant `at`.
    `backdated` says that the person named an instant of their own. `unknown_project` is a first word that
    could become a project. `act_id` names the change for Undo. `others` says how many more entries one undo took back.
    `former_title` is what the project was called before, where it was named so.
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
    """An entry as it is put before its person, and those that can be chosen instead, the latest first."""

    person: Person
    entry: TimeEntry
    others: tuple[TimeEntry, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TagUse:
    """How often a tag was used, and for how long altogether."""

    name: str
    entries: int
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class StartWish:
    """`make_project` makes the named project when there is none, instead of refusing; `bring_back` takes the chosen
    one out of the archive. `channel` is the Slack
    channel it was said in: its own project is meant when none is named. `link` is the message it is about."""

    work: Work
    when: TimePoint | datetime | None = None
    make_project: bool = False
    bring_back: bool = False
    channel: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogWish:
    """A finished stretch as it was typed. `make_project`, `bring_back` and `channel` as in StartWish. `suggestion_id`
    is what it takes the place of. `zone` is the one that its times are said in, where that is not the person's."""

    work: Work
    stretch: IntervalPhrase
    make_project: bool = False
    bring_back: bool = False
    channel: str | None = None
    suggestion_id: UUID | None = None
    zone: ZoneInfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditWish:
    """What an entry is to be. `seen_version` is the one the person looked at; `end` is None while it runs on. `zone` is
    the one that the times were shown in, where that is not the person's; `keep_tags` leaves the tags as they are."""

    entry_id: UUID
    seen_version: int
    work: Work
    start: LocalTime
    end: LocalTime | None
    make_project: bool = False
    zone: ZoneInfo | None = None
    keep_tags: bool = False


class Unchanged(Enum):
    """Stands for "as it is" where None is a value."""

    KEPT = "kept"


UNCHANGED = Unchanged.KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendWish:
    """What is to become of an entry, by instants (aware); what is left out stays as it is. `seen_version` is the one
    that was looked at, where that matters to whoever asks."""

    entry_id: UUID
    seen_version: int | None = None
    project_id: UUID | Unchanged | None = UNCHANGED
    note: str | Unchanged = UNCHANGED
    tags: tuple[str, ...] | Unchanged = UNCHANGED
    start: datetime | Unchanged = UNCHANGED
    end: datetime | Unchanged | None = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedEntry:
    """A stretch that an entry is to have, and everything about that entry: a new one, or `entry_id` as it was at
    `seen_version`. `make` is the title of a project that is yet to be made. Instants are UTC."""

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
    """The same work, fit to be stored. Raises FieldErrors where something is too long."""
    note = validate_note(work.note)
    if len(work.tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in work.tags):
        said = f"At most {MOST_TAGS} tags of {LONGEST_TAG} characters each. Nothing was saved."
        raise FieldErrors({"tags": said})
    tags = tuple(dict.fromkeys(work.tags))
    return Work(project=work.project, project_id=work.project_id, note=note, tags=tags)


def validate_note(note: str) -> str:
    """The note on one line. Raises FieldErrors when it is too long."""
    note = " ".join(note.split())
    if len(note) > LONGEST_NOTE:
        said = f"That note is too long: {LONGEST_NOTE} characters at most. Nothing was saved."
        raise FieldErrors({"note": said})
    return note


def length_problem(start: datetime, end: datetime, *, was: timedelta = timedelta()) -> str | None:
    """Why one entry can not be said to last from the one instant to the other; None where it can. `was` is how long
    it was before: what is long already may stay so, or become shorter."""
    length = end - start
    if length <= max(LONGEST_ENTRY, was):
        return None
    return (
        f"That would be {format_duration(length)} in one entry, and {format_duration(LONGEST_ENTRY)} is the most. "
        "Please correct the start or the end, or give each part an entry of its own."
    )


def to_utc(instant: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a time without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return instant.astimezone(UTC)
