"""The parameters of operations on timers and entries, from a person or a program."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.entries.entries import Work
from domain.time.intervals import IntervalPhrase
from domain.time.local_times import LocalTime
from domain.time.time_points import TimePoint


@dataclass(frozen=True, slots=True, kw_only=True)
class StartParams:
    """A timer to start. `when` is its start, None for now. `make_project` creates the named project if it does not
    exist, instead of refusing; `bring_back` takes it out of the archive. `channel` is the Slack channel in which
    the command was typed; its project applies if the text names none. `link` is the message that the timer is
    about."""

    work: Work
    when: TimePoint | datetime | None = None
    make_project: bool = False
    bring_back: bool = False
    channel: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogParams:
    """A finished entry to record, as it was typed. `make_project`, `bring_back` and `channel` are as in
    StartParams. `suggestion_id` is the suggestion that the entry accepts. `zone` is the zone of its times, None for
    the person's zone."""

    work: Work
    interval: IntervalPhrase
    make_project: bool = False
    bring_back: bool = False
    channel: str | None = None
    suggestion_id: UUID | None = None
    zone: ZoneInfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditParams:
    """The new fields of an entry, from a form. `seen_version` is the version that the form showed; `end` is None
    for a running timer. `zone` is the zone of the form's times, None for the person's zone. With `keep_tags` the
    tags stay as they are."""

    entry_id: UUID
    seen_version: int
    work: Work
    start: LocalTime
    end: LocalTime | None
    make_project: bool = False
    zone: ZoneInfo | None = None
    keep_tags: bool = False


class Unchanged(Enum):
    """Says "leave this field unchanged", for fields in which None is a value."""

    KEPT = "kept"


UNCHANGED = Unchanged.KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendParams:
    """The fields of an entry to change; the others stay as they are. Instants are aware. With `seen_version`, the
    change is refused if the entry has another version by now."""

    entry_id: UUID
    seen_version: int | None = None
    project_id: UUID | Unchanged | None = UNCHANGED
    note: str | Unchanged = UNCHANGED
    tags: tuple[str, ...] | Unchanged = UNCHANGED
    start: datetime | Unchanged = UNCHANGED
    end: datetime | Unchanged | None = UNCHANGED
