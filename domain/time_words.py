"""The words for time, and the patterns and values made of them: lengths, times of day, days.

Another language brings tables like the first ones here, and patterns like those below them.
"""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from domain.errors import NotUnderstood, Refusal

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


Day = DaysAgo | LatestWeekday | OnDate | InTwoNumbers


def parse_day(text: str) -> Day | None:
    """The day that the whole text is: `yesterday`, `mon`, `12 nov`, `2026-11-12`. None when it is none."""
    found = _DAY_ALONE.fullmatch(text.strip()) if len(text) <= LONGEST else None
    return (
        day_said({name: said.lower() for name, said in found.groupdict().items() if said}) if found else None
    )


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
        case InTwoNumbers(first=first, second=second, year=year):
            number, month = (first, second) if day_first else (second, first)
            return _nearest(number, month, year, today)
        case OnDate(day=number, month=month, year=year):
            return _nearest(number, month, year, today)


def _nearest(number: int, month: int, year: int | None, today: date) -> date:
    # Eight years reach over the leap day that a century may leave out.
    for candidate in [year] if year is not None else range(today.year, today.year - 9, -1):
        try:
            found = date(candidate, month, number)
        except ValueError:
            continue
        if year is not None or found <= today:
            return found
    raise Refusal("There is no such date. Try `13 nov` or `2026-11-13`. Nothing was changed.")


def written(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _any(names: dict[str, int]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


def _numbered(text: str, first: int) -> dict[str, int]:
    return {name: number for number, names in enumerate(text.split("|"), first) for name in names.split()}


_WEEKDAYS = _numbered(
    "monday mon|tuesday tues tue|wednesday weds wed|thursday thurs thur thu|friday fri|saturday sat|sunday sun",
    0,
)
_MONTHS = _numbered(
    "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep"
    "|october oct|november nov|december dec",
    1,
)
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}

_NUMBER = rf"(?:\d{{1,3}}(?:[.,]\d{{1,2}})?|(?:{_any(_COUNTS)})\b)"
_HOURS, _MINUTES = r"(?:hours|hour|hrs|hr|h)", r"(?:minutes|minute|mins|min|m)"
LENGTH = (
    r"(?:(?P<half>half an hour|a half hour|half hour)"
    r"|(?P<and_half>(?:an|one|1) hour and a half|one and a half hours)"
    r"|(?P<quarter>a quarter of an hour|a quarter hour|quarter of an hour)"
    rf"|(?P<clock_h>\d{{1,2}}):(?P<clock_m>[0-5]\d) ?{_HOURS}"
    rf"|(?P<hours>{_NUMBER}) ?{_HOURS}(?:(?: ?and)? ?(?P<and_minutes>[0-5]?\d)(?: ?{_MINUTES})?)?"
    rf"|(?P<minutes>\d{{1,4}}|(?:{_any(_COUNTS)})\b) ?{_MINUTES})"
)
_NAMED_TIME = r"(?P<named>noon|midday|midnight)"
FULL_TIME = (
    rf"(?:{_NAMED_TIME}|(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?: ?(?P<half_day>am|pm))?"
    r"|(?P<hour12>1[0-2]|0?[1-9]) ?(?P<half_day12>am|pm))"
)
TIME = rf"(?:{FULL_TIME}|(?P<bare>[01]?\d|2[0-3]))"
DAY = (
    r"(?:(?P<relative>today|yesterday)"
    rf"|(?P<days>\d{{1,3}}|{_any(_COUNTS)}) days? ago"
    rf"|(?:on )?(?P<which>last |this )?(?P<weekday>{_any(_WEEKDAYS)})"
    r"|(?:on )?(?P<iso>\d{4}-\d\d-\d\d)"
    r"|(?:on )?(?P<first>\d{1,2})[/.](?P<second>\d{1,2})(?:[/.](?P<year>\d{4}|\d\d))?"
    rf"|(?:on )?(?P<day1>\d{{1,2}})(?:st|nd|rd|th)? (?P<month1>{_any(_MONTHS)})(?: (?P<year1>\d{{4}}))?"
    rf"|(?:on )?(?P<month2>{_any(_MONTHS)}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year2>\d{{4}}))?)"
)
LEAD = r"(?:since|from|at|started at|started)"
END = r"(?![\w:.,/-]*\w)"  # the next word begins, or nothing does: never half of one


def patterns(before: str, after: str, *shapes: str) -> list[re.Pattern[str]]:
    return [re.compile(before + f"(?:{shape})" + after, re.IGNORECASE | re.ASCII) for shape in shapes]


_DAY_ALONE = re.compile(DAY, re.IGNORECASE | re.ASCII)


def length_said(said: dict[str, str]) -> timedelta:
    for name, minutes in (("half", 30), ("and_half", 90), ("quarter", 15)):
        if name in said:
            return timedelta(minutes=minutes)
    if "clock_h" in said:
        return timedelta(hours=int(said["clock_h"]), minutes=int(said["clock_m"]))
    if "minutes" in said:
        return timedelta(minutes=_count(said["minutes"]))
    return timedelta(hours=_count(said["hours"]), minutes=int(said.get("and_minutes", 0)))


def _count(text: str) -> float:
    return _COUNTS[text] if text in _COUNTS else float(text.replace(",", "."))


def time_said(said: dict[str, str]) -> time:
    if "named" in said:
        return time(0) if said["named"] == "midnight" else time(12)
    hour = int(said.get("hour") or said.get("hour12") or said["bare"])
    half = said.get("half_day") or said.get("half_day12")
    if half and not 1 <= hour <= 12:
        raise NotUnderstood(
            f"There is no {hour} o'clock {half}. Try `14:15` or `2:15pm`. Nothing was changed."
        )
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, int(said.get("minute", 0)))


def day_said(said: dict[str, str]) -> Day | None:
    if "relative" in said:
        return DaysAgo(days=int(said["relative"] == "yesterday"))
    if "days" in said:
        return DaysAgo(days=int(_count(said["days"])))
    if "weekday" in said:
        return LatestWeekday(weekday=_WEEKDAYS[said["weekday"]], before_today=said.get("which") == "last ")
    if "iso" in said:
        year, month, day = map(int, said["iso"].split("-"))
        return OnDate(day=day, month=month, year=year)
    if "first" in said:
        year_said = said.get("year")
        century = 2000 if year_said and len(year_said) == 2 else 0
        return InTwoNumbers(
            first=int(said["first"]),
            second=int(said["second"]),
            year=int(year_said) + century if year_said else None,
        )
    for number in ("1", "2"):
        if f"month{number}" in said:
            named_year = said.get(f"year{number}")
            return OnDate(
                day=int(said[f"day{number}"]),
                month=_MONTHS[said[f"month{number}"]],
                year=int(named_year) if named_year else None,
            )
    return None
