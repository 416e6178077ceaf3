"""Reads ranges, two times of day with a dash between them: `9-11:30`, `9am-noon`, `22:00-02:00`.

9-5 is a working day, 22:00-02:00 crosses midnight, 9-11am lies in the morning, 11-1pm crosses noon. A range that
could lie in the morning or in the afternoon is refused, and the message names both readings.
"""

import re
from dataclasses import replace
from datetime import time, timedelta

from domain.errors import NotUnderstood
from domain.language.clock_times import (
    EDGE,
    FULL,
    HALF,
    LAST_EDGE,
    MILITARY,
    ClockTime,
    place_in_day_part,
    read_clock,
    to_time,
)
from domain.language.english import TO
from domain.time.intervals import LONGEST_RANGE

_DAY_BEGINS = 7 * 60  # from then until noon, an hour without am or pm is an hour of the morning

_EDGES = (
    rf"(?:from |at )?(?P<a>{EDGE}){TO}(?P<b>{LAST_EDGE})",
    rf"between (?P<c>{EDGE}) and (?P<d>{LAST_EDGE})",
    rf"(?:from )?(?P<e>{MILITARY}){TO}(?P<f>{MILITARY}|2400)",
)
RANGE = rf"(?:{'|'.join(_EDGES)})"


def read_range(groups: dict[str, str], part: str) -> tuple[time, timedelta, bool] | None:
    """Read the groups that `RANGE` matched. `part` is the part of the day beside them, or "".

    Returns the start, how far the wall clocks advance until the end, and whether the range could also lie twelve
    hours later. Returns None if the groups hold no range. Raises NotUnderstood.
    """
    edges = [groups[name] for name in "abcdef" if name in groups]
    if not edges:
        return None
    first, last = edges
    _refuse_amounts(first.lower(), last.lower())
    start, end = read_clock(first), read_clock(last)
    # 11:00-00:15: if one time is in 24-hour form and both have two digits, both are 24-hour times.
    if all(map(_TWO_DIGITS.fullmatch, edges)) and (start.has_24_hour_form or end.has_24_hour_form):
        start, end = replace(start, sure=True), replace(end, sure=True)
    if part:
        start = place_in_day_part(start, part)
    begins, ends = _resolve_ends(start, end)
    wall_length = timedelta(minutes=(ends - begins) % FULL or ends - begins)
    if not wall_length:
        raise NotUnderstood("That range begins where it ends. Try `9-11:30`. Nothing was changed.")
    if wall_length > LONGEST_RANGE:
        raise NotUnderstood(
            "That range is longer than 16 hours, so I may have misread it. Try `9-11:30`. Nothing was changed."
        )
    return to_time(begins), wall_length, not (start.sure or end.sure)


def _resolve_ends(start: ClockTime, end: ClockTime) -> tuple[int, int]:
    """Choose the readings of both ends. Return them in minutes since midnight. Raises NotUnderstood if two readings
    are possible."""
    if start.sure and end.sure:
        return start.minutes, end.minutes
    as_it_stands = (start.minutes, end.minutes)
    length = _length(as_it_stands)
    if not length or (start.has_24_hour_form and end.minutes > start.minutes):
        return as_it_stands
    readings = sorted(
        ((first, second) for first in start.readings for second in end.readings if first != second),
        key=_length,
    )
    both_possible = _length(readings[-1]) <= LONGEST_RANGE.total_seconds() // 60
    if start.sure or end.half:
        # The two readings are twelve hours apart: take the nearer end, or the nearer start.
        counted_to_24 = start.has_24_hour_form and start.minutes >= HALF
        doubtful = counted_to_24 or (end.minutes == 0 and both_possible)
        if doubtful and readings[0] != as_it_stands:
            raise _two_readings(readings[0], as_it_stands)
        return readings[0]
    if end.sure:
        doubtful = start.minutes < _DAY_BEGINS or end.minutes < HALF
        if doubtful and both_possible and readings[0] != as_it_stands:
            raise _two_readings(readings[0], as_it_stands)
        return as_it_stands
    early, late = ((begins, _first_end_after(begins, end)) for begins in start.readings)
    if start.minutes < _DAY_BEGINS:
        raise _two_readings(early, late)
    return early


def _first_end_after(begins: int, end: ClockTime) -> int:
    return min(end.readings, key=lambda minutes: (minutes - begins - 1) % FULL)


def _length(reading: tuple[int, int]) -> int:
    return (reading[1] - reading[0]) % FULL


def _two_readings(*readings: tuple[int, int]) -> NotUnderstood:
    possible = sorted(
        "-".join(f"{to_time(minutes % FULL):%H:%M}" for minutes in reading)
        for reading in readings
        if timedelta(minutes=_length(reading)) <= LONGEST_RANGE
    )
    said = " or ".join(f"`{one}`" for one in possible)
    return NotUnderstood(f"Does that mean {said}? Please say it like that. Nothing was changed.")


def _refuse_amounts(first: str, last: str) -> None:
    """Refuse 1-2h and 1h-2h, which people rather type for an amount that they are not sure of."""
    if _WHOLE_HOURS.fullmatch(last) and (first.isdecimal() or first in _FEW_HOURS):
        raise NotUnderstood(
            f"Is “{first}-{last}” an amount or a range? Please say `{last}` for an amount, or `9:00-11:30` for a "
            "range. Nothing was changed."
        )


_TWO_DIGITS = re.compile(r"\d\d:\d\d")
_WHOLE_HOURS = re.compile(r"\d{1,2}h")
_FEW_HOURS = {f"{hours}h" for hours in range(1, 7)}
