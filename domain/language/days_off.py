"""Reads days off: `tomorrow`, `fri`, `24 dec to 31 dec`, `next week`. A day without a year is the next such day."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from domain.errors import NotUnderstood, Refusal
from domain.language.days import normalize, parse_day
from domain.language.english import TO, WEEKDAYS, parse_number
from domain.time.days import (
    CalendarDate,
    DateWithWeekday,
    DayOfMonth,
    DayPhrase,
    FutureDay,
    LatestWeekday,
    NumericDate,
    find_date,
    format_date,
)

MOST_AT_ONCE = 62
FURTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysOffParams:
    """The days from `first` to `last`, both included. `off` is false to make days off working days again."""

    first: DayPhrase
    last: DayPhrase
    off: bool = True


def parse_days_off(text: str) -> DaysOffParams | None:
    """Read a text that consists of days only; None if it does not."""
    text = normalize(text.lower())
    off = not (found := _NOT.match(text))
    text = text[found.end() :] if found else text
    if text == "next week":
        return DaysOffParams(
            first=FutureDay(words="next monday"), last=FutureDay(words="next sunday"), off=off
        )
    if day := parse_day(text or "today"):
        return DaysOffParams(first=day, last=day, off=off)
    for cut in re.finditer(TO, text, re.IGNORECASE):
        first, last = parse_day(text[: cut.start()]), parse_day(text[cut.end() :])
        if first and last:
            return DaysOffParams(first=first, last=last, off=off)
    return None


_NOT = re.compile(r"(?:not|none|no|cancel)\b ?")


def resolve_days_off(params: DaysOffParams, *, today: date, day_first: bool) -> list[date]:
    """Return the dates of the days off, in order. Raises Refusal for too many days, or days too far in the future."""
    first = _find_coming_date(params.first, today, day_first)
    # In "fri to mon", the Monday is counted from the Friday; but "next week" is counted from today.
    alone = params.last is params.first or isinstance(params.last, FutureDay)
    last = _find_coming_date(params.last, today if alone else first, day_first)
    if last < first:
        raise Refusal(
            f"{format_date(last)} lies before {format_date(first)}. Please say both with their years."
        )
    count = (last - first).days + 1
    if count > MOST_AT_ONCE or abs(last - today) > FURTHEST:
        raise Refusal(f"At most {MOST_AT_ONCE} days at once, and none further than a year from now.")
    return [first + timedelta(days=number_) for number_ in range(count)]


def _find_coming_date(day: DayPhrase, today: date, day_first: bool) -> date:
    """Find the nearest such date that has not passed."""
    match day:
        case LatestWeekday(weekday=weekday, before_today=False):
            return today + timedelta(days=(weekday - today.weekday()) % 7)
        case CalendarDate(year=None) | NumericDate(year=None) | DayOfMonth(months_ago=None):
            return _find_next_date(day, today, day_first)
        case DateWithWeekday(date=plain, weekday=weekday):
            found = _find_coming_date(plain, today, day_first)
            if found.weekday() != weekday:
                raise Refusal(f"{format_date(found)} is a {found:%A}. Please say which you mean.")
            return found
        case FutureDay(words=text):
            return _find_future_date(text, today)
    return find_date(day, today, day_first)


def _find_next_date(day: DayPhrase, today: date, day_first: bool) -> date:
    """Find the next such date. The phrase resolves to a date in the past, so try ever later days until the date is
    not before today."""
    for ahead in range(0, 9 * 366, 28):
        found = find_date(day, today + timedelta(days=ahead), day_first)
        if found >= today:
            return found
    return find_date(day, today, day_first)


def _find_future_date(text: str, today: date) -> date:
    words = text.split()
    if words[-1] in WEEKDAYS:  # next friday: the Friday of next week
        return today + timedelta(days=7 - today.weekday() + WEEKDAYS[words[-1]])
    if words[-1] == "tomorrow":
        return today + timedelta(days=1 if len(words) == 1 else 2)
    if words[0] == "in" and words[-1].startswith(("day", "week")):
        return today + timedelta(
            days=parse_number(" ".join(words[1:-1])) * (7 if words[-1].startswith("week") else 1)
        )
    raise NotUnderstood(f"I don't know which days “{text}” are. Try `24 dec to 31 dec`.")
