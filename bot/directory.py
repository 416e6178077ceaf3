"""Who somebody is, as Slack tells it."""

import asyncio
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_errors import FAILURES, response_of
from domain.people import Profile, zone_named
from domain.text import storable
from tracking.notifier import Unreachable

LOOKUP_SECONDS = 1.5
LONGEST_NAME = 80
_NOBODY = {"user_not_found", "users_not_found", "user_not_visible"}


class SlackDirectory:
    """tracking's Directory, over users.info and users.lookupByEmail."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def profile(self, slack_user_id: str) -> Profile | None:
        return await self._ask("users.info", user=slack_user_id, include_locale=True)

    async def profile_by_email(self, email: str) -> Profile | None:
        """Asked twice: the look-up by address knows no locale, by which days such as 12/11 are read."""
        found = await self._ask("users.lookupByEmail", email=email)
        return await self.profile(found.slack_user_id) if found else None

    async def _ask(self, method: str, **arguments: str | bool) -> Profile | None:
        try:
            async with asyncio.timeout(LOOKUP_SECONDS):
                response = await self._client.api_call(method, http_verb="GET", params=arguments)
        except SlackApiError as error:
            if response_of(error)[2] in _NOBODY:
                return None
            raise Unreachable from error
        except FAILURES as error:
            raise Unreachable from error
        user: dict[str, Any] = response["user"]
        return None if user.get("deleted") or user.get("is_bot") else profile_of(user)


def profile_of(user: dict[str, Any]) -> Profile:
    """A user object of Slack's. The name is what people see: display name, then real name."""
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    name = next((name for name in names if name), user["id"])
    return Profile(
        slack_user_id=user["id"],
        name=storable(name)[:LONGEST_NAME],
        zone=zone_named(user.get("tz")),
        locale=user.get("locale") or "",
        email=profile.get("email") or None,
        admin=bool(user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner")),
    )
