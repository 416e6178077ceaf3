"""Periods as people type them (`PeriodPhrase`), and the dates that each one means (`DateRange`).

`domain.language.periods` reads a phrase from text without knowing who typed it or when. `resolve_period` turns it
into dates with the person's date and date order. Weeks begin on Monday (ISO 8601). A period ends today at the
latest.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.errors import NotUnderstood, Refusal
from domain.time.days import DayPhrase, find_date, format_date

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
class MonthPeriod:
    """A month by its number. Without a year, the latest such month that has begun."""

    month: int
    year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPeriod:
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPeriod:
    """A week by its number (ISO 8601). Without a year, the latest such week that has begun."""

    week: int
    year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekWithDay:
    """The week, Monday to Sunday, that contains a day."""

    day: DayPhrase


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDays:
    """The last `days` days, today included."""

    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRange:
    """From the first day of one period to the last day of another; `last` is None for "since": until today."""

    first: "PeriodPhrase"
    last: "PeriodPhrase | None"


PeriodPhrase = (
    Period | MonthPeriod | YearPeriod | WeekPeriod | WeekWithDay | LastDays | PeriodRange | DayPhrase
)
WeekPhrase = Period | WeekPeriod | WeekWithDay | DayPhrase


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRange:
    """The first and the last day of a period, and its name in reports."""

    first: date
    last: date
    name: str

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]


def resolve_period(phrase: PeriodPhrase, *, today: date, day_first: bool) -> DateRange:
    """Find the dates of a period. Raises Refusal for a period that has not begun, is too long or too long ago."""
    match phrase:
        case Period():
            first, last = _named_period_dates(phrase, today)
            return DateRange(first=first, last=last, name=_capitalize(phrase.value))
        case LastDays(days=days):
            if not 1 <= days <= LONGEST_PERIOD.days:
                raise NotUnderstood("A report covers between one day and a year. Try `last 30 days`.")
            name = f"Last {days} days" if days > 1 else "Today"
            return DateRange(first=today - timedelta(days=days - 1), last=today, name=name)
        case MonthPeriod():
            return _resolve_month(phrase, today)
        case YearPeriod(year=year):
            return _cut_at_today(date(year, 1, 1), date(year, 12, 31), str(year), today)
        case WeekPeriod(week=week, year=year):
            return _resolve_week(week, year, today)
        case WeekWithDay(day=day):
            meant = _find_past_date(day, today, day_first)
            monday = meant - timedelta(days=meant.weekday())
            return _cut_at_today(monday, monday + timedelta(days=6), f"Week of {format_date(monday)}", today)
        case PeriodRange():
            return _resolve_range(phrase, today, day_first)
        case day:
            meant = _find_past_date(day, today, day_first)
            return DateRange(first=meant, last=meant, name=format_date(meant))


def _find_past_date(day: DayPhrase, today: date, day_first: bool) -> date:
    """Find the date of a day in the past, up to three years back; `resolve_day`, which serves tracking, allows one
    year."""
    found = find_date(day, today, day_first)
    return _cut_at_today(found, found, format_date(found), today).first


def _resolve_range(phrase: PeriodRange, today: date, day_first: bool) -> DateRange:
    first = resolve_period(phrase.first, today=today, day_first=day_first).first
    last = resolve_period(phrase.last, today=today, day_first=day_first).last if phrase.last else today
    if last < first:
        raise Refusal(
            f"{format_date(last)} lies before {format_date(first)}. Say `since {first.day} {first:%b}` for until "
            "today, or both days with their years."
        )
    if last - first > LONGEST_PERIOD:
        raise Refusal("A report covers a year at most. Please give nearer days.")
    return DateRange(first=first, last=last, name=f"{format_date(first)} to {format_date(last)}")


def _named_period_dates(period: Period, today: date) -> tuple[date, date]:
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


def _resolve_month(phrase: MonthPeriod, today: date) -> DateRange:
    year = phrase.year or (today.year if phrase.month <= today.month else today.year - 1)
    first = date(year, phrase.month, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return _cut_at_today(first, following - timedelta(days=1), f"{first:%B} {year}", today)


def _resolve_week(week: int, year: int | None, today: date) -> DateRange:
    this_year = today.isocalendar().year
    for candidate in [year] if year else [this_year, this_year - 1, this_year - 2]:
        try:
            monday = date.fromisocalendar(candidate, week, 1)
        except ValueError:
            continue
        if year or monday <= today:
            return _cut_at_today(monday, monday + timedelta(days=6), f"Week {week} of {candidate}", today)
    raise Refusal("There is no such week. Try `week 46` or `last week`.")


def _cut_at_today(first: date, last: date, name: str, today: date) -> DateRange:
    if first > today:
        raise Refusal(f"{name} has not come yet. Try `this week` or `last month`.")
    if today - first > 3 * LONGEST_PERIOD:
        raise Refusal("That is more than three years ago. Please give nearer days.")
    return DateRange(first=first, last=min(last, today), name=name)


def _capitalize(words: str) -> str:
    return words[0].upper() + words[1:]
