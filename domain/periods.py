"""What people type for a stretch of days: `last week`, `october`, `last 7 days`, `1 nov to 12 nov`.

Read first, without knowing who typed it or when; resolved with the person's date and date order. Weeks begin on
Monday (ISO 8601). Nothing later than today is in any of them.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.errors import NotUnderstood, Refusal
from domain.time_words import LONGEST, MONTHS, Day, any_of, parse_day, resolve_day, written

LONGEST_PERIOD = timedelta(days=366)


class Period(StrEnum):
    TODAY = "today"
    YESTERDAY = "yesterday"
    THIS_WEEK = "this week"
    LAST_WEEK = "last week"
    THIS_MONTH = "this month"
    LAST_MONTH = "last month"
    THIS_YEAR = "this year"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfMonth:
    """Without a year: the latest such month that has begun."""

    month: int
    year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDays:
    """So many days, today included."""

    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FromTo:
    """`last` is None for "since": until today."""

    first: Day
    last: Day | None


PeriodSaid = Period | OfMonth | LastDays | FromTo | Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The days of a period, both included, and what it is called."""

    first: date
    last: date
    name: str

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]


def parse_period(text: str) -> PeriodSaid | None:
    """The stretch of days that the whole text is; None when it is none."""
    text = " ".join(text.lower().split())
    if len(text) > LONGEST:
        return None
    if text in _NAMED:
        return _NAMED[text]
    if found := _LAST_DAYS.fullmatch(text):
        return LastDays(days=int(found["days"]) * (7 if found["unit"].startswith("week") else 1))
    if found := _MONTH.fullmatch(text):
        year = found["year"] or found["year2"]
        month = MONTHS[found["month"]] if found["month"] else int(found["number"])
        return OfMonth(month=month, year=int(year) if year else None)
    if found := _FROM_TO.fullmatch(text):
        first, last = parse_day(found["first"]), parse_day(found["last"])
        return FromTo(first=first, last=last) if first and last else None
    if (found := _SINCE.fullmatch(text)) and (first := parse_day(found["first"])):
        return FromTo(first=first, last=None)
    return parse_day(text)


def resolve_period(said: PeriodSaid, *, today: date, day_first: bool) -> Dates:
    """Its days. Raises Refusal where there are none that have come, or too many."""
    match said:
        case Period():
            first, last = _named(said, today)
            return Dates(first=first, last=last, name=_capital(said.value))
        case LastDays(days=days):
            if not 1 <= days <= LONGEST_PERIOD.days:
                raise NotUnderstood("A report covers between one day and a year. Try `last 30 days`.")
            return Dates(first=today - timedelta(days=days - 1), last=today, name=f"Last {days} days")
        case OfMonth():
            return _month(said, today)
        case FromTo(first=begin, last=end):
            first = resolve_day(begin, today=today, day_first=day_first)
            last = resolve_day(end, today=today, day_first=day_first) if end else today
            if last < first:
                raise Refusal(f"{written(last)} lies before {written(first)}. Try them the other way round.")
            return Dates(first=first, last=last, name=f"{written(first)} to {written(last)}")
        case day:
            meant = resolve_day(day, today=today, day_first=day_first)
            return Dates(first=meant, last=meant, name=written(meant))


def _named(period: Period, today: date) -> tuple[date, date]:
    one = timedelta(days=1)
    monday, month = today - timedelta(days=today.weekday()), today.replace(day=1)
    return {
        Period.TODAY: (today, today),
        Period.YESTERDAY: (today - one, today - one),
        Period.THIS_WEEK: (monday, today),
        Period.LAST_WEEK: (monday - timedelta(days=7), monday - one),
        Period.THIS_MONTH: (month, today),
        Period.LAST_MONTH: ((month - one).replace(day=1), month - one),
        Period.THIS_YEAR: (today.replace(month=1, day=1), today),
    }[period]


def _month(said: OfMonth, today: date) -> Dates:
    year = said.year or (today.year if said.month <= today.month else today.year - 1)
    first = date(year, said.month, 1)
    if first > today:
        raise Refusal(f"{first:%B} {year} has not come yet.")
    if today - first > 3 * LONGEST_PERIOD:
        raise Refusal("That is more than three years ago. Please give a nearer month.")
    following = (first + timedelta(days=31)).replace(day=1)
    return Dates(first=first, last=min(following - timedelta(days=1), today), name=f"{first:%B} {year}")


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


_NAMED = {
    **{period.value: period for period in Period},
    "day": Period.TODAY,
    "week": Period.THIS_WEEK,
    "week last": Period.LAST_WEEK,
    "month": Period.THIS_MONTH,
    "month last": Period.LAST_MONTH,
    "year": Period.THIS_YEAR,
}
_LAST_DAYS = re.compile(r"(?:the )?(?:last|past) (?P<days>\d{1,3}) (?P<unit>days?|weeks?)", re.ASCII)
_MONTH = re.compile(
    rf"(?:(?P<month>{any_of(MONTHS)})(?: (?P<year>20\d\d))?|(?P<year2>20\d\d)-(?P<number>0[1-9]|1[0-2]))", re.ASCII
)  # fmt: skip
_FROM_TO = re.compile(r"(?:from )?(?P<first>.+?) (?:to|until|till|-|–|—) (?P<last>.+)")
_SINCE = re.compile(r"(?:since|from) (?P<first>.+)")
