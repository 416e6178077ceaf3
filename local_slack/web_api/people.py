"""The methods of `users`, `dnd` and `auth`, and the user object."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from local_slack.refusals import Refused
from local_slack.web_api.arguments import MOST_IN_A_PAGE, is_true, slice_page
from local_slack.workspace import (
    BOT_ID,
    BOT_NAME,
    BOT_USER,
    TEAM_DOMAIN,
    TEAM_ID,
    TEAM_NAME,
    Person,
    Workspace,
)

Json = dict[str, Any]


def auth_test(_workspace: Workspace, _arguments: Json) -> Json:
    return {
        "url": f"https://{TEAM_DOMAIN}.example.com/",
        "team": TEAM_NAME,
        "user": BOT_NAME,
        "team_id": TEAM_ID,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def user_info(workspace: Workspace, arguments: Json) -> Json:
    person = workspace.people.get(str(arguments.get("user", "")))
    if person is None:
        raise Refused("user_not_found")
    return {"user": user_object(workspace, person, locale=is_true(arguments.get("include_locale")))}


def lookup_by_email(workspace: Workspace, arguments: Json) -> Json:
    wanted = str(arguments.get("email", "")).lower()
    for person in workspace.people.values():
        if wanted and person.email.lower() == wanted and not person.deleted:
            return {"user": user_object(workspace, person, locale=False)}
    raise Refused("users_not_found")


def dnd_info(workspace: Workspace, arguments: Json) -> Json:
    """Return when a person does not want to be disturbed. For other people's snoozes Slack gives only the end."""
    person = workspace.people.get(str(arguments.get("user", "")))
    if person is None:
        raise Refused("user_not_found")
    begin, end = person.quiet
    return {"dnd_enabled": bool(end), "next_dnd_start_ts": int(begin), "next_dnd_end_ts": int(end)}


def list_users(workspace: Workspace, arguments: Json) -> Json:
    locale = is_true(arguments.get("include_locale"))
    people, more, cursor = slice_page(list(workspace.people.values()), arguments, otherwise=MOST_IN_A_PAGE)
    members = [user_object(workspace, person, locale=locale) for person in people]
    return {"members": members, "response_metadata": {"next_cursor": cursor if more else ""}}


def user_object(workspace: Workspace, person: Person, *, locale: bool) -> Json:
    """Return Slack's "User object" (docs.slack.dev/reference/objects/user-object). Of a deactivated person only names
    are left: no zone, no flags."""
    names = {"real_name": person.name, "display_name": person.name.split()[0]}
    return {
        "id": person.id,
        "team_id": person.team,
        "name": person.handle,
        "real_name": person.name,
        "deleted": person.deleted,
        "is_bot": person.bot,
        "is_app_user": False,
        "profile": {**names, "email": person.email, "team": person.team},
        **({} if person.deleted else _standing_keys(workspace, person)),
        **({"locale": person.locale} if locale else {}),
    }


def _zone_keys(workspace: Workspace, person: Person) -> Json:
    try:
        zone = ZoneInfo(person.tz or "")
    except (KeyError, ValueError, OSError):  # no zone, or one that Slack has and this machine has not
        offset = {} if person.offset is None else {"tz_offset": person.offset}
        return {"tz": person.tz, "tz_label": None, **offset}
    here = datetime.fromtimestamp(workspace.clock(), UTC).astimezone(zone)
    offset_now = here.utcoffset()
    seconds = int(offset_now.total_seconds()) if offset_now else 0
    return {"tz": person.tz, "tz_label": here.tzname(), "tz_offset": seconds}


def _standing_keys(workspace: Workspace, person: Person) -> Json:
    organization = {"id": person.id, "enterprise_id": "E0LOCAL", "teams": list(person.enterprise_teams)}
    return {
        **_zone_keys(workspace, person),
        "is_admin": person.admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.guest or person.single_channel,
        "is_ultra_restricted": person.single_channel,
        **({"is_stranger": True} if person.team != TEAM_ID and not person.enterprise_teams else {}),
        **({"enterprise_user": organization} if person.enterprise_teams else {}),
    }
