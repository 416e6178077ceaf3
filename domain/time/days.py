"""Days as values, before it is known whose they are and when, and the dates that they are then.

`domain.language.days` reads them from text. Resolving takes the person's date and date order.
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
