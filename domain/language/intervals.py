"""What people type for a finished stretch of time: `1h30`, `9-11:30 yesterday`, `2h from 9:00`."""

import re
from dataclasses import replace
from datetime import timedelta

from domain.errors import NotUnderstood
from domain.language.clock_times import (
    FULL_TIME,
    HOUR_WITH_H,
    PART,
    PART_ALONE,
    TIME,
    WHEN,
    as_time,
    read_clock,
    read_when,
    within,
)
from domain.language.days import DAY, DAY_IN_WORDS
from domain.language.english import LEAD, TO, WEEKDAY
from domain.language.extraction import (
    Patterns,
    Piece,
    after,
    back_patterns,
    before,
    front_patterns,
    goes_before,
    goes_on,
    longest_at_end,
    longest_in_front,
    tells_a_time,
    unwrapped,
)
from domain.language.hints import begins_like_a_stretch, hint_for_stretch, shown
from domain.language.instants import INSTANT, read_instant
from domain.language.lengths import LENGTH, read_length
from domain.language.note_ends import break_at_the_end, clock_near_the_end, time_at_the_end
from domain.language.patterns import Shape
from domain.language.ranges import RANGE, read_range
from domain.language.time_points import parse_moment
from domain.language.unread_times import begins_with_time
from domain.time.intervals import (
    LONGEST_AMOUNT,
    SHORTEST_AMOUNT,
    Amount,
    AmountFromTime,
    ClockRange,
    IntervalPhrase,
    PointToPoint,
    UntilNow,
)
from domain.time.time_points import At


def cut_stretch(text: str) -> tuple[IntervalPhrase, str]:
    """The stretch at the front of the text, or at its end, and what is left. Raises NotUnderstood."""
    text = unwrapped(" ".join(text.split()), _BACK, _DAY_AT_END, _START_AT_END)
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
        if begins_like_a_stretch(piece.rest.lstrip()) or begins_with_time(piece.rest):
            raise _not_a_stretch(text)
        _refuse_a_time_behind_the_project(piece.text, head)
        when = piece.said.get("when", "")
        if head and _MAYBE_A_VERSION.fullmatch(when):
            raise _does_it_belong(piece.text.removeprefix(when).strip(), when, when)
        return _stretch(piece), before(piece.rest)
    if "when" in piece.said:
        raise _double(day.text, piece.text)
    said = {**piece.said, "when": day.text}
    return _stretch(replace(piece, said=said)), after(before(piece.rest))


def begins_with_a_stretch(text: str) -> bool:
    piece = longest_in_front(_FRONT, " ".join(text.split()))
    return piece is not None and not goes_on(piece.text, piece.rest)


def _from_front(piece: Piece) -> tuple[IntervalPhrase, str]:
    if goes_on(piece.text, piece.rest):
        raise _not_a_stretch(f"{piece.text}{piece.rest}", piece)
    stretch, rest = _stretch(piece), after(piece.rest)
    _refuse_a_part_of_an_hour(piece, stretch)
    _refuse_a_break(rest)
    if not tells_a_time(rest):
        return stretch, rest
    second = longest_at_end(_SURE_AT_END, rest)
    if second and not goes_before(second.rest):
        raise _double(piece.text, second.text)
    if "when" in piece.said or isinstance(stretch, UntilNow | PointToPoint):
        day = None if piece.said.get("when", "").lower() == "today" else _said_last(_DAY_AT_END, rest)
        if day and "sure" in day.said:
            raise _double(piece.text, day.text)
        if isinstance(stretch, Amount) and piece.said["when"].lower() != "today":
            _refuse_an_hour_at_the_end(piece, rest)
        return stretch, rest
    if day := _said_last(_DAY_AT_END, rest):
        if "sure" not in day.said:
            raise _does_it_belong(piece.text, day.text, day.said["when"])
        return _stretch(replace(piece, said={**piece.said, "when": day.said["sure"]})), before(day.rest)
    _refuse_when_it_was(piece, stretch, rest)
    return stretch, rest


