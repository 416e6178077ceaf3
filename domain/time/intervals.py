"""Finished stretches of time as values, and where they are laid.

A stretch is read without knowing who typed it or when (domain.language.intervals); laid out with the person's zone, the
database's clock and what is taken already.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.errors import Refusal
from domain.time.calendar import Span, day_of, day_span, due_instant, instants_of
from domain.time.days import Day, resolve_day, written
from domain.time.durations import spoken
from domain.time.time_points import Ago, At, Exactly, TimePoint, resolve

LONGEST_RANGE = timedelta(hours=16)
SHORTEST_AMOUNT, LONGEST_AMOUNT = timedelta(minutes=1), timedelta(hours=24)
WORK_BEGINS = time(9)
_DAY = timedelta(days=1)


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
    either_half: bool = False  # 11-1 is at noon, or at midnight where it can not be at noon


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """2h from 9:00: so much time, whatever the clocks show at its end."""

    at: At
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class UntilNow:
    since: TimePoint


@dataclass(frozen=True, slots=True, kw_only=True)
class FromPointToPoint:
    """Both ends with their days."""

    start: TimePoint
    end: TimePoint


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactSpan:
    """Between two instants (UTC), to the microsecond: what a form offered and nobody touched."""

    start: datetime
    end: datetime


Stretch = Lasting | Between | Beginning | UntilNow | FromPointToPoint | ExactSpan


def on_day(stretch: Stretch, day: Day) -> Stretch | None:
    """The same stretch on that day; None where it names its own, or reaches to now."""
    match stretch:
        case Lasting(day=None) | Between(day=None):
            return replace(stretch, day=day)
        case Beginning(at=At(day=None)):
            return replace(stretch, at=replace(stretch.at, day=day))
        case _:
            return None


def laid_out(
    stretch: Stretch, *, now: datetime, zone: ZoneInfo, day_first: bool, taken: Sequence[Span]
) -> Span:
    """Where it goes. A range goes where it says; an amount ends now, or is laid into free time of its day.

    `taken` is what the person tracked from the day before until now. Raises Refusal, in words.
    """
    match stretch:
        case ExactSpan(start=begin, end=finish):
            return _past(Span(start=begin, end=finish), now, zone)
        case UntilNow(since=since):
            return _until_now(resolve(since, now=now, zone=zone, day_first=day_first), now)
        case FromPointToPoint(start=first, end=last):
            return _from_point_to_point(
                *(resolve(one, now=now, zone=zone, day_first=day_first) for one in (first, last))
            )
        case Beginning(at=at, length=length):
            start = resolve(at, now=now, zone=zone, day_first=day_first)
            return _past(Span(start=start, end=start + length), now, zone)
        case Between(day=said):
            span = _between(stretch, _day(said, now, zone, day_first), zone)
            return _past(span, now, zone, "" if said else _of_yesterday(stretch, now, zone))
        case Lasting(length=length, day=said):
            just_now = Span(start=now - length, end=now)
            if said is None and not any(just_now.clipped(one) for one in taken):
                return just_now
            return _into_free_time(length, _day(said, now, zone, day_first), now, zone, taken)


def is_the_same_in_any_zone(stretch: Stretch, *, now: datetime, taken: Sequence[Span]) -> bool:
    """Whether it is laid out without a clock or calendar: right before `now`, or between two instants."""
    match stretch:
        case UntilNow(since=Ago() | Exactly()) | ExactSpan():
            return True
        case FromPointToPoint(start=Exactly(), end=Exactly()):
            return True
        case Lasting(length=length, day=None):
            just_now = Span(start=now - length, end=now)
            return not any(just_now.clipped(one) for one in taken)
        case _:
            return False


def days_looked_at(stretch: Stretch, *, now: datetime, zone: ZoneInfo, day_first: bool) -> Span:
    """The time in which `laid_out` must know what is taken."""
    said = stretch.day if isinstance(stretch, Lasting) else None
    span = day_span(_day(said, now, zone, day_first), zone)
    start = min(now - LONGEST_AMOUNT, span.start) if span else now - LONGEST_AMOUNT
    return Span(start=start, end=now)


def _day(said: Day | None, now: datetime, zone: ZoneInfo, day_first: bool) -> date:
    today = day_of(now, zone)
    return resolve_day(said, today=today, day_first=day_first) if said else today


def _until_now(start: datetime, now: datetime) -> Span:
    if not SHORTEST_AMOUNT <= now - start <= LONGEST_RANGE:
        raise Refusal(
            f"That is {spoken(now - start)} until now, and I record between a minute and 16 hours like that. "
            "Please say both ends, such as `9-11:30 yesterday`. Nothing was changed."
        )
    return Span(start=start, end=now)


def _from_point_to_point(start: datetime, end: datetime) -> Span:
    if not SHORTEST_AMOUNT <= end - start <= LONGEST_RANGE:
        raise Refusal(
            "A range lasts between a minute and 16 hours, and ends after it begins. Try `9-11:30 yesterday`. "
            "Nothing was changed."
        )
    return Span(start=start, end=end)


def _of_yesterday(stretch: Between, now: datetime, zone: ZoneInfo) -> str:
    """What to type for the readings that begin yesterday and have ended, the latest first."""
    found = []
    for hours in (12, 0) if stretch.either_half else (0,):
        wall = datetime.combine(day_of(now, zone), stretch.start) - _DAY + timedelta(hours=hours)
        instants = instants_of(wall, zone)
        if instants and instants[-1] + stretch.lasting <= now and wall.date() != day_of(now, zone):
            found.append(f"`{wall:%H:%M}-{wall + stretch.lasting:%H:%M} yesterday`")
    return f" Did you mean {' or '.join(found)}?" if found else ""


def _past(span: Span, now: datetime, zone: ZoneInfo, meant: str = "") -> Span:
    if span.end <= now:
        return span
    end = span.end.astimezone(zone)
    raise Refusal(
        f"{end:%H:%M} on {written(end.date())} has not come yet: only time that has passed can be recorded."
        f"{meant} Nothing was changed."
    )


def _between(stretch: Between, day: date, zone: ZoneInfo) -> Span:
    begins = datetime.combine(day, stretch.start)
    start, end = (_only_instant(wall, zone) for wall in (begins, begins + stretch.lasting))
    if start >= end:  # the clocks went back by as much as the range is long
        raise Refusal("That range is empty: the clocks went back in it. Nothing was changed.")
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
