"""Reads periods: `last week`, `october`, `last 7 days`, `1 nov to 12 nov`."""

import re
from dataclasses import replace

from domain.errors import NotUnderstood
from domain.language.days import DAY, LONGEST, match_groups, normalize, parse_day, read_day
from domain.language.english import MONTH, MONTHS, NUMBER_IN_WORDS, parse_number
from domain.language.patterns import PatternMatch, TimePattern
from domain.time.days import CalendarDate
from domain.time.periods import (
    LastDays,
    MonthPeriod,
    Period,
    PeriodPhrase,
    PeriodRange,
    WeekPeriod,
    WeekPhrase,
    WeekWithDay,
    YearPeriod,
)


def parse_period(text: str) -> PeriodPhrase | None:
    """Read a text that consists of a period only; None if it does not. Raises NotUnderstood with a hint if it is
    nearly a period."""
    text = normalize(text.lower())
    if len(text) > LONGEST:
        return None
    if found := _DAYS_OF_MONTH.fullmatch(text):
        return _read_days_of_month(found)
    if phrase := _parse_single_period(text):
        return phrase
    if (found := _SINCE.fullmatch(text)) and (since := _parse_single_period(found["first"])):
        return PeriodRange(first=since, last=None)
    if both := _parse_range(text):
        return both
    for pattern, hint in _NEARLY:
        if pattern.fullmatch(text):
            raise NotUnderstood(f"I didn't understand “{text}” as days. {hint}")
    return None


def parse_week(text: str) -> WeekPhrase:
    """Read a text that names a week: `last`, `this`, `2026-W47`, or any day in the week. Raises NotUnderstood."""
    phrase = parse_period(text) or parse_period(f"{text} week")
    if (
        phrase is None
        or phrase in _LONGER
        or isinstance(phrase, PeriodRange | LastDays | MonthPeriod | YearPeriod)
    ):
        raise NotUnderstood(
            f"I didn't understand “{text[:60]}” as a week. I know `last`, `this`, `2026-W47`, and any day that lies "
            "in it, such as `16 nov`. Nothing was changed."
        )
    return phrase


_LONGER = {Period.THIS_MONTH, Period.LAST_MONTH, Period.THIS_YEAR, Period.LAST_YEAR}


def _parse_single_period(text: str) -> PeriodPhrase | None:
    """Read a period that is not a range between two periods."""
    text = _FILLER.sub("", text)
    if text in _NAMED:
        return _NAMED[text]
    if found := _LAST_DAYS.fullmatch(text):
        return LastDays(days=parse_number(found["days"]) * (7 if found["unit"].startswith("week") else 1))
    if groups := match_groups(_MONTH, text):
        year = groups.get("year") or groups.get("year2") or groups.get("year3")
        month = (
            MONTHS[groups["month"]] if "month" in groups else int(groups.get("number") or groups["number3"])
        )
        return MonthPeriod(month=month, year=int(year) if year else None)
    if found := _YEAR.fullmatch(text):
        return YearPeriod(year=int(found["year"]))
    if groups := match_groups(_WEEK, text):
        year = groups.get("year") or groups.get("year2")
        return WeekPeriod(week=int(groups.get("week") or groups["week2"]), year=int(year) if year else None)
    if found := _WEEK_OF.fullmatch(text):
        return WeekWithDay(day=read_day(found["day"]))
    # "two weeks ago" means a day to some people and a week to others.
    return None if _WEEKS_AGO.fullmatch(text) else parse_day(text)


def _read_days_of_month(found: PatternMatch) -> PeriodRange:
    month = MONTHS[found["month"] or found["month2"]]
    year = found["year"] or found["year2"]
    first, last = (
        CalendarDate(day=int(found[name] or found[f"{name}2"]), month=month, year=int(year) if year else None)
        for name in ("first", "last")
    )
    return PeriodRange(first=first, last=last)


def _parse_range(text: str) -> PeriodRange | None:
    # A dash may join two days, or the parts of one day, so every dash is tried.
    text = re.sub("^(?:from|between) ", "", text)
    for found in _DATE_TO.finditer(text):
        first, last = _parse_single_period(text[: found.start()]), _parse_single_period(text[found.end() :])
        if first and last:
            return PeriodRange(first=_with_year_of(first, last), last=last)
    return None


def _with_year_of(first: PeriodPhrase, last: PeriodPhrase) -> PeriodPhrase:
    """Give the first day the year of the last: "1 nov to 12 nov 2025"."""
    if isinstance(first, CalendarDate) and isinstance(last, CalendarDate) and last.year and not first.year:
        over_new_year = (first.month, first.day) > (last.month, last.day)
        return replace(first, year=last.year - over_new_year)
    if isinstance(first, MonthPeriod) and isinstance(last, MonthPeriod) and last.year and not first.year:
        return replace(first, year=last.year - (first.month > last.month))
    return first


