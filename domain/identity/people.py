"""Workspaces and the people in them."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.time.workdays import USUAL_WEEK, WorkWeek
from domain.time.zones import find_zone

DEFAULT_DIGEST_TIME = time(18, 0)

# What stands where a Slack id would, for who signed up through the REST API, and as the team of their workspace. No
# id of Slack's has a colon in it, and nothing is ever sent to one that has.
_NOT_IN_SLACK = "account:"

# Slack's locales that write the month before the day; everybody else here writes the day first.
_MONTH_FIRST = {"en-US", "en-PH", "fil-PH"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The tenant: one installation in Slack, or an account's own. An organization-wide installation has no team."""

    id: UUID
    enterprise_id: str
    team_id: str
    name: str


class Role(StrEnum):
    """What a person may see and do for others: a lead sees who works on what, an admin also gives roles."""

    MEMBER = "member"
    LEAD = "lead"
    ADMIN = "admin"


class Standing(StrEnum):
    """What somebody is to the workspace, as Slack tells it.

    A guest tracks their own time and changes nothing shared. Who is unverified came before Slack answered, and may do
    less than a guest. A stranger is of another company, and who is gone was deactivated: both may do nothing.
    """

    MEMBER = "member"
    GUEST = "guest"
    UNVERIFIED = "unverified"
    STRANGER = "stranger"
    GONE = "gone"


class ZoneSource(StrEnum):
    """Who said which zone a person's clock goes by. OFFSET: Slack told only how far it is from UTC. UNKNOWN: nobody
    did, and the zone is UTC until somebody does."""

    SLACK = "slack"
    OFFSET = "offset"
    PERSON = "person"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What Slack tells about somebody. `admin` is true for the workspace's own owners and admins."""

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
    """When a person wants the daily digest. `daily` is true once they have chosen a time of their own:
    then it also comes on weekends on which nothing was tracked."""

    on: bool = True
    at: time = DEFAULT_DIGEST_TIME
    daily: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklySettings:
    """Whether a person looks back on their week once it is over, and as a lead on the team's; `channel` is the Slack
    channel in which the team's is said, None for themselves alone."""

    on: bool = True
    team: bool = False
    channel: str | None = None


USUAL_WEEKLY = WeeklySettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`remind_at` is the local time by which they want to be reminded of a day without entries; None is never."""

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
        """Time is private: only leads and admins see whose it is."""
        return self.role is not Role.MEMBER

    @property
    def has_access(self) -> bool:
        """Whether they may do anything here at all."""
        return self.standing not in (Standing.GONE, Standing.STRANGER)

    @property
    def hears_from_us(self) -> bool:
        """Whether digests and reminders come to them, by a clock that is theirs."""
        verified = self.standing in (Standing.MEMBER, Standing.GUEST)
        return self.in_slack and verified and self.zone_from is not ZoneSource.UNKNOWN

    @property
    def day_first(self) -> bool:
        """Whether 12/11 means the twelfth of November to this person."""
        return self.locale not in _MONTH_FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNow:
    """A person and the instant it is (UTC)."""

    person: Person
    at: datetime


def account_actor_id(account_id: UUID) -> str:
    """The id, as an actor and as a team, of an account that is not in Slack."""
    return f"{_NOT_IN_SLACK}{account_id}"


def is_slack_id(slack_id: str) -> bool:
    """Whether Slack can have a person or channel of that id: nothing is ever sent to another."""
    return not slack_id.startswith(_NOT_IN_SLACK)


def zone_or_utc(name: str | None) -> ZoneInfo:
    """The zone of an IANA name; UTC where Slack sends none or one that this machine does not know."""
    return find_zone(name or "UTC") or ZoneInfo("UTC")
