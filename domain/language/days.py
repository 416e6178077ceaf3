"""Reads days: `yesterday`, `mon`, `last friday`, `12/11`, `13 nov`, `2026-11-12`, `2 days ago`.

A day becomes a `DayPhrase` without knowing who typed it or when; `domain.time.days` resolves it.
"""

import re

from domain.language.english import MONTH, MONTHS, NUMBER_IN_WORDS, WEEKDAY, WEEKDAYS, parse_number
from domain.language.patterns import TimePattern
from domain.time.days import (
    CalendarDate,
    DateWithWeekday,
    DayOfMonth,
    DayPhrase,
    DaysAgo,
    FutureDay,
    LatestWeekday,
    NumericDate,
    WeekdayOfWeek,
)

LONGEST = 300  # characters that are looked at


def parse_day(text: str) -> DayPhrase | None:
    """Read a text that consists of a day only; None if it does not."""
    text = normalize(text)
    return read_day(text) if len(text) <= LONGEST and _DAY_ALONE.fullmatch(text) else None


def normalize(text: str) -> str:
    """Return the text with single spaces, and without the punctuation at its end."""
    return " ".join(text.split()).rstrip(".,;!").rstrip()


def without_group_names(pattern: str) -> str:
    """Return the pattern without the names of its groups, for use inside a larger pattern. The text that this part
    matches is then read with a separate pattern."""
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


def match_groups(pattern: TimePattern, text: str) -> dict[str, str]:
    """Return the text that each named group matched, in lower case; an empty dict if the pattern does not match the
    whole text."""
    found = pattern.fullmatch(text)
    return {name: groups.lower() for name, groups in found.groups().items() if groups} if found else {}


_YEAR = r"(?:19|20)\d\d"
_COUNT = rf"(?:\d{{1,3}}|an?|{NUMBER_IN_WORDS})"
_DATE = (
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2})"
    rf"|(?P<day1>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)?[ -]?(?P<month1>{MONTH})\b(?:,?[ -](?P<year1>{_YEAR}))?"
    rf"|(?P<month2>{MONTH})\.?[ -]?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year2>{_YEAR}))?"
    r"|(?P<first_d>\d{1,2})[-./](?P<second_d>\d{1,2})[-./](?P<year_d>\d{4})"
)
# 24/7 means around the clock, not 24 July.
_NUMBERS = r"(?!24/7(?![\d/.]))(?P<first>\d{1,2})[/.](?P<second>\d{1,2})(?:[/.](?P<year>\d{4}|\d\d))?\.?"
_FUTURE = (
    r"(?P<future>tomorrow|(?:the )?day after tomorrow"
    rf"|(?:on )?next (?:{WEEKDAY}|weekend|week|month|year)"
    rf"|in {_COUNT} (?:days?|weeks?)|{_COUNT} (?:days?|weeks?) from now)"
)


def _day_pattern(dates: str) -> str:
    return (
        rf"(?:(?P<relative>(?:the )?day before yesterday|yesterday|today)|{_FUTURE}"
        rf"|(?P<count>{_COUNT}) (?P<unit>day|week|fortnight)s? ago"
        r"|(?:on )?(?:the )?(?P<day_of>\d{1,2})(?:st|nd|rd|th) of (?:the )?(?P<month_of>this|last|previous) month"
        rf"|(?:on )?(?:(?P<dated>{WEEKDAY}),? )?(?:the )?(?:{dates})"
        rf"|(?:on )?(?P<weekday1>{WEEKDAY})(?: of| in)? (?P<week1>this|last) week"
        rf"|(?P<week2>this|last) week(?:['’]s)?(?: on)? (?P<weekday2>{WEEKDAY})"
        rf"|(?:on )?(?:(?P<which>last|this past|past|previous|this) )?(?P<weekday>{WEEKDAY})"
        r"|(?:on )?the (?P<ordinal>\d{1,2})(?:st|nd|rd|th))"
    )


_DAY_ALONE = TimePattern(_day_pattern(rf"{_DATE}|{_NUMBERS}"))
DAY = without_group_names(_DAY_ALONE.pattern)
# Without numeric forms such as 2.5 and 12/11, which mean something else in the middle of a note.
DAY_IN_WORDS = rf"(?:{without_group_names(_day_pattern(_DATE))}|on {without_group_names(_NUMBERS)})"


def read_day(text: str) -> DayPhrase:
    """Read a piece of text that `DAY` matches."""
    groups = match_groups(_DAY_ALONE, text)
    if dated := groups.get("dated"):
        return DateWithWeekday(date=_read_date(groups), weekday=WEEKDAYS[dated])
    if relative := groups.get("relative"):
        return DaysAgo(days=["today", "yesterday"].index(relative) if " " not in relative else 2)
    if "future" in groups:
        return FutureDay(words=groups["future"])
    if "count" in groups:
        return DaysAgo(
            days=parse_number(groups["count"]) * {"day": 1, "week": 7, "fortnight": 14}[groups["unit"]]
        )
    if "day_of" in groups:
        return DayOfMonth(day=int(groups["day_of"]), months_ago=int(groups["month_of"] != "this"))
    if weekday := groups.get("weekday1") or groups.get("weekday2"):
        week = groups.get("week1") or groups.get("week2")
        return WeekdayOfWeek(weekday=WEEKDAYS[weekday], weeks_ago=int(week == "last"))
    if weekday := groups.get("weekday"):
        if groups.get("which") == "this":
            return WeekdayOfWeek(weekday=WEEKDAYS[weekday], weeks_ago=0)
        return LatestWeekday(weekday=WEEKDAYS[weekday], before_today="which" in groups)
    if "ordinal" in groups:
        return DayOfMonth(day=int(groups["ordinal"]))
    return _read_date(groups)


def _read_date(groups: dict[str, str]) -> CalendarDate | NumericDate:
    if "iso" in groups:
        year, month, day = map(int, re.split("[-/]", groups["iso"]))
        return CalendarDate(day=day, month=month, year=year)
    for one in ("1", "2"):
        if f"month{one}" in groups:
            day, month, named_year = (
                int(groups[f"day{one}"]),
                MONTHS[groups[f"month{one}"]],
                groups.get(f"year{one}"),
            )
            return CalendarDate(day=day, month=month, year=int(named_year) if named_year else None)
    first, second = groups.get("first") or groups["first_d"], groups.get("second") or groups["second_d"]
    digits = groups.get("year") or groups.get("year_d")
    century = 2000 if digits and len(digits) == 2 else 0
    return NumericDate(first=int(first), second=int(second), year=int(digits) + century if digits else None)
