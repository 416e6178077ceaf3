"""Days as people type them (`DayPhrase`), and the date that each one means.

`domain.language.days` reads a phrase from text without knowing who typed it or when. Resolving it needs the
person's date, and whether they write the day or the month first.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from domain.errors import Refusal

OLDEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysAgo:
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestWeekday:
    """The latest such weekday; Monday is 0. Today counts unless `before_today` ("last monday")."""

    weekday: int
    before_today: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekdayOfWeek:
    """A weekday of this week, or of an earlier week; weeks begin on Monday."""

    weekday: int
    weeks_ago: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDate:
    """A day and month. Without a year, the latest such date that is not in the future."""

    day: int
    month: int
    year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumericDate:
    """ "12/11": which number is the month depends on the person."""

    first: int
    second: int
    year: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfMonth:
    """ "the 12th": of this month, or of the latest month before it that has such a day. With `months_ago`, of
    exactly that month."""

    day: int
    months_ago: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateWithWeekday:
    """ "monday, 16 nov": the date must fall on that weekday."""

    date: CalendarDate | NumericDate
    weekday: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FutureDay:
    """ "tomorrow", "next week": read, but refused, because only past time can be tracked."""

    words: str


DayPhrase = (
    DaysAgo
    | LatestWeekday
    | WeekdayOfWeek
    | CalendarDate
    | NumericDate
    | DayOfMonth
    | DateWithWeekday
    | FutureDay
)


def resolve_day(day: DayPhrase, *, today: date, day_first: bool) -> date:
    """Find the date that a phrase means. Raises Refusal for a date in the future, or more than a year ago."""
    found = find_date(day, today, day_first)
    if found > today:
        raise Refusal(f"{format_date(found)} has not come yet. Nothing was changed.")
    if today - found > OLDEST:
        raise Refusal("That is more than a year ago. Please give a nearer day.")
    return found


def find_date(day: DayPhrase, today: date, day_first: bool) -> date:
    """Find the date that a phrase means, also in the future or long ago. Raises Refusal if there is no such date."""
    match day:
        case DaysAgo(days=days):
            return today - timedelta(days=days)
        case LatestWeekday(weekday=weekday, before_today=before_today):
            back = (today.weekday() - weekday) % 7
            return today - timedelta(days=back or (7 if before_today else 0))
        case WeekdayOfWeek(weekday=weekday, weeks_ago=weeks):
            return today + timedelta(days=weekday - today.weekday() - 7 * weeks)
        case NumericDate(first=first, second=second, year=year):
            number, month = (first, second) if day_first else (second, first)
            return _nearest(number, month, year, today)
        case CalendarDate(day=number, month=month, year=year):
            return _nearest(number, month, year, today)
        case DayOfMonth(day=number, months_ago=months):
            if months is None:
                return _nearest_in_any_month(number, today)
            years, month = divmod(today.month - 1 - months, 12)
            return _nearest(number, month + 1, today.year + years, today)
        case DateWithWeekday(date=plain, weekday=weekday):
            found = find_date(plain, today, day_first)
            if found.weekday() != weekday:
                raise Refusal(
                    f"{format_date(found)} is a {found:%A}. Please say which you mean. Nothing was changed."
                )
            return found
        case FutureDay(words=words):
            raise Refusal(
                f"“{words}” has not come yet, and only time that has passed can be tracked. Nothing was changed."
            )


def _nearest(number: int, month: int, year: int | None, today: date) -> date:
    # Leap days can be eight years apart: 1900 and 2100 have none.
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


def format_date(day: date) -> str:
    """Format a date: "12 Nov 2026"."""
    return f"{day.day} {day:%b %Y}"
