"""A person's own settings: digest, reminder, working days, weekly summaries."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.identity.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """A person's settings for display. Each next instant is UTC, or None if nothing is scheduled. `days_off` are
    today and later."""

    person: Person
    next_digest: datetime | None
    next_reminder: datetime | None
    at: datetime
    days_off: tuple[date, ...] = ()
    next_weekly: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestChoice:
    """A choice to turn the daily digest on or off. `at` is a local time of day; None keeps the present one."""

    on: bool
    at: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderChoice:
    """The local time of day for the reminder; None turns it off."""

    at: time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekChoice:
    """The days on which a person works (ISO, Monday is 1), and the target of each. None keeps the setting; zero
    means no target."""

    days: tuple[int, ...] | None = None
    target: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamChoice:
    """A lead's choice about the team's weekly summary. With `here` it is posted in `channel`, where the command was
    typed."""

    on: bool
    here: bool = False
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencesParams:
    """The settings that a person wants to change. None keeps a setting."""

    digest: DigestChoice | None = None
    reminder: ReminderChoice | None = None
    week: WeekChoice | None = None
    weekly: bool | None = None
    team: TeamChoice | None = None
