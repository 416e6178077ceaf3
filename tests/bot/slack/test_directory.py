"""What a user object of Slack's says: whose somebody is, what they may be called, and which clock is theirs."""

from typing import Any

import pytest

from bot.slack.directory import Home, read_profile
from domain.identity.people import Standing, ZoneSource

OURS = Home(team_id="T0LOCAL", enterprise_id="")
IN_ORGANIZATION = Home(team_id="T0LOCAL", enterprise_id="E0LOCAL")
WHOLE_ORGANIZATION = Home(team_id="", enterprise_id="E0LOCAL")
IN_OURS = {"enterprise_user": {"enterprise_id": "E0LOCAL", "teams": ["T0OTHER", "T0LOCAL"]}}
ELSEWHERE = {"enterprise_user": {"enterprise_id": "E0LOCAL", "teams": ["T0OTHER"]}}
NO_TEAMS = {"enterprise_user": {"enterprise_id": "E0LOCAL"}}
ODD_TEAMS = {"enterprise_user": {"enterprise_id": "E0LOCAL", "teams": "T0LOCAL"}}
MEMBER, GUEST, STRANGER, GONE = Standing.MEMBER, Standing.GUEST, Standing.STRANGER, Standing.GONE


@pytest.mark.parametrize(
    ("home", "user", "standing"),
    [
        (OURS, {}, MEMBER),  # flags and team are missing in older fakes
        (OURS, {"team_id": "T0LOCAL"}, MEMBER),
        (OURS, {"team_id": "T0OTHER"}, STRANGER),
        (OURS, {"team_id": "T0LOCAL", "is_stranger": True}, STRANGER),
        (OURS, {"team_id": "T0LOCAL", "is_external": True}, STRANGER),
        (OURS, {"team_id": "T0OTHER", "is_restricted": True}, STRANGER),
        (OURS, {"is_restricted": True}, GUEST),
        (OURS, {"is_ultra_restricted": True}, GUEST),
        (OURS, {"is_restricted": True, "is_ultra_restricted": True, "is_admin": True}, GUEST),
        (OURS, {"deleted": True, "team_id": "T0OTHER"}, GONE),
        (OURS, {"is_bot": True}, GONE),
        (OURS, {"id": "USLACKBOT"}, GONE),
        (IN_ORGANIZATION, {"team_id": "T0OTHER", **IN_OURS}, MEMBER),
        (IN_ORGANIZATION, {"team_id": "T0OTHER", **ELSEWHERE}, STRANGER),
        (IN_ORGANIZATION, {"team_id": "E0LOCAL", **IN_OURS}, MEMBER),
        (IN_ORGANIZATION, {"team_id": "T0OTHER", **NO_TEAMS}, STRANGER),
        (IN_ORGANIZATION, {"team_id": "T0OTHER", **ODD_TEAMS}, STRANGER),
        (IN_ORGANIZATION, {"team_id": "T0LOCAL", **ELSEWHERE}, MEMBER),
        (IN_ORGANIZATION, {"team_id": "T0OTHER"}, STRANGER),
        (WHOLE_ORGANIZATION, {"team_id": "T0ANY", **ELSEWHERE}, MEMBER),
        (WHOLE_ORGANIZATION, {"enterprise_user": {"enterprise_id": "E0FAR", "teams": []}}, STRANGER),
    ],
)
def test_whose_somebody_is_follows_from_slacks_flags(
    home: Home, user: dict[str, Any], standing: Standing
) -> None:
    said = read_profile({"id": "U0X", "is_admin": True, "is_owner": True, **user}, home)
    assert said.standing is standing
    assert said.admin is (standing is MEMBER)  # another company's admin is none of ours


@pytest.mark.parametrize(
    ("user", "zone", "said_by"),
    [
        ({"tz": "Europe/Berlin", "tz_offset": 3_600}, "Europe/Berlin", ZoneSource.SLACK),
        ({"tz": None, "tz_offset": -28_800}, "Etc/GMT+8", ZoneSource.OFFSET),
        ({"tz": "Europe", "tz_offset": 3_600}, "Etc/GMT-1", ZoneSource.OFFSET),
        ({"tz": "Mars/Base", "tz_offset": 50_400}, "Etc/GMT-14", ZoneSource.OFFSET),
        ({"tz": "../etc/passwd", "tz_offset": 0}, "Etc/GMT", ZoneSource.OFFSET),
        ({"tz": "", "tz_offset": -43_200}, "Etc/GMT+12", ZoneSource.OFFSET),
        ({"tz": None, "tz_offset": 19_800}, "UTC", ZoneSource.UNKNOWN),
        ({"tz": None, "tz_offset": 10**30}, "UTC", ZoneSource.UNKNOWN),
        ({"tz": None, "tz_offset": None}, "UTC", ZoneSource.UNKNOWN),
        ({"tz": ["Europe/Berlin"], "tz_offset": True}, "UTC", ZoneSource.UNKNOWN),
        ({"tz": {}, "tz_offset": "-28800"}, "UTC", ZoneSource.UNKNOWN),
        ({"tz": None, "tz_offset": -28_800.0}, "UTC", ZoneSource.UNKNOWN),
        ({}, "UTC", ZoneSource.UNKNOWN),
    ],
)
def test_a_clock_is_the_one_that_slack_names_or_as_far_from_utc_as_it_says(
    user: dict[str, Any], zone: str, said_by: ZoneSource
) -> None:
    said = read_profile({"id": "U0X", **user}, OURS)
    assert (said.zone.key, said.zone_from) == (zone, said_by)


@pytest.mark.parametrize("profile", [None, "text", ["a"], {"display_name": 7}, {"email": ""}])
def test_an_odd_profile_is_read_as_far_as_it_goes(profile: object) -> None:
    said = read_profile({"id": "U0X", "name": "ben", "profile": profile}, OURS)
    assert said.name in {"ben", "7"}
    assert said.email is None
