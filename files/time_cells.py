"""Reads times, dates and lengths in the cells of a table."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache

from domain.entries.import_files import DateOrder

LONGEST_CELL = 60  # characters; a longer cell is no date or time
_MONTHS = (
    ("jan", "ene"), ("feb", "fev"), ("mar", "mrz"), ("apr", "avr", "abr"), ("may", "mai"), ("jun", "juin"),
    ("jul", "juil"), ("aug", "aou", "ago"), ("sep",), ("oct", "okt"), ("nov",), ("dec", "dez", "dic"),
)  # fmt: skip
_DATE = (
    r"(?P<y>\d{4})(?P<between>[-/.])(?P<m>\d{1,2})(?P=between)(?P<d>\d{1,2})"
    r"|(?P<first>\d{1,2})(?P<sign>[-/.])(?P<second>\d{1,2})(?P=sign)(?P<year>\d{4}|\d\d)"
    r"|(?P<day>\d{1,2})\.?[ -](?P<month>[^\W\d_]{3,10})\.?,?[ -](?P<year2>\d{4})"
    r"|(?P<month2>[^\W\d_]{3,10})\.? (?P<day2>\d{1,2}),? (?P<year3>\d{4})"
)
_TIME = (
    r"(?P<hour>\d{1,2})(?:[:h.](?P<minute>\d\d)(?:[:.](?P<s>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?)?"
    r" ?(?:(?P<half>[ap])\.?m\.?|(?P<word>uhr|h))?"
)
_OFFSET = r"(?P<offset>z|utc|gmt|[+-]\d\d:?\d\d|[+-]\d\d)"
_WEEKDAY = r"[^\W\d_]{2,10}\.?,? (?=\d|[^\W\d_]{3,10}\.? \d)"
_MOMENT = re.compile(
    rf"(?:{_WEEKDAY})?(?:{_DATE})?(?:(?:^|[t ,] ?)(?:{_TIME})(?: ?{_OFFSET})?)?",
    re.ASCII | re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)t(\d\d)(\d\d)(\d\d)z", re.ASCII | re.IGNORECASE)
_SINCE_1970 = re.compile(r"\d{9,10}(?:\.\d{1,6})?", re.ASCII)
_MILLISECONDS = re.compile(r"\d{12,13}", re.ASCII)
_CLOCK_LENGTH = re.compile(r"(\d{1,5}):(\d\d)(?::(\d\d)(?:[.,]\d{1,6})?)?", re.ASCII)
_UNITS_LENGTH = re.compile(
    r"(?:pt)?(?:(\d{1,5}(?:[.,]\d{1,6})?) ?(?:h[a-z]*|std[a-z.]*))?"
    r" ?(?:(\d{1,6}(?:[.,]\d{1,6})?) ?(?:m[a-z.]*)?)? ?(?:(\d{1,8}) ?s[a-z.]*)?",
    re.ASCII,
)
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?", re.ASCII)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePoint:
    """The contents of a cell: an instant, or a date, a time of day or both. `next_day` is true for 24:00."""

    instant: datetime | None = None
    day: date | None = None
    at: time | None = None
    next_day: bool = False


@lru_cache(maxsize=8_192)  # a column of dates has few different cells
def read_time_point(text: str, order: DateOrder | None) -> TimePoint:
    """Read a date, a time or both. Raises ValueError for any other text; its message is the end of a sentence."""
    plain = _plain(text)
    found = _MOMENT.fullmatch(plain)
    try:
        if compact := _COMPACT.fullmatch(plain):
            return TimePoint(instant=datetime(*map(int, compact.groups()), tzinfo=UTC))  # type: ignore[arg-type,misc]
        if _SINCE_1970.fullmatch(plain):
            return TimePoint(instant=datetime.fromtimestamp(0, UTC) + timedelta(seconds=float(plain)))
        if _MILLISECONDS.fullmatch(plain):
            return TimePoint(instant=datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(plain)))
        if plain and found and (found["hour"] is None or found["minute"] or found["half"] or found["word"]):
            return _time_point(found, order)
    except (ValueError, OverflowError, IndexError):
        raise ValueError(f"there is no {text.strip()[:40]}") from None
    raise ValueError(f"“{text.strip()[:40]}” is no date and time that I know")


def find_date_order(texts: Sequence[str], *, day_first: bool | None, usual: bool) -> DateOrder | None:
    """Find whether the dates in these cells have their day or their month first.

    A cell with a day after the twelfth decides. Otherwise it is the order that the person chose (`day_first`), day
    first for dates with dots, or else the person's `usual` order. None if no date has the form in which the order
    matters.
    """
    shown: set[bool] = set()
    turned, example, dotted = False, "", False
    for text in dict.fromkeys(texts):
        found = _MOMENT.fullmatch(_plain(text))
        if found is None or found["first"] is None:
            continue
        turned = True
        first, second = int(found["first"]), int(found["second"])
        if first > 12 or second > 12:
            shown.add(first > 12)
        elif first != second and not example:
            example, dotted = text.strip(), found["sign"] == "."
    if not turned:
        return None
    if len(shown) == 1:
        return DateOrder(day_first=shown.pop())
    return DateOrder(day_first=(dotted or usual) if day_first is None else day_first, example=example)


def read_lengths(text: str, unit: str) -> tuple[timedelta, ...]:
    """Read a length. Return one length if its form or its column's `unit` is clear, several for a bare whole number
    that may be hours, minutes or seconds, none for any other text."""
    plain = _plain(text)
    try:
        if found := _CLOCK_LENGTH.fullmatch(plain):
            return (timedelta(hours=int(found[1]), minutes=int(found[2]), seconds=int(found[3] or 0)),)
        if _NUMBER.fullmatch(plain):
            if unit in {"min", "s"} and _THOUSANDS.fullmatch(plain):
                return ()  # 1.200 minutes may be 1200 minutes or 1.2 minutes
            number = float(plain.replace(",", "."))
            units = [unit] if unit else ["h", "min", "s"] if plain.isdigit() else ["h"]
            return tuple(number * _LENGTH_OF[one] for one in units)
        found = _UNITS_LENGTH.fullmatch(plain)
        if found and any(found.groups()):
            hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups())
            return (timedelta(hours=hours, minutes=minutes, seconds=seconds),)
    except OverflowError:
        pass
    return ()


_LENGTH_OF = {"h": timedelta(hours=1), "min": timedelta(minutes=1), "s": timedelta(seconds=1)}


def _plain(text: str) -> str:
    """Remove letter case, accents and extra spaces; "" if the text is too long to be a time."""
    if len(text) > 2 * LONGEST_CELL:
        return ""
    if text.isascii():
        plain = " ".join(text.split()).lower()
        return plain if len(plain) <= LONGEST_CELL else ""
    letters = unicodedata.normalize("NFKD", " ".join(text.split())).casefold()
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return plain if len(plain) <= LONGEST_CELL else ""


def _time_point(found: re.Match[str], order: DateOrder | None) -> TimePoint:
    day = _day(found, order)
    if found["hour"] is None:
        return TimePoint(day=day)
    hour, half = int(found["hour"]), found["half"]
    if half and not 1 <= hour <= 12:
        raise ValueError
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    minute, second = int(found["minute"] or 0), int(found["s"] or 0)
    next_day = (hour, minute, second) == (24, 0, 0)
    at = time(0 if next_day else hour, minute, second, int((found["fraction"] or "0")[:6].ljust(6, "0")))
    if found["offset"] and day:
        wall = datetime.combine(day, at) + timedelta(days=next_day)
        return TimePoint(instant=wall.replace(tzinfo=_offset(found["offset"])).astimezone(UTC))
    return TimePoint(day=day, at=at, next_day=next_day)


def _day(found: re.Match[str], order: DateOrder | None) -> date | None:
    if found["y"]:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    if found["first"]:
        first, second, year = int(found["first"]), int(found["second"]), found["year"]
        if len(year) == 2 and found["sign"] == "-":
            raise ValueError  # the first number could be the year
        month, day = (second, first) if order is None or order.day_first else (first, second)
        return date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
    if name := found["month"] or found["month2"]:
        months = [number for number, names in enumerate(_MONTHS, start=1) if name.startswith(names)]
        return date(int(found["year2"] or found["year3"]), months[0], int(found["day"] or found["day2"]))
    return None


def _offset(said: str) -> timezone:
    digits = said.lstrip("+-").replace(":", "")
    if not digits.isdigit():
        return UTC
    length = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-length if said.startswith("-") else length)
