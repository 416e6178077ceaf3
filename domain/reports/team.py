"""Who works on what now, and changes of roles."""

from dataclasses import dataclass
from datetime import datetime

from domain.entries.entries import TimeEntry
from domain.identity.people import Person, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonActivity:
    """A person with their running timer; None while none runs."""

    name: str
    entry: TimeEntry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamActivity:
    """Who works on what at the instant `at` (UTC), as far as `person` may see it: people with a running timer, the
    longest first, then people who were here lately.

    `alone` says that it is only themselves, because a member sees nobody else's time.
    """

    person: Person
    lines: tuple[PersonActivity, ...]
    at: datetime
    alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChange:
    """The result of giving a role: `to` has it now. `fixed` says that Slack made them an admin, which can not change
    here."""

    to: Person
    role: Role
    fixed: bool = False
