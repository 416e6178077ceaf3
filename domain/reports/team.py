"""The team's present activity, and changes of roles."""

from dataclasses import dataclass
from datetime import datetime

from domain.entries.entries import TimeEntry
from domain.identity.people import Person, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonActivity:
    """A person with their running timer; None if no timer runs."""

    name: str
    entry: TimeEntry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamActivity:
    """The team's activity at the instant `at` (UTC), as far as `person` may see it: people with a running timer,
    the longest first, then people who tracked something lately.

    `alone` is true if the person only sees themselves, because members do not see other people's time.
    """

    person: Person
    lines: tuple[PersonActivity, ...]
    at: datetime
    alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChange:
    """The result of assigning a role: `to` has it now. `fixed` is true if Slack made them an admin, which can not
    be changed here."""

    to: Person
    role: Role
    fixed: bool = False
