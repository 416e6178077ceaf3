"""Time that somebody may have spent, as another system tells it: offered to them, and never tracked by itself."""

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
    """What is offered, between two aware instants. Told again under its `external_id`, it is the same one as it is
    then. `link` leads to where it is from."""

    work: Work
    started_at: datetime
    ended_at: datetime
    external_id: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """The entry that it becomes has its `external_id`: it is open for as long as there is none and nobody ignored
    it. `told_by` is the name of the endpoint that it came in by; empty for the operator's own."""

    id: UUID
    external_id: str
    project: Project | None
    note: str
    span: Span
    told_by: str
    link: str | None
    ignored: bool


def covers_untracked_time(suggestion: Suggestion, tracked: Sequence[Span]) -> bool:
    """Whether it is about time of which some is not tracked yet. `tracked` is in order and does not overlap."""
    reached = suggestion.span.start
    for span in tracked:
        if span.start > reached:
            break
        reached = max(reached, span.end)
    return reached < suggestion.span.end
