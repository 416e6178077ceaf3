"""Reads the profiles of people from Slack."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.errors import FAILURES, read_refusal, read_response
from domain.identity.people import Profile, Standing, ZoneSource
from domain.text import sanitize_text
from domain.time.zones import UTC, find_zone, zone_of_offset
from services.outbox.notifier import MemberPage, MethodRefused, Unreachable

# The longest look-up within an answer, which has three seconds in all, and in the background.
LOOKUP_SECONDS, BACKGROUND_SECONDS = 1.2, 10.0
LONGEST_NAME = 80
# Slack recommends "no more than 200 results at a time" (docs.slack.dev/reference/methods/users.list).
PAGE = 200
_NOT_FOUND_ERRORS = {"user_not_found", "users_not_found", "user_not_visible"}
# Slackbot's user object says that it is no bot.
_SLACKBOT = "USLACKBOT"
User = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The workspace that the app is installed in: its team, and in an organization its enterprise.

    A field that Slack leaves out is empty.
    """

    team_id: str = ""
    enterprise_id: str = ""

    def owns(self, user: User) -> bool:
        """Return whether a user object belongs to this workspace, and not to another company in a shared channel."""
        if user.get("is_stranger") or user.get("is_external"):
            return False
        team, enterprise = user.get("team_id"), user.get("enterprise_user")
        if isinstance(enterprise, dict):
            # In an organization a member's team may differ from that of the installation.
            if self.team_id:
                teams = enterprise.get("teams")
                return team == self.team_id or (isinstance(teams, list) and self.team_id in teams)
            return not self.enterprise_id or enterprise.get("enterprise_id") == self.enterprise_id
        return not team or not self.team_id or team == self.team_id


class SlackDirectory:
    """Reads people from Slack by users.info, users.lookupByEmail and users.list. Implements Directory and Members."""

    def __init__(self, client: AsyncWebClient, home: Home) -> None:
        self._client = client
        self._home = home

    def read(self, user: User) -> Profile:
        """Return the profile in a user object that came with an event."""
        return read_profile(user, self._home)

    def may_be_foreign(self, payload: User) -> bool:
        """Return whether a payload hints that its sender belongs to another workspace."""
        user = payload.get("user")
        teams = [user.get("team_id")] if isinstance(user, dict) else []
        teams += [payload.get("user_team"), payload.get("user_team_id")]
        return any(team and self._home.team_id and team != self._home.team_id for team in teams)

    async def profile(self, slack_user_id: str) -> Profile | None:
        try:
            answer = await self._ask("users.info", user=slack_user_id, include_locale=True)
        except MethodRefused:
            raise Unreachable from None
        return None if answer is None else self._read_present_profile(answer["user"])

    async def profile_by_email(self, email: str) -> Profile | None:
        """Return the profile with this address.

        It takes two calls: the look-up by address lacks the locale, which decides how dates such as 12/11 are read.
        """
        try:
            answer = await self._ask("users.lookupByEmail", email=email)
        except MethodRefused:
            raise Unreachable from None
        found = None if answer is None else self._read_present_profile(answer["user"])
        return await self.profile(found.slack_user_id) if found else None

    async def current(self, slack_user_id: str) -> Profile | None:
        answer = await self._ask(
            "users.info",
            seconds=BACKGROUND_SECONDS,
            not_found_errors=("user_not_found",),
            user=slack_user_id,
            include_locale=True,
        )
        return None if answer is None else read_profile(answer["user"], self._home)

    async def page(self, cursor: str) -> MemberPage:
        answer = await self._ask(
            "users.list", seconds=BACKGROUND_SECONDS, not_found_errors=(), limit=PAGE, cursor=cursor
        )
        assert answer is not None
        members = tuple(read_profile(user, self._home) for user in answer.get("members") or ())
        return MemberPage(
            members=members,
            next_cursor=(answer.get("response_metadata") or {}).get("next_cursor") or None,
        )

    async def _ask(
        self,
        method: str,
        *,
        seconds: float = LOOKUP_SECONDS,
        not_found_errors: Collection[str] = _NOT_FOUND_ERRORS,
        **arguments: str | bool | int,
    ) -> User | None:
        """Return Slack's answer; None if it finds nobody (an error in `not_found_errors`).

        Raises MethodRefused for other refusals, Unreachable without an answer in time.
        """
        try:
            async with asyncio.timeout(seconds):
                response = await self._client.api_call(method, http_verb="GET", params=arguments)
        except SlackApiError as error:
            if read_response(error)[2] in not_found_errors:
                return None
            if isinstance(read_refusal(error, again_after=timedelta()), str):
                raise MethodRefused from error
            raise Unreachable from error
        except FAILURES as error:
            raise Unreachable from error
        return response.data if isinstance(response.data, dict) else {}

    def _read_present_profile(self, user: User) -> Profile | None:
        profile = read_profile(user, self._home)
        return None if profile.standing is Standing.GONE else profile


def read_profile(user: User, home: Home) -> Profile:
    """Read a user object of Slack's. The name is the one that Slack shows: display name, then real name."""
    raw_profile = user.get("profile")
    profile = raw_profile if isinstance(raw_profile, dict) else {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    name = next((name for name in names if name), user["id"])
    standing = _read_standing(user, home)
    zone, zone_from = _read_zone(user)
    admin = user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner")
    return Profile(
        slack_user_id=user["id"],
        name=sanitize_text(str(name))[:LONGEST_NAME],
        zone=zone,
        locale=user.get("locale") or "",
        email=profile.get("email") or None,
        # Admins of another company have no admin rights here, and guests never have.
        admin=bool(admin) and standing is Standing.MEMBER,
        standing=standing,
        zone_from=zone_from,
    )


def _read_standing(user: User, home: Home) -> Standing:
    """Return the standing from the flags of a user object; without flags it is MEMBER.

    Flags: docs.slack.dev/reference/objects/user-object.
    """
    if user.get("deleted") or user.get("is_bot") or user["id"] == _SLACKBOT:
        return Standing.GONE
    if not home.owns(user):
        return Standing.STRANGER
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Standing.GUEST
    return Standing.MEMBER


def _read_zone(user: User) -> tuple[ZoneInfo, ZoneSource]:
    """Return the zone in the user object, or a fixed distance from UTC if Slack gives only that."""
    name = user.get("tz")
    if isinstance(name, str) and (zone := find_zone(name)):
        return zone, ZoneSource.SLACK
    if fixed := zone_of_offset(user.get("tz_offset")):
        return fixed, ZoneSource.OFFSET
    return UTC, ZoneSource.UNKNOWN
