"""Time entries, their history and conflicts in responses."""

from datetime import datetime
from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel

from domain.entries.entries import (
    TimeEntry,
)
from domain.entries.overlaps import OverlapConflict, OverlapStrategy, adjustments
from domain.history.changes import EntryHistoryItem, Snapshot
from domain.time.durations import whole_minutes
from web.api.preconditions import Record
from web.http.instants import InstantText, format_rfc3339
from web.http.problems import ApiError


class Entry(Record):
    """A period of one person's time. `end_time` is null while it runs; `duration_minutes` is rounded down. An entry
    is `unconfirmed` if it was ended automatically because its person did not answer; changing it confirms it."""

    collection: ClassVar[str] = "/api/time-entries"

    user_id: UUID
    project_id: UUID | None
    description: str
    tags: list[str]
    start_time: InstantText
    end_time: InstantText | None
    duration_seconds: int
    duration_minutes: int
    source: str
    unconfirmed: bool
    created_at: InstantText
    updated_at: InstantText

    def tag(self) -> str:
        return str(self.version) if self.end_time else f"{self.version}.{self.duration_seconds}"


class EntryList(BaseModel):
    items: list[Entry]
    next_cursor: str | None


class Outcome(BaseModel):
    """The outcome of one item: the new entry, or the problem that prevented it."""

    status: int
    entry: Entry | None = None
    problem: dict[str, object] | None = None


class Outcomes(BaseModel):
    items: list[Outcome]


class State(BaseModel):
    """The state of an entry. `end_time` is null while it ran."""

    project_id: UUID | None
    description: str
    tags: list[str]
    start_time: InstantText
    end_time: InstantText | None
    version: int
    deleted: bool
    unconfirmed: bool


class Change(BaseModel):
    """One change of an entry: its kind, its author (null for automatic changes), its source, and both states."""

    change: str
    at: InstantText
    user_id: UUID | None
    source: str
    before: State | None
    after: State


class History(BaseModel):
    items: list[Change]


def entry_record(entry: TimeEntry, at: datetime) -> Entry:
    """Make the record of an entry. A running entry counts until the instant `at`."""
    length = entry.length(at)
    return Entry(
        id=entry.id,
        user_id=entry.person_id,
        project_id=entry.project.id if entry.project else None,
        description=entry.note,
        tags=list(entry.tags),
        start_time=format_rfc3339(entry.started_at),
        end_time=format_rfc3339(entry.ended_at) if entry.ended_at else None,
        duration_seconds=int(length.total_seconds()),
        duration_minutes=whole_minutes(length),
        source=entry.source,
        version=entry.version,
        created_at=format_rfc3339(entry.created_at),
        unconfirmed=entry.unconfirmed,
        updated_at=format_rfc3339(entry.updated_at),
    )


def conflict_error(conflict: OverlapConflict) -> ApiError:
    """Make a 409 with the conflicting entries, and the effect of each possible resolution on them."""
    proposed = conflict.proposed
    ways = []
    for strategy in OverlapStrategy:
        changes = adjustments(
            strategy, conflict.entries, start=proposed.start, end=proposed.end, at=conflict.at
        )
        left = {
            str(one.entry.id): [
                {
                    "start_time": format_rfc3339(rest.start),
                    "end_time": format_rfc3339(rest.end) if rest.end else None,
                }
                for rest in one.remainders
            ]
            for one in changes
        }
        ways.append({"way": strategy.value, "leaves": left})
    return ApiError(
        HTTPStatus.CONFLICT,
        conflict.sentence,
        more={
            "conflicts": [entry_record(one, conflict.at).model_dump(mode="json") for one in conflict.entries],
            "ways": ways,
            "seen": conflict.fingerprint,
        },
    )


def change_record(change: EntryHistoryItem) -> Change:
    """Make the record of a change."""
    return Change(
        change=change.change,
        at=format_rfc3339(change.at),
        user_id=change.by,
        source=change.source,
        before=_state(change.before) if change.before else None,
        after=_state(change.after),
    )


def _state(state: Snapshot) -> State:
    return State(
        project_id=state.project_id,
        description=state.note,
        tags=list(state.tags),
        start_time=format_rfc3339(state.started_at),
        end_time=format_rfc3339(state.ended_at) if state.ended_at else None,
        version=state.version,
        deleted=state.deleted,
        unconfirmed=state.unconfirmed,
    )
