"""Days as people type them: `yesterday`, `mon`, `last friday`, `12/11`, `13 nov`, `2026-11-12`, `2 days ago`.

What was typed becomes a value of `domain.time.days` without knowing who typed it or when; resolving it comes later.
"""

import re

from domain.language.english import MONTH, MONTHS, WEEKDAY, WEEKDAYS, WORD, number
from domain.language.patterns import Shape
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
    """The day that the whole text is: `yesterday`, `mon`, `12 nov`, `2026-11-12`. None when it is none."""
    text = whole(text)
    return read_day(text) if len(text) <= LONGEST and _DAY_ALONE.fullmatch(text) else None


def whole(text: str) -> str:
    """Without what ends a sentence, and with single spaces."""
    return " ".join(text.split()).rstrip(".,;!").rstrip()


def unnamed(pattern: str) -> str:
    """The same pattern without the names of its groups, to be a part of a larger one: parts are read on their own."""
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


def said_in(pattern: Shape, text: str) -> dict[str, str]:
    """What the named groups of the pattern hold, in lower case; empty where it is not the whole text."""
    found = pattern.fullmatch(text)
    return {name: said.lower() for name, said in found.said().items() if said} if found else {}


_YEAR = r"(?:19|20)\d\d"
_COUNT = rf"(?:\d{{1,3}}|an?|{WORD})"
_DATE = (
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2})"
    rf"|(?P<day1>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)?[ -]?(?P<month1>{MONTH})\b(?:,?[ -](?P<year1>{_YEAR}))?"
    rf"|(?P<month2>{MONTH})\.?[ -]?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year2>{_YEAR}))?"
    r"|(?P<first_d>\d{1,2})[-./](?P<second_d>\d{1,2})[-./](?P<year_d>\d{4})"
)
# 24/7 is around the clock, and no July.
_NUMBERS = r"(?!24/7(?![\d/.]))(?P<first>\d{1,2})[/.](?P<second>\d{1,2})(?:[/.](?P<year>\d{4}|\d\d))?\.?"
_FUTURE = (
    r"(?P<future>tomorrow|(?:the )?day after tomorrow"
    rf"|(?:on )?next (?:{WEEKDAY}|weekend|week|month|year)"
    rf"|in {_COUNT} (?:days?|weeks?)|{_COUNT} (?:days?|weeks?) from now)"
)


def _day(dates: str) -> str:
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


_DAY_ALONE = Shape(_day(rf"{_DATE}|{_NUMBERS}"))
DAY = unnamed(_DAY_ALONE.pattern)
# Without the likes of 2.5 and 12/11, which are something else in the middle of a note.
DAY_IN_WORDS = rf"(?:{unnamed(_day(_DATE))}|on {unnamed(_NUMBERS)})"


def read_day(text: str) -> DayPhrase:
    """The day that a piece of text is which `DAY` matches."""
    said = said_in(_DAY_ALONE, text)
    if dated := said.get("dated"):
        return DateWithWeekday(date=_date(said), weekday=WEEKDAYS[dated])
    if relative := said.get("relative"):
        return DaysAgo(days=["today", "yesterday"].index(relative) if " " not in relative else 2)
    if "future" in said:
        return FutureDay(said=said["future"])
    if "count" in said:
        return DaysAgo(days=number(said["count"]) * {"day": 1, "week": 7, "fortnight": 14}[said["unit"]])
    if "day_of" in said:
        return DayOfMonth(day=int(said["day_of"]), months_ago=int(said["month_of"] != "this"))
    if weekday := said.get("weekday1") or said.get("weekday2"):
        week = said.get("week1") or said.get("week2")
        return WeekdayOfWeek(weekday=WEEKDAYS[weekday], weeks_ago=int(week == "last"))
    if weekday := said.get("weekday"):
        if said.get("which") == "this":
            return WeekdayOfWeek(weekday=WEEKDAYS[weekday], weeks_ago=0)
        return LatestWeekday(weekday=WEEKDAYS[weekday], before_today="which" in said)
    if "ordinal" in said:
        return DayOfMonth(day=int(said["ordinal"]))
    return _date(said)


def _date(said: dict[str, str]) -> CalendarDate | NumericDate:
    if "iso" in said:
        year, month, day = map(int, re.split("[-/]", said["iso"]))
        return CalendarDate(day=day, month=month, year=year)
    for one in ("1", "2"):
        if f"month{one}" in said:
            day, month, named_year = (
                int(said[f"day{one}"]),
                MONTHS[said[f"month{one}"]],
                said.get(f"year{one}"),
            )
            return CalendarDate(day=day, month=month, year=int(named_year) if named_year else None)
    first, second = said.get("first") or said["first_d"], said.get("second") or said["second_d"]
    year_said = said.get("year") or said.get("year_d")
    century = 2000 if year_said and len(year_said) == 2 else 0
    return NumericDate(
        first=int(first), second=int(second), year=int(year_said) + century if year_said else None
    )
