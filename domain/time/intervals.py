"""Finished intervals as people type them (`IntervalPhrase`), and the `Span` of instants that each one means.

`domain.language.intervals` reads a phrase from text without knowing who typed it or when. `resolve_interval` turns
it into a span with the person's zone, the database's clock and the time of the person's other entries.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.errors import Refusal
from domain.time.calendar import Span, day_span, due_instant, instants_of, local_date
from domain.time.days import DayPhrase, format_date, resolve_day
from domain.time.durations import format_duration
from domain.time.time_points import Ago, At, ExactInstant, TimePoint, resolve_time_point

LONGEST_RANGE = timedelta(hours=16)
SHORTEST_AMOUNT, LONGEST_AMOUNT = timedelta(minutes=1), timedelta(hours=24)
WORK_BEGINS = time(9)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """ "2h", "2h yesterday": a length without its start."""

    length: timedelta
    day: DayPhrase | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRange:
    """ "9-11:30". `wall_length` is the difference of the wall clocks; the range may reach into the next day."""

    start: time
    wall_length: timedelta
    day: DayPhrase | None
    either_half: bool = False  # 11-1 is around noon, or around midnight if it can not be noon


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountFromTime:
    """ "2h from 9:00": an exact length, whatever the wall clocks show at its end."""

    at: At
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class UntilNow:
    """ "since 9:00": from a point in time until now."""

    since: TimePoint


@dataclass(frozen=True, slots=True, kw_only=True)
class PointToPoint:
    """The time between two points in time, each with its own day."""

    start: TimePoint
    end: TimePoint


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactSpan:
    """The time between two instants (UTC), to the microsecond: a form offered it and the person did not change it."""

    start: datetime
    end: datetime


IntervalPhrase = Amount | ClockRange | AmountFromTime | UntilNow | PointToPoint | ExactSpan


def set_day(phrase: IntervalPhrase, day: DayPhrase) -> IntervalPhrase | None:
    """Return the same phrase on that day; None if it names a day itself, or lasts until now."""
    match phrase:
        case Amount(day=None) | ClockRange(day=None):
            return replace(phrase, day=day)
        case AmountFromTime(at=At(day=None)):
            return replace(phrase, at=replace(phrase.at, day=day))
        case _:
            return None


def resolve_interval(
    phrase: IntervalPhrase, *, now: datetime, zone: ZoneInfo, day_first: bool, tracked: Sequence[Span]
) -> Span:
    """Find the span that the phrase means. An amount ends now, or is placed in free time of its day.

    `tracked` are the spans of the person's entries in `conflict_search_span`. Raises Refusal if the phrase means no
    span, or a span that has not passed.
    """
    match phrase:
        case ExactSpan(start=begin, end=finish):
            return _require_past(Span(start=begin, end=finish), now, zone)
        case UntilNow(since=since):
            return _resolve_until_now(resolve_time_point(since, now=now, zone=zone, day_first=day_first), now)
        case PointToPoint(start=first, end=last):
            return _resolve_point_to_point(
                *(resolve_time_point(one, now=now, zone=zone, day_first=day_first) for one in (first, last))
            )
        case AmountFromTime(at=at, length=length):
            start = resolve_time_point(at, now=now, zone=zone, day_first=day_first)
            return _require_past(Span(start=start, end=start + length), now, zone)
        case ClockRange(day=said):
            span = _resolve_clock_range(phrase, _resolve_day_or_today(said, now, zone, day_first), zone)
            return _require_past(span, now, zone, "" if said else _suggest_yesterday(phrase, now, zone))
        case Amount(length=length, day=said):
            just_now = Span(start=now - length, end=now)
            if said is None and not any(just_now.clip(one) for one in tracked):
                return just_now
            return _place_in_free_time(
                length, _resolve_day_or_today(said, now, zone, day_first), now, zone, tracked
            )


def is_zone_independent(phrase: IntervalPhrase, *, now: datetime, tracked: Sequence[Span]) -> bool:
    """Return whether the span does not depend on a zone: it ends right now and has a length, or lies between two
    instants."""
    match phrase:
        case UntilNow(since=Ago() | ExactInstant()) | ExactSpan():
            return True
        case PointToPoint(start=ExactInstant(), end=ExactInstant()):
            return True
        case Amount(length=length, day=None):
            just_now = Span(start=now - length, end=now)
            return not any(just_now.clip(one) for one in tracked)
        case _:
            return False


def conflict_search_span(phrase: IntervalPhrase, *, now: datetime, zone: ZoneInfo, day_first: bool) -> Span:
    """Return the span in which `resolve_interval` must know the entries of the person."""
    said = phrase.day if isinstance(phrase, Amount) else None
    span = day_span(_resolve_day_or_today(said, now, zone, day_first), zone)
    start = min(now - LONGEST_AMOUNT, span.start) if span else now - LONGEST_AMOUNT
    return Span(start=start, end=now)


def _resolve_day_or_today(said: DayPhrase | None, now: datetime, zone: ZoneInfo, day_first: bool) -> date:
    today = local_date(now, zone)
    return resolve_day(said, today=today, day_first=day_first) if said else today


def _resolve_until_now(start: datetime, now: datetime) -> Span:
    if not SHORTEST_AMOUNT <= now - start <= LONGEST_RANGE:
        raise Refusal(
            f"That is {format_duration(now - start)} until now, and I record between a minute and 16 hours like that. "
            "Please say both ends, such as `9-11:30 yesterday`. Nothing was changed."
        )
    return Span(start=start, end=now)


def _resolve_point_to_point(start: datetime, end: datetime) -> Span:
    if not SHORTEST_AMOUNT <= end - start <= LONGEST_RANGE:
        raise Refusal(
            "A range lasts between a minute and 16 hours, and ends after it begins. Try `9-11:30 yesterday`. "
            "Nothing was changed."
        )
    return Span(start=start, end=end)


def _suggest_yesterday(phrase: ClockRange, now: datetime, zone: ZoneInfo) -> str:
    """Suggest what to type for those readings that began yesterday and have ended, the latest first; "" if none
    has."""
    found = []
    for hours in (12, 0) if phrase.either_half else (0,):
        wall = datetime.combine(local_date(now, zone), phrase.start) - _DAY + timedelta(hours=hours)
        instants = instants_of(wall, zone)
        if instants and instants[-1] + phrase.wall_length <= now and wall.date() != local_date(now, zone):
            found.append(f"`{wall:%H:%M}-{wall + phrase.wall_length:%H:%M} yesterday`")
    return f" Did you mean {' or '.join(found)}?" if found else ""


def _require_past(span: Span, now: datetime, zone: ZoneInfo, suggestion: str = "") -> Span:
    if span.end <= now:
        return span
    end = span.end.astimezone(zone)
    raise Refusal(
        f"{end:%H:%M} on {format_date(end.date())} has not come yet: only time that has passed can be recorded."
        f"{suggestion} Nothing was changed."
    )


def _resolve_clock_range(phrase: ClockRange, day: date, zone: ZoneInfo) -> Span:
    begins = datetime.combine(day, phrase.start)
    start, end = (_only_instant(wall, zone) for wall in (begins, begins + phrase.wall_length))
    if start >= end:  # the clocks went back by as much as the range is long
        raise Refusal("That range is empty: the clocks went back in it. Nothing was changed.")
    return Span(start=start, end=end)


def _only_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    instants = instants_of(wall, zone)
    if len(instants) == 1:
        return instants[0]
    when = f"{wall:%H:%M} on {format_date(wall.date())} in {zone.key}"
    if not instants:
        raise Refusal(f"{when} did not exist: the clocks went forward over it. Nothing was changed.")
    raise Refusal(
        f"{when} came twice: the clocks went back. Please log it as an amount. Nothing was changed."
    )


def _place_in_free_time(
    length: timedelta, day: date, now: datetime, zone: ZoneInfo, tracked: Sequence[Span]
) -> Span:
    """Return the first free time after nine in the morning for an earlier day, and the last free time for today."""
    past = day_span(day, zone)
    past = past and past.clip(Span(start=past.start, end=max(now, past.start + SHORTEST_AMOUNT)))
    free = _free_spans(past, tracked) if past else []
    fitting = [one for one in free if one.length >= length]
    if day != local_date(now, zone) and (nine := due_instant(day, WORK_BEGINS, zone)):
        for one in fitting:
            start = max(one.start, nine)
            if one.end - start >= length:
                return Span(start=start, end=start + length)
    if fitting:
        return Span(start=fitting[-1].end - length, end=fitting[-1].end)
    longest = max((one.length for one in free), default=timedelta())
    raise Refusal(
        f"There is no free time of {format_duration(length)} on {format_date(day)}: "
        f"the longest is {format_duration(longest)}. Nothing was changed."
    )


def _free_spans(within: Span, tracked: Sequence[Span]) -> list[Span]:
    free, at = [], within.start
    for one in sorted((part for span in tracked if (part := span.clip(within))), key=lambda span: span.start):
        if one.start > at:
            free.append(Span(start=at, end=one.start))
        at = max(at, one.end)
    return [*free, Span(start=at, end=within.end)] if at < within.end else free
