"""Reads lengths of time: `1h30`, `90m`, `1,5h`, `1:30h`, `half an hour`, `two and a half hours`."""

import re
from datetime import timedelta

from domain.language.days import match_groups, without_group_names
from domain.language.english import (
    ABOUT,
    HOURS,
    MINUTES,
    MONTH,
    NUMBER_IN_WORDS,
    PORTIONS,
    TENS_WORD,
    parse_number,
)
from domain.language.patterns import TimePattern

_WHOLE = rf"(?:\d{{1,3}}|an?\b|{NUMBER_IN_WORDS})"
_PORTION = r"(?:half|quarter|O++[ -]quarters?)"
_SHORT_PORTION = r"(?:[½¼¾]|(?<!\d)(?:1/2|1/4|3/4))"
_AND_MINUTES = (
    rf"(?:,? ?(?:and )?(?P<with_unit>[0-5]?\d|{NUMBER_IN_WORDS}) ?{MINUTES}"
    rf"|(?P<glued>[0-5]?\d)| (?:and )?(?P<apart>[0-5]\d(?! ?{MONTH}\b)|{TENS_WORD}))"
)
_SHAPES = (
    # half an hour, a quarter hour, three quarters of an hour, half-hour
    rf"(?:an? )?(?P<portion>{_PORTION})[ -](?:of[ -])?(?:an?[ -])?hour",
    # two and a half hours
    rf"(?P<whole1>{_WHOLE}) and (?:an? )?(?P<portion1>{_PORTION}) ?{HOURS}",
    # an hour and a half, hour and a half, 2h and a quarter
    rf"(?:(?P<whole2>{_WHOLE}) ?{HOURS}|hour) and (?:an? )?(?P<portion2>{_PORTION})",
    # 1½h, 1 1/2 hours, ½ hour
    rf"(?:(?P<whole3>\d{{1,2}}) ?)?(?P<portion3>{_SHORT_PORTION}) ?(?:of an )?{HOURS}",
    # 1:30h
    rf"(?P<clock_h>\d{{1,2}}):(?P<clock_m>[0-5]\d) ?{HOURS}",
    # 1h30, 1h 30m, 1 hour and 30 minutes, one hour thirty
    rf"(?P<hours>{_WHOLE})[ -]?{HOURS}{_AND_MINUTES}?",
    # 1.5h, 1,5 hours, .5h
    rf"(?P<decimal>\d{{0,3}}[.,]\d{{1,2}}) ?{HOURS}",
    rf"(?P<minutes>\d{{1,4}}|an?\b|{NUMBER_IN_WORDS})[ -]?{MINUTES}",
)
_LENGTH = TimePattern(rf"(?:{ABOUT} ?)?(?:{'|'.join(_SHAPES)})")
LENGTH = without_group_names(f"(?:{_LENGTH.pattern})")
# After a bare hour, a number may be the minutes.
ENDS_WITH_HOURS = re.compile(rf"(?:^|[\W\d]){HOURS}$", re.IGNORECASE)


def read_length(text: str) -> timedelta:
    """Read a piece of text that `LENGTH` matches."""
    groups = match_groups(_LENGTH, text)
    if "clock_h" in groups:
        return timedelta(hours=int(groups["clock_h"]), minutes=int(groups["clock_m"]))
    if "decimal" in groups:
        return timedelta(hours=float(groups["decimal"].replace(",", ".")))
    if "minutes" in groups:
        return timedelta(minutes=parse_number(groups["minutes"]))
    if "hours" in groups:
        minutes = groups.get("with_unit") or groups.get("glued") or groups.get("apart") or "0"
        return timedelta(hours=parse_number(groups["hours"]), minutes=parse_number(minutes))
    which = next(one for one in ("portion", "portion1", "portion2", "portion3") if one in groups)
    hours = groups.get(which.replace("portion", "whole"), "1" if which == "portion2" else "0")
    return timedelta(hours=parse_number(hours), minutes=_portion_minutes(groups[which]))


def _portion_minutes(portion: str) -> int:
    if portion in PORTIONS:
        return PORTIONS[portion]
    return parse_number(re.split("[ -]", portion)[0]) * PORTIONS["quarter"]
