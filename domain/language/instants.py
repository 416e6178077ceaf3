"""Reads a date and a time in the format of programs (RFC 3339, ISO 8601): `2026-10-24T09:00+00:00`, `2026-10-24
09:00:30Z`.

With an offset, the result is an instant; without an offset, it is a local time of day.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone

from domain.errors import NotUnderstood
from domain.language.days import match_groups, without_group_names
from domain.language.patterns import TimePattern
from domain.time.days import CalendarDate
from domain.time.time_points import At, ExactInstant, TimePoint

FURTHEST_OFFSET = timedelta(
    hours=14
)  # Kiritimati: the largest offset from UTC in the IANA time zone database

_INSTANT = TimePattern(
    r"(?P<date>\d{4}-\d\d-\d\d)(?:t|,? )(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<part>\d{1,9}))?)?"
    r"(?P<zone> ?(?:z|utc|gmt)(?:[+-]0{1,2}(?::?00)?)?| ?\+\d\d(?::?\d\d)?|[-−]\d\d(?::?\d\d)?| [-−]\d{4})?"
)
INSTANT = without_group_names(_INSTANT.pattern)


def read_instant(text: str) -> TimePoint:
    """Read a piece of text that `INSTANT` matches. Raises NotUnderstood if no such time exists."""
    groups = match_groups(_INSTANT, text)
    year, month, day = map(int, groups["date"].split("-"))
    # Stored instants are exact to the microsecond.
    part = int(groups.get("part", "0")[:6].ljust(6, "0"))
    try:
        at = time(int(groups["hour"]), int(groups["minute"]), int(groups.get("second", "0")), part)
        if "zone" not in groups:
            return At(at=at, day=CalendarDate(day=day, month=month, year=year), sure=True)
        wall = datetime.combine(date(year, month, day), at, tzinfo=_offset(groups["zone"]))
        return ExactInstant(at=wall.astimezone(UTC))
    except (ValueError, OverflowError):
        raise NotUnderstood(
            f"There is no such time as “{text}”. Try `2026-11-13 09:00` or `2026-11-13T09:00Z`. Nothing was changed."
        ) from None


def _offset(zone: str) -> timezone:
    digits = "".join(character for character in zone if character.isdecimal()).ljust(4, "0")
    length = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if length > FURTHEST_OFFSET or int(digits[2:]) > 59:
        raise ValueError("no clock is so far from UTC")
    return timezone(-length if "-" in zone or "−" in zone else length)