def _refuse_when_it_was(piece: Piece, stretch: IntervalPhrase, rest: str) -> None:
    """Where the note says when it was, and in words that were not read."""
    if isinstance(stretch, Amount) and (start := _said_last(_START_AT_END, rest)):
        raise _does_it_belong(piece.text, start.text, f"at {start.said['at']}")
    _refuse_a_time_behind_the_project(piece.text, rest)
    said = time_at_the_end(rest)
    if not said and isinstance(stretch, Amount):
        said = clock_near_the_end(rest)
    if said:
        raise NotUnderstood(
            f"Does “{said}” say when it was? Then name the day, such as `{piece.text} yesterday …`. "
            f"If it belongs to the note, say `{piece.text} today …`. Nothing was changed."
        )


def _refuse_a_part_of_an_hour(piece: Piece, stretch: IntervalPhrase) -> None:
    if isinstance(stretch, Amount) and piece.text.endswith(_FRACTIONS) and "when" in piece.said:
        raise NotUnderstood(
            f"Is “{piece.said['when']}” a part of an hour or a day? Say `1h30` for an amount, or the day in words, as "
            "in `1h 13 nov`. Nothing was changed."
        )


def _refuse_a_break(rest: str) -> None:
    if pause := break_at_the_end(rest):
        raise NotUnderstood(
            f"Does “{pause}” change how long it was? Please log what was worked, such as `9-12` and `12:30-17:00`. "
            "If it belongs to the note, please don't end with it. Nothing was changed."
        )


def _refuse_an_hour_at_the_end(piece: Piece, rest: str) -> None:
    """2h yesterday api at 9: the hour belongs to the day."""
    start = _said_last(_START_AT_END, rest) or _said_last(_BARE_START_AT_END, rest)
    if start and " " in before(start.rest) + " ":
        raise NotUnderstood(
            f"Does “{start.text}” say when it began? Then say it beside the day, as in `{piece.text} at "
            f"{start.said['at']}`. If it belongs to the note, please don't end with it. Nothing was changed."
        )


def _refuse_a_time_behind_the_project(time: str, words: str) -> None:
    """api yesterday fix: behind the first word, which may be a project, a time is more than a word of the note."""
    first, _, others = words.partition(" ")
    found = longest_in_front(_BEHIND_A_WORD, others)
    if found and "length" in found.said and read_length(found.said["length"]) >= LONGEST_AMOUNT:
        return  # a 24h hotline
    if found and first.lower() not in _INTRODUCING and found.rest.strip():
        if found.said.get("when", "").lower() == "today":
            raise NotUnderstood(
                f"Please say the day beside the time: `{time} today {first} …`. Nothing was changed."
            )
        raise (
            _does_it_belong(time, found.text, found.said["when"])
            if "when" in found.said
            else _double(time, found.text)
        )


def _said_last(patterns: Patterns, rest: str) -> Piece | None:
    piece = longest_at_end(patterns, rest)
    if piece and patterns is _DAY_AT_END and _MORE_OF_A_DAY.search(piece.rest):
        raise NotUnderstood(
            f"I didn't understand the day at the end of “{shown(rest)}”. Say it beside the time, as in `2h yesterday` "
            "or `9-11:30 12 nov`. Nothing was changed."
        )
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
        hint += f" A colon ends the time: `{piece.text}: …`." if piece else ""
    return NotUnderstood(
        f"I didn't understand “{shown(text)}” as an amount or a range. {hint} Nothing was changed."
    )


def _double(first: str, second: str) -> NotUnderstood:
    return NotUnderstood(
        f"I read two times there, “{first}” and “{second}”. Please say one. Nothing was changed."
    )