_NAMED: dict[str, PeriodPhrase] = {
    **{period.value: period for period in Period},
    "day": Period.TODAY,
    "week": Period.THIS_WEEK, "current week": Period.THIS_WEEK, "week to date": Period.THIS_WEEK,
    "week last": Period.LAST_WEEK, "previous week": Period.LAST_WEEK,
    "month": Period.THIS_MONTH, "current month": Period.THIS_MONTH, "month to date": Period.THIS_MONTH,
    "mtd": Period.THIS_MONTH,
    "month last": Period.LAST_MONTH, "previous month": Period.LAST_MONTH,
    "year": Period.THIS_YEAR, "current year": Period.THIS_YEAR, "year to date": Period.THIS_YEAR,
    "ytd": Period.THIS_YEAR,
    "year last": Period.LAST_YEAR, "previous year": Period.LAST_YEAR,
    "now": Period.TODAY,
}  # fmt: skip
_Y, _N = r"(?:19|20)\d\d", rf"(?:\d{{1,3}}|{NUMBER_IN_WORDS})"
_FILLER = re.compile(
    r"^(?:in |during |of |for )?(?:the (?=(?:last|past|week|month|year|current|previous)\b))?"
)
_LAST_DAYS = TimePattern(rf"(?:(?:last|past) )?(?P<days>{_N}) (?P<unit>days?|weeks?)")
_MONTH = TimePattern(
    rf"(?P<month>{MONTH})(?:,? (?P<year>{_Y}))?|(?P<year2>{_Y})[-/](?P<number>0[1-9]|1[0-2])"
    rf"|(?P<number3>0?[1-9]|1[0-2])[/.](?P<year3>{_Y})"
)
_YEAR = TimePattern(rf"(?P<year>{_Y})")
_WEEK = TimePattern(
    rf"(?:(?:calendar |iso )?week (?:no\.? |number |#)?|(?:w|kw|cw|wk) ?)(?P<week>\d{{1,2}})"
    rf"(?:(?:,| of|/)? ?(?P<year>{_Y}))?|(?P<year2>{_Y})-?w(?P<week2>\d{{1,2}})"
)
_WEEK_OF = TimePattern(rf"week of (?P<day>{DAY})")
_WEEKS_AGO = TimePattern(rf"(?:an?|{_N}) weeks? ago")
_TO = r"(?: ?(?:->|→|[-–—‐‑‒−]|\.\.) ?| (?:to|until|till|til|through|thru|and) )"
_DATE_TO = TimePattern(_TO)
_TH = r"(?:st|nd|rd|th)?"
_DAYS_OF_MONTH = TimePattern(
    rf"(?:from |between )?(?:the )?(?P<first>\d{{1,2}}){_TH}{_TO}(?:the )?(?P<last>\d{{1,2}}){_TH}(?: of)? "
    rf"(?P<month>{MONTH})(?:,? (?P<year>{_Y}))?"
    rf"|(?:from |between )?(?P<month2>{MONTH}) (?P<first2>\d{{1,2}}){_TH}{_TO}(?P<last2>\d{{1,2}}){_TH}"
    rf"(?:,? (?P<year2>{_Y}))?"
)
_SINCE = TimePattern(r"(?:since|from) (?P<first>.+)")
_NEARLY = [
    (TimePattern(pattern), hint)
    for pattern, hint in (
        (
            r"(?:the )?(?:past week|(?:last|past) (?:few|couple of) (?:days|weeks))",
            "Say `last 7 days` for the days until today, or `last week` for Monday to Sunday.",
        ),
        (r"(?:the )?past (?:month|year)", "Say `last 30 days` for the days until today, or `last month`."),
        (r"(?:the )?next .+", "Only days that have come can be shown: try `this week`."),
        (
            rf"(?:this |last |previous )?quarter|q[1-4](?:[ /]{_Y})?",
            "Say both ends, such as `1 jul to 30 sep`.",
        ),
        (
            rf"(?:the )?(?:(?:last|past) )?(?:{_N}|few) (?:months?|years?)",
            "Say both ends, such as `1 sep to today`.",
        ),
        (r"(?:(?:this|last|the|past) )?weekend", "Say both days, such as `14 nov to 15 nov`."),
        (
            rf"(?:an?|{_N}) weeks? ago|(?:the )?week before last",
            "Say `week 46`, or `week of 9 nov` with a day that lies in it.",
        ),
        (rf"(?:this|last|past) {MONTH}", "Please name the year, such as `october 2025`."),
        (r"all(?: time)?|everything|ever|forever", "A report covers a year at most: try `this year`."),
    )
]
