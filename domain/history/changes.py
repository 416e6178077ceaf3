"""Records of the history: what an operation changed, with the state before and after."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.entries.entries import EntryData, TimeEntry
from domain.projects.projects import Project, ProjectDetails
from domain.reports.timesheets import Timesheet

UNDONE = "undone"  # the name in the history of a change that reverts another one
# The name in the history of entries that moved here with a linked account. They can not move back, because the
# account's own workspace is closed.
BROUGHT = "brought"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The state of an entry: every field that a change can touch. The history stores it as JSON."""

    project_id: UUID | None
    note: str
    tags: tuple[str, ...]
    started_at: datetime
    ended_at: datetime | None
    version: int
    deleted: bool
    unconfirmed: bool = False

    @classmethod
    def from_entry(cls, entry: TimeEntry) -> "Snapshot":
        return cls(
            project_id=entry.project.id if entry.project else None,
            note=entry.note,
            tags=entry.tags,
            started_at=entry.started_at,
            ended_at=entry.ended_at,
            version=entry.version,
            deleted=entry.deleted,
            unconfirmed=entry.unconfirmed,
        )

    @classmethod
    def from_data(cls, data: EntryData) -> "Snapshot":
        """Return the first state of an entry that is written with that data."""
        return cls(
            project_id=data.project.id if data.project else None,
            note=data.note,
            tags=data.tags,
            started_at=data.started_at,
            ended_at=data.ended_at,
            version=1,
            deleted=False,
        )

    def same_state(self, other: "Snapshot") -> bool:
        """Return whether both states are equal apart from their versions."""
        return replace(self, version=other.version) == other


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRecord:
    """A change of one entry. `before` is None for a new entry. `undoes` is the id of the operation that this change
    reverts."""

    entry_id: UUID
    change: str
    before: Snapshot | None
    after: Snapshot
    undoes: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryHistoryItem:
    """A change of an entry, for readers. `by` is the person who made it, None for the service; `at` is UTC."""

    change: str
    before: Snapshot | None
    after: Snapshot
    by: UUID | None
    source: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRecord:
    """The changes of entries that one operation made, in order. `undone` is true after another operation reverted
    it."""

    act_id: UUID
    changes: tuple[EntryRecord, ...]
    undone: bool

    @property
    def is_undo(self) -> bool:
        return any(change.change == UNDONE for change in self.changes)

    def is_in_effect(self, now: Mapping[UUID, TimeEntry]) -> bool:
        """Return whether all its entries are still as this operation left them. `now` holds them, including deleted
        ones."""
        left = {change.entry_id: change.after for change in self.changes}
        brought = any(change.change == BROUGHT for change in self.changes)
        return not (self.undone or brought) and all(
            entry_id in now and Snapshot.from_entry(now[entry_id]).same_state(after)
            for entry_id, after in left.items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRecord:
    """A change of one project. `before` is None for a new project, `after` for a deleted one."""

    project_id: UUID
    change: str
    before: Project | ProjectDetails | None
    after: Project | ProjectDetails | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRecord:
    """A change of the settings of a "person", "channel", "token", webhook "endpoint" or "suggestion". `before` and
    `after` hold the changed settings as text."""

    subject: str
    subject_id: UUID
    change: str
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesheetRecord:
    """A change of a timesheet's state. `before` is None for its first submission."""

    timesheet_id: UUID
    change: str
    before: Timesheet | None
    after: Timesheet
