"""Workspaces and the people in them."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.time.workdays import USUAL_WEEK, WorkWeek
from domain.time.zones import find_zone

DEFAULT_DIGEST_TIME = time(18, 0)

# Prefix of the id that is stored in place of a Slack id for people who signed up through the REST API, and for
# their workspace. Slack's ids hold no colon, and nothing is sent to an id with this prefix.
_NOT_IN_SLACK = "account:"

# Slack's locales that write the month before the day; all others write the day first.
_MONTH_FIRST = {"en-US", "en-PH", "fil-PH"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The tenant: an installation in Slack, or the workspace of one account. An installation for a whole
    organization has no team."""

    id: UUID
    enterprise_id: str
    team_id: str
    name: str


class Role(StrEnum):
    """A person's rights over other people's data: a lead sees everybody's time, an admin also assigns roles."""

    MEMBER = "member"
    LEAD = "lead"
    ADMIN = "admin"


class Standing(StrEnum):
    """A person's standing in the workspace, according to Slack.

    A guest tracks their own time and can not change anything shared. A person is unverified until Slack has
    answered, and may do less than a guest. A stranger belongs to another company; a deactivated person is "gone".
    Neither of these two has access.
    """

    MEMBER = "member"
    GUEST = "guest"
    UNVERIFIED = "unverified"
    STRANGER = "stranger"
    GONE = "gone"


class ZoneSource(StrEnum):
    """The source of a person's time zone. OFFSET: Slack gave only the difference from UTC. UNKNOWN: no source yet;
    the zone is UTC."""

    SLACK = "slack"
    OFFSET = "offset"
    PERSON = "person"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A person's profile in Slack. `admin` is true for the workspace's owners and admins."""

    slack_user_id: str
    name: str
    zone: ZoneInfo
    locale: str
    email: str | None
    admin: bool = False
    standing: Standing = Standing.MEMBER
    zone_from: ZoneSource = ZoneSource.SLACK


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSettings:
    """When a person gets the daily digest. `daily` is true once they have chosen a time: then the digest is sent on
    weekends without entries too."""

    on: bool = True
    at: time = DEFAULT_DIGEST_TIME
    daily: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklySettings:
    """Whether a person gets their weekly summary and, as a lead, the team's. `channel` is the Slack channel for the
    team's summary, None for direct messages."""

    on: bool = True
    team: bool = False
    channel: str | None = None


USUAL_WEEKLY = WeeklySettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of a workspace, with their settings. At the local time `remind_at` they are reminded of a day
    without entries; None turns reminders off."""

    id: UUID
    slack_user_id: str
    name: str
    zone: ZoneInfo
    locale: str
    email: str | None
    digest: DigestSettings
    role: Role = Role.MEMBER
    remind_at: time | None = None
    week: WorkWeek = USUAL_WEEK
    weekly: WeeklySettings = USUAL_WEEKLY
    standing: Standing = Standing.MEMBER
    zone_from: ZoneSource = ZoneSource.SLACK

    @property
    def in_slack(self) -> bool:
        return is_slack_id(self.slack_user_id)

    @property
    def sees_others(self) -> bool:
        """Return whether they see other people's time: only leads and admins do."""
        return self.role is not Role.MEMBER

    @property
    def has_access(self) -> bool:
        """Return whether they may do anything here at all."""
        return self.standing not in (Standing.GONE, Standing.STRANGER)

    @property
    def gets_reminders(self) -> bool:
        """Return whether digests and reminders are sent to them: they must be verified and in Slack, and have a
        known zone."""
        verified = self.standing in (Standing.MEMBER, Standing.GUEST)
        return self.in_slack and verified and self.zone_from is not ZoneSource.UNKNOWN

    @property
    def day_first(self) -> bool:
        """Return whether this person reads 12/11 as the twelfth of November."""
        return self.locale not in _MONTH_FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNow:
    """A person, read at the instant `at` (UTC)."""

    person: Person
    at: datetime


def account_actor_id(account_id: UUID) -> str:
    """Return the id that is stored in place of a Slack id for an account, and in place of a team for its workspace."""
    return f"{_NOT_IN_SLACK}{account_id}"


def is_slack_id(slack_id: str) -> bool:
    """Return whether an id of a person or channel is Slack's; nothing is sent to any other id."""
    return not slack_id.startswith(_NOT_IN_SLACK)


def zone_or_utc(name: str | None) -> ZoneInfo:
    """Return the zone of that IANA name; UTC if Slack sends no name, or one that this machine's zone database
    lacks."""
    return find_zone(name or "UTC") or ZoneInfo("UTC")
