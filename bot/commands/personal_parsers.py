"""What follows the name of a command about oneself: when to be told what, days off, tokens."""

import difflib
import re
from contextlib import suppress
from datetime import time, timedelta

from bot.commands.intents import (
    DigestNow,
    EndMyLink,
    Intent,
    MakeLinkCode,
    MakeToken,
    RevokeToken,
    SetPreferences,
    SetZone,
    TakeOff,
)
from domain.errors import NotUnderstood
from domain.identity.preferences import DigestChoice, PreferencesWish, ReminderChoice, TeamChoice, WeekChoice
from domain.identity.tokens import DEFAULT_NAME, READING, READING_AND_WRITING, TokenWish
from domain.language.days_off import parse_days_off
from domain.language.intervals import extract_interval
from domain.time.intervals import Amount
from domain.time.zones import ZONE_NAMES, find_zone

NOTHING = {"none", "nothing", "off"}


def digest(rest: str) -> Intent:
    word = rest.lower()
    if word == "now":
        return DigestNow()
    if word in {"on", "off"}:
        return _digest(DigestChoice(on=word == "on"))
    if word.startswith("target"):
        return SetPreferences(PreferencesWish(week=WeekChoice(target=amount(word.removeprefix("target")))))
    if word in _LOOKING_BACK:
        return SetPreferences(_LOOKING_BACK[word])
    at = _time_of_day(word)
    if at is None:
        raise NotUnderstood(
            "I know `/track digest on`, `off`, `now`, a time of day such as `/track digest 18:00`, "
            "`/track digest target 7h30`, which the day is measured against, `/track digest weekly off`, and for leads "
            "`/track digest team on`, `off` or `here`."
        )
    return _digest(DigestChoice(on=True, at=at))


_LOOKING_BACK = {
    "weekly on": PreferencesWish(weekly=True),
    "weekly off": PreferencesWish(weekly=False),
    "team on": PreferencesWish(team=TeamChoice(on=True)),
    "team off": PreferencesWish(team=TeamChoice(on=False)),
    "team here": PreferencesWish(team=TeamChoice(on=True, here=True)),
}


def amount(text: str) -> timedelta:
    """So much time a day, such as 7h30; nothing for `none`. Raises NotUnderstood."""
    text = text.strip()
    if text.lower() in NOTHING:
        return timedelta()
    with suppress(NotUnderstood):
        match extract_interval(text):
            case (Amount(length=length, day=None), ""):
                return length
    raise NotUnderstood("How much a day? For example `7h30` or `8h`; `none` is for no target.")


def take_off(rest: str) -> TakeOff:
    wish = parse_days_off(rest)
    if wish is None:
        raise NotUnderstood(
            "I know days such as `/track off tomorrow`, `/track off 24 dec to 31 dec` and `/track off next week`, and "
            "`/track off cancel 24 dec` for one that you work after all. Nothing was changed."
        )
    return TakeOff(wish)


def remind(rest: str) -> Intent:
    word = rest.lower()
    at = _time_of_day(word)
    if at is None and word not in NOTHING:
        raise NotUnderstood(
            "I know a time of day such as `/track remind 11:00`, and `/track remind off`. On working days I ask "
            "once when nothing is tracked by then."
        )
    return SetPreferences(PreferencesWish(reminder=ReminderChoice(at=at)))


def token(rest: str) -> MakeToken | RevokeToken:
    match rest.lower().split():
        case ["off"]:
            return RevokeToken(DEFAULT_NAME)
        case ["off", name]:
            return RevokeToken(name)
        case []:
            return MakeToken(TokenWish())
        case ["read" | "write" as may]:
            return MakeToken(TokenWish(scopes=_SCOPES[may]))
        case [name]:
            return MakeToken(TokenWish(name=name))
        case [name, "read" | "write" as may]:
            return MakeToken(TokenWish(name=name, scopes=_SCOPES[may]))
    raise NotUnderstood(
        "I know `/track token`, `/track token backup read` and `/track token off backup`: a name is one word."
    )


def link(rest: str) -> MakeLinkCode | EndMyLink:
    match rest.lower():
        case "":
            return MakeLinkCode()
        case "off":
            return EndMyLink()
    raise NotUnderstood(
        "I know `/track link`, which shows a code that links an account of the REST API to you, and `/track link off`, "
        "which ends that. Nothing was changed."
    )


def zone(rest: str) -> SetZone:
    if not rest:
        return SetZone(None)
    if found := find_zone(_NAMES.get(rest.casefold().replace(" ", "_"), "")):
        return SetZone(found)
    close = difflib.get_close_matches(rest.casefold().replace(" ", "_"), _NAMES, n=3, cutoff=0.7)
    close += [name for name in _NAMES if name.endswith(f"/{rest.casefold().replace(' ', '_')}")]
    meant = f" Did you mean {' or '.join(_NAMES[name] for name in dict.fromkeys(close))}?" if close else ""
    raise NotUnderstood(
        f"That is no time zone that I know.{meant} They are called after cities, such as `/track zone Europe/Berlin`. "
        "Nothing was changed."
    )


_NAMES = {name.casefold(): name for name in ZONE_NAMES}
_SCOPES = {"read": READING, "write": READING_AND_WRITING}


def _digest(choice: DigestChoice) -> SetPreferences:
    return SetPreferences(PreferencesWish(digest=choice))


def _time_of_day(word: str) -> time | None:
    found = _CLOCK.fullmatch(word)
    if not found or int(found[1]) > 23:
        return None
    return time(int(found[1]), int(found[2]))


_CLOCK = re.compile(r"(?:at )?(\d{1,2})[:.]([0-5]\d)", re.ASCII)
