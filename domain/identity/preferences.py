"""What a person chose for themselves: when to hear from us."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.identity.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What holds, as it is told. The next instants are UTC; None where there is none. `days_off` are those to come."""

    person: Person
    next_digest: datetime | None
    next_reminder: datetime | None
    at: datetime
    days_off: tuple[date, ...] = ()
    next_weekly: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestChoice:
    """`at` is a local time of day; None leaves the one that was chosen."""

    on: bool
    at: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderChoice:
    """`at` is a local time of day; None is never."""

    at: time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekChoice:
    """The days they work (ISO, Monday is 1), and how long on each. None leaves it; a target of zero is none."""

    days: tuple[int, ...] | None = None
    target: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamChoice:
    """The team's week for a lead. `here` says it in the channel of the command, which is `channel`."""

    on: bool
    here: bool = False
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencesWish:
    """What somebody wants changed. None leaves it as it is."""

    digest: DigestChoice | None = None
    reminder: ReminderChoice | None = None
    week: WeekChoice | None = None
    weekly: bool | None = None
    team: TeamChoice | None = None
