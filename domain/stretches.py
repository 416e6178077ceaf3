"""Finished stretches of time as values, and where they are laid.

A stretch is read without knowing who typed it or when (domain.stretch_words); laid out with the person's zone, the
database's clock and what is taken already.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.calendar import Span, day_of, day_span, due_instant, instants_of
from domain.durations import spoken
from domain.errors import Refusal
from domain.moments import Ago, At, Moment, resolve
from domain.ranges import LONGEST_RANGE
from domain.time_words import Day, resolve_day, written

SHORTEST_AMOUNT, LONGEST_AMOUNT = timedelta(minutes=1), timedelta(hours=24)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """2h from 9:00: so much time, whatever the clocks show at its end."""

    at: At
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class UntilNow:
    since: Moment


Stretch = Lasting | Between | Beginning | UntilNow


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
        case UntilNow(since=since):
            return _until_now(resolve(since, now=now, zone=zone, day_first=day_first), now)
        case Beginning(at=at, length=length):
            start = resolve(at, now=now, zone=zone, day_first=day_first)
            return _past(Span(start=start, end=start + length), now, zone)
        case Between(day=said):
            return _past(_between(stretch, _day(said, now, zone, day_first), zone), now, zone)
        case Lasting(length=length, day=said):
            just_now = Span(start=now - length, end=now)
            if said is None and not any(just_now.clipped(one) for one in taken):
                return just_now
            return _into_free_time(length, _day(said, now, zone, day_first), now, zone, taken)


def ends_now(stretch: Stretch, *, now: datetime, taken: Sequence[Span]) -> bool:
    """Whether it is laid right before `now` in whatever zone, so that no clock or calendar is looked at."""
    match stretch:
        case UntilNow(since=Ago()):
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


def _past(span: Span, now: datetime, zone: ZoneInfo) -> Span:
    if span.end <= now:
        return span
    end = span.end.astimezone(zone)
    raise Refusal(
        f"{end:%H:%M} on {written(end.date())} has not come yet: only time that has passed can be recorded. "
        "Nothing was changed."
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
