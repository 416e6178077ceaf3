"""Days as people type them: `yesterday`, `mon`, `last friday`, `12/11`, `13 nov`, `2026-11-12`, `2 days ago`.

Reading and resolving are two steps. What was typed becomes a value without knowing who typed it or when; the value
becomes a date with the person's date and date order.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from domain.errors import Refusal
from domain.language.english import MONTH, MONTHS, WEEKDAY, WEEKDAYS, WORD, number
from domain.language.patterns import Shape

LONGEST = 300  # characters that are looked at
OLDEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysAgo:
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestWeekday:
    """Monday is 0. Today counts unless `last` was said."""

    weekday: int
    before_today: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekdayOfWeek:
    """In this week, or in one before it: weeks begin on Monday."""

    weekday: int
    weeks_ago: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDate:
    """Without a year: the nearest such date that is not in the future."""

    day: int
    month: int
    year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InTwoNumbers:
    """12/11: which of them is the month depends on who says it."""

    first: int
    second: int
    year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfMonth:
    """The 12th: of this month, or of the nearest one before it that has such a day. With `months_ago` it is the 12th of
    that month and of no other."""

    day: int
    months_ago: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateOnWeekday:
    """Monday, 16 nov: both must be true."""

    date: OnDate | InTwoNumbers
    weekday: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotYet:
    """Tomorrow and the like: understood, to be refused for what it is."""

    said: str


Day = DaysAgo | LatestWeekday | WeekdayOfWeek | OnDate | InTwoNumbers | DayOfMonth | DateOnWeekday | NotYet


def parse_day(text: str) -> Day | None:
    """The day that the whole text is: `yesterday`, `mon`, `12 nov`, `2026-11-12`. None when it is none."""
    text = whole(text)
    return read_day(text) if len(text) <= LONGEST and _DAY_ALONE.fullmatch(text) else None


def resolve_day(day: Day, *, today: date, day_first: bool) -> date:
    """The date that is meant, never later than `today`. Raises Refusal."""
    found = date_of(day, today, day_first)
    if found > today:
        raise Refusal(f"{written(found)} has not come yet. Nothing was changed.")
    if today - found > OLDEST:
        raise Refusal("That is more than a year ago. Please give a nearer day.")
    return found


def date_of(day: Day, today: date, day_first: bool) -> date:
    match day:
        case DaysAgo(days=days):
            return today - timedelta(days=days)
        case LatestWeekday(weekday=weekday, before_today=before_today):
            back = (today.weekday() - weekday) % 7
            return today - timedelta(days=back or (7 if before_today else 0))
        case WeekdayOfWeek(weekday=weekday, weeks_ago=weeks):
            return today + timedelta(days=weekday - today.weekday() - 7 * weeks)
        case InTwoNumbers(first=first, second=second, year=year):
            number, month = (first, second) if day_first else (second, first)
            return _nearest(number, month, year, today)
        case OnDate(day=number, month=month, year=year):
            return _nearest(number, month, year, today)
        case DayOfMonth(day=number, months_ago=months):
            if months is None:
                return _nearest_in_any_month(number, today)
            years, month = divmod(today.month - 1 - months, 12)
            return _nearest(number, month + 1, today.year + years, today)
        case DateOnWeekday(date=plain, weekday=weekday):
            found = date_of(plain, today, day_first)
            if found.weekday() != weekday:
                raise Refusal(
                    f"{written(found)} is a {found:%A}. Please say which you mean. Nothing was changed."
                )
            return found
        case NotYet(said=said):
            raise Refusal(
                f"“{said}” has not come yet, and only time that has passed can be tracked. Nothing was changed."
            )


def _nearest(number: int, month: int, year: int | None, today: date) -> date:
    # Eight years reach over the leap day that a century may leave out.
    for candidate in [year] if year is not None else range(today.year, today.year - 9, -1):
        try:
            found = date(candidate, month, number)
        except ValueError:
            continue
        if year is not None or found <= today:
            return found
    raise Refusal(_NO_SUCH_DATE)


def _nearest_in_any_month(number: int, today: date) -> date:
    for back in range(12):
        years, month = divmod(today.month - 1 - back, 12)
        try:
            found = date(today.year + years, month + 1, number)
        except ValueError:
            continue
        if found <= today:
            return found
    raise Refusal(_NO_SUCH_DATE)


_NO_SUCH_DATE = "There is no such date. Try `13 nov` or `2026-11-13`. Nothing was changed."


def written(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


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


def read_day(text: str) -> Day:
    """The day that a piece of text is which `DAY` matches."""
    said = said_in(_DAY_ALONE, text)
    if dated := said.get("dated"):
        return DateOnWeekday(date=_date(said), weekday=WEEKDAYS[dated])
    if relative := said.get("relative"):
        return DaysAgo(days=["today", "yesterday"].index(relative) if " " not in relative else 2)
    if "future" in said:
        return NotYet(said=said["future"])
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


def _date(said: dict[str, str]) -> OnDate | InTwoNumbers:
    if "iso" in said:
        year, month, day = map(int, re.split("[-/]", said["iso"]))
        return OnDate(day=day, month=month, year=year)
    for one in ("1", "2"):
        if f"month{one}" in said:
            day, month, named_year = (
                int(said[f"day{one}"]),
                MONTHS[said[f"month{one}"]],
                said.get(f"year{one}"),
            )
            return OnDate(day=day, month=month, year=int(named_year) if named_year else None)
    first, second = said.get("first") or said["first_d"], said.get("second") or said["second_d"]
    year_said = said.get("year") or said.get("year_d")
    century = 2000 if year_said and len(year_said) == 2 else 0
    return InTwoNumbers(
        first=int(first), second=int(second), year=int(year_said) + century if year_said else None
    )
