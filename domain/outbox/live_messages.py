"""What is shown in Slack and kept true: cards of entries, digests of days, weeks, Home tabs."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.entries.entries import TimerAnswer
from domain.entries.forgotten_timers import StillOn
from domain.outbox.messages import Later, Never, Wait
from domain.reports.home_tab import Home
from domain.reports.reports import DayReport
from domain.reports.timesheets import WeekReport

# Slack's methods, and what stands for its response addresses, which are no method.
UPDATE, PUBLISH, RESPONSE_URL = "chat.update", "views.publish", "response_url"


class SurfaceKind(StrEnum):
    ENTRY = "entry"
    QUESTION = "question"  # about an entry that runs; once it is answered, its card
    DAY = "day"
    WEEK = "week"
    HOME = "home"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedSurface:
    """One place that this process may rewrite until its lease ends. `unfinished` counts the claims since something
    last came of one, this one included."""

    workspace_id: UUID
    id: UUID
    kind: SurfaceKind
    lease: UUID
    unfinished: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveMessage(ClaimedSurface):
    """A claimed place, and how it is reached.

    A message that only `slack_user_id` sees has a `response_url`, of which `uses` were made; others have a channel
    and a timestamp; Home has neither. `shown` is a digest of what was written there last.
    """

    slack_user_id: str
    entry_id: UUID | None
    day: date | None
    timesheet_id: UUID | None
    channel: str | None
    ts: str | None
    response_url: str | None
    uses: int
    shown: bytes | None

    @property
    def method(self) -> str:
        """By which of Slack's methods it is rewritten."""
        return UPDATE if self.channel else PUBLISH if self.kind is SurfaceKind.HOME else RESPONSE_URL


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """A surface and what is true there now."""

    live_message: LiveMessage
    content: TimerAnswer | StillOn | DayReport | WeekReport | Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """It says so now. `shown` is the digest of what was written; `asked` that Slack was called for it."""

    shown: bytes
    asked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """It can not be reached any more: too old, deleted, or its address is used up."""


RewriteOutcome = Rewritten | Gone | Later | Wait | Never
