"""Suggestions: time that another system saw. The person accepts, edits or ignores each; none becomes an entry alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from domain.entries.entries import Work
from domain.projects.projects import Project
from domain.time.calendar import Span

LONGEST = timedelta(hours=24)
LONGEST_LINK = 500  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSuggestion:
    """A suggestion as it comes in, between two aware instants. One with the same `external_id` is replaced. `link` is
    the address of what it is about."""

    work: Work
    started_at: datetime
    ended_at: datetime
    external_id: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A suggestion as it is shown. It is open until an entry has its `external_id`, or its person ignores it. `told_by`
    is the name of the endpoint that sent it; empty for the operator's own."""

    id: UUID
    external_id: str
    project: Project | None
    note: str
    span: Span
    told_by: str
    link: str | None
    ignored: bool


def covers_untracked_time(suggestion: Suggestion, tracked: Sequence[Span]) -> bool:
    """Whether some of its time is not tracked yet. `tracked` is sorted and does not overlap."""
    reached = suggestion.span.start
    for span in tracked:
        if span.start > reached:
            break
        reached = max(reached, span.end)
    return reached < suggestion.span.end
