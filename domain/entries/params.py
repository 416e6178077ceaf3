"""The parameters of operations on timers and entries, as a person or a program gives them."""

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
    """A timer to start. `when` is its start, None for now. `make_project` makes the named project where there is none,
    instead of refusing; `bring_back` takes it out of the archive. `channel` is the Slack channel of the command, whose
    project is meant when none is named. `link` is the message that the timer is about."""

    work: Work
    when: TimePoint | datetime | None = None
    make_project: bool = False
    bring_back: bool = False
    channel: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogParams:
    """A finished entry to record, as it was typed. `make_project`, `bring_back` and `channel` are as in StartParams.
    `suggestion_id` is the suggestion that it accepts. `zone` is that of its times, None for the person's."""

    work: Work
    interval: IntervalPhrase
    make_project: bool = False
    bring_back: bool = False
    channel: str | None = None
    suggestion_id: UUID | None = None
    zone: ZoneInfo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditParams:
    """An entry as a form wants it. `seen_version` is the one that the form showed; `end` is None for a running timer.
    `zone` is that of the form's times, None for the person's. With `keep_tags` the tags stay as they are."""

    entry_id: UUID
    seen_version: int
    work: Work
    start: LocalTime
    end: LocalTime | None
    make_project: bool = False
    zone: ZoneInfo | None = None
    keep_tags: bool = False


class Unchanged(Enum):
    """Means "as it is" where None is a value of its own."""

    KEPT = "kept"


UNCHANGED = Unchanged.KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendParams:
    """The fields of an entry to change; the others stay as they are. Instants are aware. With `seen_version` an entry
    that has another version by now is refused."""

    entry_id: UUID
    seen_version: int | None = None
    project_id: UUID | Unchanged | None = UNCHANGED
    note: str | Unchanged = UNCHANGED
    tags: tuple[str, ...] | Unchanged = UNCHANGED
    start: datetime | Unchanged = UNCHANGED
    end: datetime | Unchanged | None = UNCHANGED
