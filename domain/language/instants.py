"""A date and a time in one, as programs write them (RFC 3339, ISO 8601): `2026-10-24T09:00+00:00`,
`2026-10-24 09:00:30Z`.

With an offset it is an instant wherever it is read; without one it is on the person's own clock.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone

from domain.errors import NotUnderstood
from domain.language.days import said_in, unnamed
from domain.language.patterns import Shape
from domain.time.days import CalendarDate
from domain.time.time_points import At, ExactInstant, TimePoint

FURTHEST_OFFSET = timedelta(hours=14)  # Kiritimati; no clock is further from UTC (IANA time zone database)

_INSTANT = Shape(
    r"(?P<date>\d{4}-\d\d-\d\d)(?:t|,? )(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<part>\d{1,9}))?)?"
    r"(?P<zone> ?(?:z|utc|gmt)(?:[+-]0{1,2}(?::?00)?)?| ?\+\d\d(?::?\d\d)?|[-−]\d\d(?::?\d\d)?| [-−]\d{4})?"
)
INSTANT = unnamed(_INSTANT.pattern)


def read_instant(text: str) -> TimePoint:
    """The point in time that a piece of text is which `INSTANT` matches. Raises NotUnderstood where there is none."""
    said = said_in(_INSTANT, text)
    year, month, day = map(int, said["date"].split("-"))
    # A millionth of a second is the finest that is kept.
    part = int(said.get("part", "0")[:6].ljust(6, "0"))
    try:
        at = time(int(said["hour"]), int(said["minute"]), int(said.get("second", "0")), part)
        if "zone" not in said:
            return At(at=at, day=CalendarDate(day=day, month=month, year=year), sure=True)
        wall = datetime.combine(date(year, month, day), at, tzinfo=_offset(said["zone"]))
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