_LENGTH = rf"(?:for )?(?:(?:the )?(?:last|past) )?(?P<length>{LENGTH})"
_START = r"(?:from|at|starting(?: at)?|beginning(?: at)?)"
_WINDOWS = (
    RANGE,
    rf"{_LENGTH},? {_START} (?P<at>{TIME}|{HOUR_WITH_H})",
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
    rf"(?:(?:from|between) )?(?P<first_instant>{INSTANT})(?:{TO}|/| and )(?P<last_instant>{INSTANT})",
    rf"(?P<since>since (?:{INSTANT}|{LENGTH} ago|{TIME}(?:,? {WHEN})?|{WHEN},? (?:at )?{TIME}))",
    rf"(?:from |since )?(?P<until_now>{TIME}){TO}now",
)
_FRONT, _BACK = front_patterns(*_SHAPES), back_patterns(*_SHAPES)
_DAY_IN_FRONT = front_patterns(rf"(?P<when>{DAY_IN_WORDS}|{PART})")
# What no note is likely to end with: 1-5 may be tickets.
_SURE_AT_END = back_patterns(rf"(?=(?:from |between )|[^-–—]*(?::\d\d|\d ?[ap]\.?m)){RANGE}", _LENGTH)
_DAY_AT_END = back_patterns(
    rf"(?P<sure>(?!{WEEKDAY}$){DAY_IN_WORDS}|{PART}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}})",
    rf"(?P<when>{WEEKDAY}|(?!24/7$)\d{{1,2}}/\d{{1,2}})",
    rf"(?:from|since) (?P<when>{DAY})",
)
_BEHIND_A_WORD = front_patterns(
    rf"(?!{WEEKDAY}\b)(?:(?P<when>{DAY_IN_WORDS})|{PART})",
    rf"(?:from |between )?(?=\S*:\d\d){RANGE}",
    _LENGTH,
)
_INTRODUCING = {
    "for", "by", "till", "before", "until", "after", "of", "the", "this", "to", "a", "an", "every", "each", "and", "or",
    "with", "about", "than", "vs", "in",
}  # fmt: skip
_START_AT_END = back_patterns(rf"(?:{LEAD} )?(?P<at>{FULL_TIME})", rf"(?:since|from) (?P<at>{TIME})")
_BARE_START_AT_END = back_patterns(rf"(?:at|@) ?(?P<at>{TIME})")
# What changes a day in front of which it stands: early yesterday, w/c 9 nov, 12 nov 26, last last friday.
_MORE_OF_A_DAY = re.compile(
    r"(?:^|\s)(?:early|late|earlier|last|past|next|b4|w/[ce]|wc|week(?: \w+)?|ending|commencing|\d{1,2})\s+$",
    re.IGNORECASE,
)
_MAYBE_A_VERSION = re.compile(r"\d{1,2}\.\d{1,2}")
_FRACTIONS = ("1/2", "1/4", "3/4")
# "prepare for monday": what it is for, not when it was.
_INTRODUCED = Shape(
    r"(?:^|\s)(?:for|by|until|till|before|after|of|the|this|to|a|an|every|each|and|or|with|about|than|vs|in|[-–—&+])[\s]+$"
)


def _stretch(piece: Piece) -> IntervalPhrase:
    said = piece.said
    if "first_instant" in said:
        first, last = (read_instant(said[name]) for name in ("first_instant", "last_instant"))
        return PointToPoint(start=first, end=last)
    if "since" in said:
        return UntilNow(since=parse_moment(said["since"]))
    if "until_now" in said:
        return UntilNow(since=parse_moment(f"at {said['until_now']}"))
    day, part = read_when(said["when"]) if "when" in said else (None, "")
    if "part" in said:
        _, part = read_when(said["part"])
    if found := read_range(said, part):
        start, wall_length, either_half = found
        return ClockRange(start=start, wall_length=wall_length, day=day, either_half=either_half)
    length = read_length(said["length"]) if "length" in said else timedelta(hours=1)
    if not SHORTEST_AMOUNT <= length <= LONGEST_AMOUNT:
        raise NotUnderstood("An entry lasts between a minute and 24 hours. Nothing was changed.")
    if "at" in said:
        clock = within(read_clock(said["at"]), part) if part else read_clock(said["at"])
        return AmountFromTime(at=At(at=as_time(clock.minutes), day=day, sure=clock.sure), length=length)
    if part:
        raise NotUnderstood(
            f"“{said['when']}” says no hours. Try `9-11:30 yesterday` for a range, or `2h yesterday` for an amount "
            "on that day. Nothing was changed."
        )
    return Amount(length=length, day=day)
