"""The record of changes: what was before, what is after."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.entries.entries import EntryData, TimeEntry
from domain.projects.projects import Project, ProjectDetails
from domain.reports.timesheets import Timesheet

UNDONE = "undone"  # what history calls a change that takes another one back
BROUGHT = (
    "brought"  # and entries that came along with an account; where they were before is closed, so they stay
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything about an entry that a change can touch."""

    project_id: UUID | None
    note: str
    tags: tuple[str, ...]
    started_at: datetime
    ended_at: datetime | None
    version: int
    deleted: bool
    unconfirmed: bool = False

    @classmethod
    def of(cls, entry: TimeEntry) -> "Snapshot":
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
    def of_new(cls, data: EntryData) -> "Snapshot":
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
        """Equal in everything but the version, which only ever grows."""
        return replace(self, version=other.version) == other


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRecord:
    """One change of one entry. `before` is None when the change made it. `undoes` is the act that it takes back."""

    entry_id: UUID
    change: str
    before: Snapshot | None
    after: Snapshot
    undoes: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryHistoryItem:
    """A change of an entry as it is read back. `by` is who made it, where that was a person; `at` is UTC."""

    change: str
    before: Snapshot | None
    after: Snapshot
    by: UUID | None
    source: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRecord:
    """What one act changed about entries, in order. `undone` says that it was taken back."""

    act_id: UUID
    changes: tuple[EntryRecord, ...]
    undone: bool

    @property
    def undoing(self) -> bool:
        return any(change.change == UNDONE for change in self.changes)

    def stands(self, now: Mapping[UUID, TimeEntry]) -> bool:
        """Whether everything still is as this act left it; `now` holds its entries, also those that are deleted."""
        left = {change.entry_id: change.after for change in self.changes}
        brought = any(change.change == BROUGHT for change in self.changes)
        return not (self.undone or brought) and all(
            entry_id in now and Snapshot.of(now[entry_id]).same_state(after)
            for entry_id, after in left.items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRecord:
    """One change of one project. `before` is None when the change made it, `after` when it deleted it."""

    project_id: UUID
    change: str
    before: Project | ProjectDetails | None
    after: Project | ProjectDetails | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRecord:
    """One change of what is set for a person ("person") or a channel ("channel"), of a "token", of a webhook's
    "endpoint" or of a "suggestion", in words."""

    subject: str
    subject_id: UUID
    change: str
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesheetRecord:
    """One change of a week's state. `before` is None when it was submitted for the first time."""

    timesheet_id: UUID
    change: str
    before: Timesheet | None
    after: Timesheet
