"""A person's own settings: digest, reminder, working days, weekly summaries."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.identity.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """A person's settings as they are shown. The next instants are UTC, None where nothing is to come. `days_off` are
    those still to come."""

    person: Person
    next_digest: datetime | None
    next_reminder: datetime | None
    at: datetime
    days_off: tuple[date, ...] = ()
    next_weekly: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestChoice:
    """The daily digest on or off. `at` is a local time of day; None keeps the present one."""

    on: bool
    at: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderChoice:
    """The reminder at a local time of day; None is never."""

    at: time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekChoice:
    """The days they work (ISO, Monday is 1), and the target of each. None keeps what is set; zero is no target."""

    days: tuple[int, ...] | None = None
    target: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamChoice:
    """The team's weekly summary for a lead. With `here` it is posted in `channel`, where the command was typed."""

    on: bool
    here: bool = False
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencesParams:
    """The settings that a person wants to change. None keeps what is set."""

    digest: DigestChoice | None = None
    reminder: ReminderChoice | None = None
    week: WeekChoice | None = None
    weekly: bool | None = None
    team: TeamChoice | None = None
