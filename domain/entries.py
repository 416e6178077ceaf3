"""Time entries and the answers of acts on them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.errors import Refusal
from domain.moments import Moment
from domain.people import Person
from domain.projects import Project, ProjectWords
from domain.stretches import Stretch

LONGEST_NOTE = 500
LONGEST_TAG = 40
MOST_TAGS = 10
SHORTEST = timedelta(microseconds=1)  # an entry is never empty, however fast one is after the other


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeEntry:
    """A stretch of one person's time, [started_at, ended_at). `ended_at` is None while it runs.

    Instants are UTC, to the microsecond. `zone` is the IANA zone the person was in when it began.
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

    @property
    def running(self) -> bool:
        return self.ended_at is None and not self.deleted

    def length(self, at: datetime) -> timedelta:
        """How long it lasted, or has lasted at the instant `at` while it runs. Never negative."""
        return max((self.ended_at or at) - self.started_at, timedelta())

    def ended(self, end: datetime, *, at: datetime) -> "TimeEntry":
        """The same entry after it was ended at the instant `at`."""
        return replace(self, ended_at=end, version=self.version + 1, updated_at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What somebody says they work on, before it is an entry."""

    project: ProjectWords | None = None
    note: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """A finished stretch to be recorded. Instants are aware."""

    work: Work
    started_at: datetime
    ended_at: datetime
    external_id: str | None = None


class Change(StrEnum):
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
    STATUS = "status"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerAnswer:
    """What happened and what is true now; everything that a card about it needs.

    `entry` is what the answer is about: running, just stopped, or the last one that could be resumed.
    `replaced` is what a start ended. `today` is the person's total of the local day at the instant `at`.
    `backdated` says that the person named an instant of their own. `unknown_project` is a first word that
    could become a project. `act_id` names the change for Undo.
    """

    change: Change
    person: Person
    entry: TimeEntry | None
    replaced: TimeEntry | None = None
    today: timedelta
    at: datetime
    backdated: bool = False
    unknown_project: str | None = None
    act_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartWish:
    """`make_project` makes the named project when there is none, instead of refusing."""

    work: Work
    when: Moment | datetime | None = None
    make_project: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LogWish:
    """A finished stretch as it was typed. `make_project` as in StartWish."""

    work: Work
    stretch: Stretch
    make_project: bool = False


def checked_work(work: Work) -> Work:
    """The same work, fit to be stored. Raises Refusal where something is too long."""
    note = checked_note(work.note)
    if len(work.tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in work.tags):
        raise Refusal(f"At most {MOST_TAGS} tags of {LONGEST_TAG} characters each. Nothing was saved.")
    return Work(project=work.project, note=note, tags=tuple(dict.fromkeys(work.tags)))


def checked_note(note: str) -> str:
    """The note on one line. Raises Refusal when it is too long."""
    note = " ".join(note.split())
    if len(note) > LONGEST_NOTE:
        raise Refusal(f"That note is too long: {LONGEST_NOTE} characters at most. Nothing was saved.")
    return note


def as_utc(instant: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a time without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return instant.astimezone(UTC)
