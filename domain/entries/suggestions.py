"""Suggestions: time that another system recorded. The person accepts, edits or ignores each; until then it is no
entry."""

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
    """A suggestion from another system, between two aware instants. It replaces a suggestion with the same
    `external_id`. `link` is the address of the page or event that it is about."""

    work: Work
    started_at: datetime
    ended_at: datetime
    external_id: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A stored suggestion. It is open until an entry has its `external_id`, or its person ignores it. `told_by` is
    the name of the endpoint that sent it; empty for the operator's own endpoint."""

    id: UUID
    external_id: str
    project: Project | None
    note: str
    span: Span
    told_by: str
    link: str | None
    ignored: bool


def covers_untracked_time(suggestion: Suggestion, tracked: Sequence[Span]) -> bool:
    """Return whether the suggestion covers time that is not tracked yet. `tracked` is sorted and does not overlap."""
    reached = suggestion.span.start
    for span in tracked:
        if span.start > reached:
            break
        reached = max(reached, span.end)
    return reached < suggestion.span.end
