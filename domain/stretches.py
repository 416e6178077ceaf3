"""What people type for a finished stretch of time: `1h30`, `9-11:30 yesterday`, and where an amount is laid.

Read first, without knowing who typed it; laid out later, with the person's zone, the database's clock and what is
taken already.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.calendar import Span, day_of, day_span, due_instant, instants_of
from domain.durations import spoken
from domain.errors import NotUnderstood, Refusal
from domain.time_words import (
    DAY,
    END,
    LENGTH,
    LONGEST,
    Day,
    day_said,
    length_said,
    patterns,
    resolve_day,
    written,
)

SHORTEST_AMOUNT, LONGEST_AMOUNT = timedelta(minutes=1), timedelta(hours=24)
LONGEST_RANGE = timedelta(hours=16)
WORK_BEGINS = time(9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    length: timedelta
    day: Day | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """`lasting` is the difference of the wall clocks; it reaches into the next day where it must."""

    start: time
    lasting: timedelta
    day: Day | None


Stretch = Lasting | Between


def cut_stretch(text: str) -> tuple[Stretch, str]:
    """The stretch at the front of the text, or at its end, and what is left. Raises NotUnderstood."""
    front, back = text[:LONGEST], text[-LONGEST:]
    for pattern in _FRONT:
        if found := pattern.match(front):
            return _stretch(found), (front[found.end() :] + text[LONGEST:]).lstrip(" ,").rstrip()
    for pattern in _BACK:
        if found := pattern.search(back):
            return _stretch(found), (text[:-LONGEST] + back[: found.start()]).strip()
    raise NotUnderstood(
        "I need an amount or a range, such as `log 1h30 api fix` or `log 9-11:30 yesterday api`. Nothing was changed."
    )


def laid_out(
    stretch: Stretch, *, now: datetime, zone: ZoneInfo, day_first: bool, taken: Sequence[Span]
) -> Span:
    """Where it goes. A range goes where it says; an amount ends now, or is laid into free time of its day.

    `taken` is what the person tracked from the day before until now. Raises Refusal, in words.
    """
    today = day_of(now, zone)
    day = resolve_day(stretch.day, today=today, day_first=day_first) if stretch.day else today
    if isinstance(stretch, Between):
        return _between(stretch, day, zone)
    just_now = Span(start=now - stretch.length, end=now)
    if stretch.day is None and not any(just_now.clipped(one) for one in taken):
        return just_now
    return _into_free_time(stretch.length, day, now, zone, taken)


def days_looked_at(stretch: Stretch, *, now: datetime, zone: ZoneInfo, day_first: bool) -> Span:
    """The time in which `laid_out` must know what is taken."""
    today = day_of(now, zone)
    day = resolve_day(stretch.day, today=today, day_first=day_first) if stretch.day else today
    span = day_span(day, zone)
    start = min(now - LONGEST_AMOUNT, span.start) if span else now - LONGEST_AMOUNT
    return Span(start=start, end=now)


def _between(stretch: Between, day: date, zone: ZoneInfo) -> Span:
    begins = datetime.combine(day, stretch.start)
    start, end = (_only_instant(wall, zone) for wall in (begins, begins + stretch.lasting))
    return Span(start=start, end=end)


def _only_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    instants = instants_of(wall, zone)
    if len(instants) == 1:
        return instants[0]
    when = f"{wall:%H:%M} on {written(wall.date())} in {zone.key}"
    if not instants:
        raise Refusal(f"{when} did not exist: the clocks went forward over it. Nothing was changed.")
    raise Refusal(
        f"{when} came twice: the clocks went back. Please log it as an amount. Nothing was changed."
    )


def _into_free_time(
    length: timedelta, day: date, now: datetime, zone: ZoneInfo, taken: Sequence[Span]
) -> Span:
    """On an earlier day after nine in the morning, first come; today as late as it goes."""
    whole = day_span(day, zone)
    whole = whole and whole.clipped(Span(start=whole.start, end=max(now, whole.start + SHORTEST_AMOUNT)))
    free = _free(whole, taken) if whole else []
    fitting = [one for one in free if one.length >= length]
    if day != day_of(now, zone) and (nine := due_instant(day, WORK_BEGINS, zone)):
        for one in fitting:
            start = max(one.start, nine)
            if one.end - start >= length:
                return Span(start=start, end=start + length)
    if fitting:
        return Span(start=fitting[-1].end - length, end=fitting[-1].end)
    longest = max((one.length for one in free), default=timedelta())
    raise Refusal(
        f"There is no free stretch of {spoken(length)} on {written(day)}: the longest is {spoken(longest)}. "
        "Nothing was changed."
    )


def _free(whole: Span, taken: Sequence[Span]) -> list[Span]:
    free, at = [], whole.start
    for one in sorted((part for span in taken if (part := span.clipped(whole))), key=lambda span: span.start):
        if one.start > at:
            free.append(Span(start=at, end=one.start))
        at = max(at, one.end)
    return [*free, Span(start=at, end=whole.end)] if at < whole.end else free


_CLOCK = r"(?:noon|midday|midnight|(?:[01]?\d|2[0-3])(?:[:h][0-5]\d|h)?(?: ?(?:am|pm)\b)?)"
_RANGE = (
    rf"(?:(?:from )?(?P<a>{_CLOCK}) ?(?:-|–|—|to|until|till) ?(?P<b>{_CLOCK})"
    rf"|between (?P<c>{_CLOCK}) and (?P<d>{_CLOCK}))"
)
_AMOUNT = rf"(?:for )?{LENGTH}"
_FRONT = patterns(
    "", END, rf"{_RANGE},? {DAY}", rf"{DAY},? {_RANGE}", _RANGE, rf"{_AMOUNT},? {DAY}", rf"{DAY},? {_AMOUNT}", _AMOUNT
)  # fmt: skip
_BACK = patterns(
    r"(?:^|(?<=\s))", r"$", rf"{DAY},? {_RANGE}", rf"{_RANGE},? {DAY}", _RANGE, rf"{DAY},? {_AMOUNT}",
    rf"{_AMOUNT},? {DAY}", _AMOUNT,
)  # fmt: skip


def _stretch(found: re.Match[str]) -> Stretch:
    said = {name: text.lower() for name, text in found.groupdict().items() if text is not None}
    day = day_said(said)
    first, last = said.get("a") or said.get("c"), said.get("b") or said.get("d")
    if first and last:
        return _range(first, last, day)
    length = length_said(said)
    if not SHORTEST_AMOUNT <= length <= LONGEST_AMOUNT:
        raise NotUnderstood("An entry lasts between a minute and 24 hours. Nothing was changed.")
    return Lasting(length=length, day=day)


def _range(first: str, last: str, day: Day | None) -> Between:
    (start, first_half), (end, last_half) = _clock(first), _clock(last)
    if not first_half and last_half == "pm" and start < 12 * 60 and start + 12 * 60 < end:
        start += 12 * 60  # "1-5pm"; "9 to 5pm" keeps its morning
    if not first_half and not last_half and 0 < end < start < 12 * 60 and not last.startswith("0"):
        end += 12 * 60  # "9-5" is a working day; who writes 05:00 means it
    lasting = timedelta(minutes=(end - start) % (24 * 60))  # over midnight where it must
    if not lasting:
        raise NotUnderstood("That range begins where it ends. Try `9-11:30`. Nothing was changed.")
    if lasting > LONGEST_RANGE:
        raise NotUnderstood(
            "That range is longer than 16 hours, so I may have misread it. Nothing was changed."
        )
    return Between(start=time(start // 60 % 24, start % 60), lasting=lasting, day=day)


def _clock(text: str) -> tuple[int, str]:
    """Minutes since midnight, and am, pm or nothing; noon is its own half."""
    if text in {"noon", "midday"}:
        return 12 * 60, "noon"
    if text == "midnight":
        return 0, "midnight"
    found = re.fullmatch(r"(\d{1,2})(?:[:h](\d\d)|h)? ?(am|pm)?", text)
    if not found:
        raise NotUnderstood(f"I didn't understand “{text}” as a time of day. Nothing was changed.")
    hour, half = int(found[1]), found[3] or ""
    if half and not 1 <= hour <= 12:
        raise NotUnderstood(
            f"There is no {hour} o'clock {half}. Try `14:15` or `2:15pm`. Nothing was changed."
        )
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour * 60 + int(found[2] or 0), half
