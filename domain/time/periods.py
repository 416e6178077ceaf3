"""Stretches of days as values, and what they are once it is known whose they are and when.

A period is read without knowing who typed it or when (domain.language.periods), and resolved with the person's date
and date order. Weeks begin on Monday (ISO 8601). Nothing later than today is in any of them.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.errors import NotUnderstood, Refusal
from domain.time.days import Day, date_of, written

LONGEST_PERIOD = timedelta(days=366)


class Period(StrEnum):
    TODAY = "today"
    YESTERDAY = "yesterday"
    THIS_WEEK = "this week"
    LAST_WEEK = "last week"
    THIS_MONTH = "this month"
    LAST_MONTH = "last month"
    THIS_YEAR = "this year"
    LAST_YEAR = "last year"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfMonth:
    """Without a year: the latest such month that has begun."""

    month: int
    year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfYear:
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfWeek:
    """By its number (ISO 8601). Without a year: the latest such week that has begun."""

    week: int
    year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekOf:
    """The week, Monday to Sunday, in which a day lies."""

    day: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDays:
    """So many days, today included."""

    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FromTo:
    """From the first day of one period to the last day of another; `last` is None for "since": until today."""

    first: "PeriodSaid"
    last: "PeriodSaid | None"


PeriodSaid = Period | OfMonth | OfYear | OfWeek | WeekOf | LastDays | FromTo | Day
WeekSaid = Period | OfWeek | WeekOf | Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The days of a period, both included, and what it is called."""

    first: date
    last: date
    name: str

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]


def resolve_period(said: PeriodSaid, *, today: date, day_first: bool) -> Dates:
    """Its days. Raises Refusal where there are none that have come, or too many."""
    match said:
        case Period():
            first, last = _named(said, today)
            return Dates(first=first, last=last, name=_capital(said.value))
        case LastDays(days=days):
            if not 1 <= days <= LONGEST_PERIOD.days:
                raise NotUnderstood("A report covers between one day and a year. Try `last 30 days`.")
            name = f"Last {days} days" if days > 1 else "Today"
            return Dates(first=today - timedelta(days=days - 1), last=today, name=name)
        case OfMonth():
            return _month(said, today)
        case OfYear(year=year):
            return _until_today(date(year, 1, 1), date(year, 12, 31), str(year), today)
        case OfWeek(week=week, year=year):
            return _week(week, year, today)
        case WeekOf(day=day):
            meant = _date(day, today, day_first)
            monday = meant - timedelta(days=meant.weekday())
            return _until_today(monday, monday + timedelta(days=6), f"Week of {written(monday)}", today)
        case FromTo():
            return _from_to(said, today, day_first)
        case day:
            meant = _date(day, today, day_first)
            return Dates(first=meant, last=meant, name=written(meant))


def _date(day: Day, today: date, day_first: bool) -> date:
    """Further back than a day that can be tracked on: reports go back three years."""
    found = date_of(day, today, day_first)
    return _until_today(found, found, written(found), today).first


def _from_to(said: FromTo, today: date, day_first: bool) -> Dates:
    first = resolve_period(said.first, today=today, day_first=day_first).first
    last = resolve_period(said.last, today=today, day_first=day_first).last if said.last else today
    if last < first:
        raise Refusal(
            f"{written(last)} lies before {written(first)}. Say `since {first.day} {first:%b}` for until today, or "
            "both days with their years."
        )
    if last - first > LONGEST_PERIOD:
        raise Refusal("A report covers a year at most. Please give nearer days.")
    return Dates(first=first, last=last, name=f"{written(first)} to {written(last)}")


def _named(period: Period, today: date) -> tuple[date, date]:
    one = timedelta(days=1)
    monday, month = today - timedelta(days=today.weekday()), today.replace(day=1)
    year = today.replace(month=1, day=1)
    return {
        Period.TODAY: (today, today),
        Period.YESTERDAY: (today - one, today - one),
        Period.THIS_WEEK: (monday, today),
        Period.LAST_WEEK: (monday - timedelta(days=7), monday - one),
        Period.THIS_MONTH: (month, today),
        Period.LAST_MONTH: ((month - one).replace(day=1), month - one),
        Period.THIS_YEAR: (year, today),
        Period.LAST_YEAR: (year.replace(year=year.year - 1), year - one),
    }[period]


def _month(said: OfMonth, today: date) -> Dates:
    year = said.year or (today.year if said.month <= today.month else today.year - 1)
    first = date(year, said.month, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return _until_today(first, following - timedelta(days=1), f"{first:%B} {year}", today)


def _week(week: int, year: int | None, today: date) -> Dates:
    this_year = today.isocalendar().year
    for candidate in [year] if year else [this_year, this_year - 1, this_year - 2]:
        try:
            monday = date.fromisocalendar(candidate, week, 1)
        except ValueError:
            continue
        if year or monday <= today:
            return _until_today(monday, monday + timedelta(days=6), f"Week {week} of {candidate}", today)
    raise Refusal("There is no such week. Try `week 46` or `last week`.")


def _until_today(first: date, last: date, name: str, today: date) -> Dates:
    if first > today:
        raise Refusal(f"{name} has not come yet. Try `this week` or `last month`.")
    if today - first > 3 * LONGEST_PERIOD:
        raise Refusal("That is more than three years ago. Please give nearer days.")
    return Dates(first=first, last=min(last, today), name=name)


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
