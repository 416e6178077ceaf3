"""Who works on what now, and what people may do for each other."""

from dataclasses import dataclass
from datetime import datetime

from domain.entries.entries import TimeEntry
from domain.identity.people import Person, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonActivity:
    """`entry` is what runs for that person; None while nothing does."""

    name: str
    entry: TimeEntry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamActivity:
    """What `person` may see at the instant `at` (UTC): who tracks, the longest first, then who was here lately.

    `alone` says that it is only themselves, because a member sees nobody else's time.
    """

    person: Person
    lines: tuple[PersonActivity, ...]
    at: datetime
    alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChange:
    """`to` has the role now. `fixed` says that Slack made them an admin, which can't be changed here."""

    to: Person
    role: Role
    fixed: bool = False
