"""What people type for a finished stretch of time: `1h30`, `9-11:30 yesterday`, and where an amount is laid.

Read first, without knowing who typed it or when; laid out later, with the person's zone, the database's clock and what
is taken already.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.almost import begins_like_a_stretch, hint_for_stretch, shown
from domain.calendar import Span, day_of, day_span, due_instant, instants_of
from domain.clock_words import FULL_TIME, PART, PART_ALONE, TIME, WHEN, as_time, read_clock, read_when, within
from domain.durations import spoken
from domain.english import LEAD, TO, WEEKDAY
from domain.errors import NotUnderstood, Refusal
from domain.lengths import LENGTH, read_length
from domain.moments import At, Moment, parse_moment, resolve
from domain.ranges import LONGEST_RANGE, RANGE, read_range
from domain.seams import (
    Piece,
    after,
    back_patterns,
    before,
    front_patterns,
    goes_before,
    goes_on,
    longest_at_end,
    longest_in_front,
)
from domain.time_words import DAY, DAY_IN_WORDS, Day, compiled, resolve_day, written

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


def cut_stretch(text: str) -> tuple[Stretch, str]:
    """The stretch at the front of the text, or at its end, and what is left. Raises NotUnderstood."""
    text = " ".join(text.split())
    piece = longest_in_front(_FRONT, text)
    if piece:
        return _from_front(piece)
    day = longest_in_front(_DAY_IN_FRONT, text)
    if day and goes_on(day.text, day.rest):
        day = None
    piece = longest_at_end(_BACK, day.rest if day else text)
    if piece is None or goes_before(piece.rest):
        raise _not_a_stretch(text)
    head = before(piece.rest)
    if second := longest_at_end(_SURE_AT_END, head) or _said_last(_START_AT_END, head):
        raise _double(second.text, piece.text)
    if day is None:
        if begins_like_a_stretch(piece.rest.lstrip()):
            raise _not_a_stretch(text)
        return _stretch(piece), before(piece.rest)
    if "when" in piece.said:
        raise _double(day.text, piece.text)
    said = {**piece.said, "when": day.text}
    return _stretch(replace(piece, said=said)), after(before(piece.rest))


def begins_with_a_stretch(text: str) -> bool:
    piece = longest_in_front(_FRONT, " ".join(text.split()))
    return piece is not None and not goes_on(piece.text, piece.rest)


def _from_front(piece: Piece) -> tuple[Stretch, str]:
    if goes_on(piece.text, piece.rest):
        raise _not_a_stretch(f"{piece.text}{piece.rest}", piece)
    stretch, rest = _stretch(piece), after(piece.rest)
    second = longest_at_end(_SURE_AT_END, rest)
    if second and not goes_before(second.rest):
        raise _double(piece.text, second.text)
    if "when" in piece.said or isinstance(stretch, UntilNow):
        return stretch, rest
    if day := _said_last(_DAY_AT_END, rest):
        if "sure" not in day.said:
            raise _does_it_belong(piece.text, day.text, day.said["when"])
        return _stretch(replace(piece, said={**piece.said, "when": day.said["sure"]})), before(day.rest)
    if isinstance(stretch, Lasting) and (start := _said_last(_START_AT_END, rest)):
        raise _does_it_belong(piece.text, start.text, f"at {start.said['at']}")
    return stretch, rest


def _said_last(patterns: list[re.Pattern[str]], rest: str) -> Piece | None:
    piece = longest_at_end(patterns, rest)
    return None if piece and _INTRODUCED.search(piece.rest) else piece


def _does_it_belong(time: str, last: str, when: str) -> NotUnderstood:
    return NotUnderstood(
        f"Does “{last}” say when it was, or does it belong to the note? Please say `{time} {when} …` for the one, or "
        f"`{time} today …` for the other. Nothing was changed."
    )


def _not_a_stretch(text: str, piece: Piece | None = None) -> NotUnderstood:
    hint = hint_for_stretch(text)
    if hint is None and piece is None:
        return NotUnderstood(
            "I need an amount or a range, such as `1h30` or `9-11:30 yesterday`. Nothing was changed."
        )
    if hint is None:
        hint = "Try `1h30 api fix` or `9-11:30 yesterday api`, with the project before the note."
    return NotUnderstood(
        f"I didn't understand “{shown(text)}” as an amount or a range. {hint} Nothing was changed."
    )


def _double(first: str, second: str) -> NotUnderstood:
    return NotUnderstood(
        f"I read two times there, “{first}” and “{second}”. Please say one. Nothing was changed."
    )


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


_LENGTH = rf"(?:for |(?:the )?(?:last|past) )?(?P<length>{LENGTH})"
_START = r"(?:from|at|starting(?: at)?|beginning(?: at)?)"
_WINDOWS = (
    RANGE,
    rf"{_LENGTH},? {_START} (?P<at>{TIME})",
    rf"(?:{LEAD} ?)?(?P<at>{TIME}) for (?P<length>{LENGTH})",
    _LENGTH,
)
_WHEN = rf"(?P<when>{WHEN})"
_SHAPES = (
    *(shape for one in _WINDOWS for shape in (rf"{one},? {_WHEN}", rf"{_WHEN}[,:]? {one}", one)),
    rf"{_LENGTH},? {_WHEN},? {_START} (?P<at>{TIME})",
    rf"(?:{LEAD} ?)?{_WHEN},? (?:at )?(?P<at>{TIME}) for (?P<length>{LENGTH})",
    rf"(?P<when>{DAY}),? {RANGE} (?P<part>{PART_ALONE})",
    r"(?P<last_hour>(?:the )?(?:last|past) hour)",
    rf"(?P<since>since (?:{LENGTH} ago|{TIME}(?:,? {WHEN})?|{WHEN},? (?:at )?{TIME}))",
    rf"(?:from |since )?(?P<until_now>{TIME}){TO}now",
)
_FRONT, _BACK = front_patterns(*_SHAPES), back_patterns(*_SHAPES)
_DAY_IN_FRONT = front_patterns(rf"(?P<when>{DAY_IN_WORDS}|{PART})")
# What no note is likely to end with: 1-5 may be tickets.
_SURE_AT_END = back_patterns(rf"(?=(?:from |between )|[^-–—]*(?::\d\d|\d ?[ap]\.?m)){RANGE}", _LENGTH)
_DAY_AT_END = back_patterns(
    rf"(?P<sure>(?!{WEEKDAY}$){DAY_IN_WORDS}|{PART})",
    rf"(?P<when>{WEEKDAY}|\d{{1,2}}/\d{{1,2}})",
    rf"(?:from|since) (?P<when>{DAY})",
)
_START_AT_END = back_patterns(rf"(?:{LEAD} )?(?P<at>{FULL_TIME})", rf"(?:since|from) (?P<at>{TIME})")
# "prepare for monday": what it is for, not when it was.
_INTRODUCED = compiled(
    r"(?:^|\s)(?:for|by|until|till|before|after|of|the|this|to|a|an|every|each|and|or|with|about|than|vs|in|[-–—&+])[\s]+$"
)


def _stretch(piece: Piece) -> Stretch:
    said = piece.said
    if "since" in said:
        return UntilNow(since=parse_moment(said["since"]))
    if "until_now" in said:
        return UntilNow(since=parse_moment(f"at {said['until_now']}"))
    day, part = read_when(said["when"]) if "when" in said else (None, "")
    if "part" in said:
        _, part = read_when(said["part"])
    if found := read_range(said, part):
        return Between(start=found[0], lasting=found[1], day=day)
    length = read_length(said["length"]) if "length" in said else timedelta(hours=1)
    if not SHORTEST_AMOUNT <= length <= LONGEST_AMOUNT:
        raise NotUnderstood("An entry lasts between a minute and 24 hours. Nothing was changed.")
    if "at" in said:
        clock = within(read_clock(said["at"]), part) if part else read_clock(said["at"])
        return Beginning(at=At(at=as_time(clock.minutes), day=day, sure=clock.sure), length=length)
    if part:
        raise NotUnderstood(
            f"“{said['when']}” says no hours. Try `9-11:30 yesterday` for a range, or `2h yesterday` for an amount "
            "on that day. Nothing was changed."
        )
    return Lasting(length=length, day=day)
