"""Reads finished intervals: `1h30`, `9-11:30 yesterday`, `2h from 9:00`.

The interval stands at the start of the text or at its end; the rest is the project and the note. A text with two
possible meanings is refused, and the message names both.
"""

from dataclasses import replace
from datetime import timedelta

from domain.errors import NotUnderstood
from domain.language.clock_times import (
    place_in_day_part,
    read_clock,
    read_when,
    to_time,
)
from domain.language.extraction import (
    PatternSet,
    Piece,
    continues_after,
    continues_before,
    find_at_end,
    find_at_start,
    may_hold_time,
    strip_leading_joiners,
    strip_trailing_joiners,
    unwrap_parentheses,
)
from domain.language.hints import hint_for_interval, shorten, starts_like_interval
from domain.language.instants import read_instant
from domain.language.interval_patterns import (
    BARE_START_AT_END,
    DAY_AT_END,
    DAY_AT_START,
    DAY_MODIFIER_AT_END,
    FRACTIONS,
    INTERVAL_AT_END,
    INTERVAL_AT_START,
    INTRODUCED_AT_END,
    INTRODUCING_WORDS,
    POSSIBLE_VERSION,
    START_AT_END,
    SURE_INTERVAL_AT_END,
    TIME_AFTER_FIRST_WORD,
)
from domain.language.lengths import read_length
from domain.language.note_ends import find_break_at_end, find_clock_near_end, find_time_at_end
from domain.language.ranges import read_range
from domain.language.time_points import parse_time_point
from domain.language.unread_times import starts_with_unread_time
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


def extract_interval(text: str) -> tuple[IntervalPhrase, str]:
    """Extract the interval from the start of the text, or from its end.

    Returns it with the rest of the text. Raises NotUnderstood if the text has no interval, or if it is not clear
    which words belong to it.
    """
    text = unwrap_parentheses(" ".join(text.split()), INTERVAL_AT_END, DAY_AT_END, START_AT_END)
    piece = find_at_start(INTERVAL_AT_START, text)
    if piece:
        return _read_from_start(piece)
    day = find_at_start(DAY_AT_START, text)
    if day and continues_after(day.text, day.rest):
        day = None
    piece = find_at_end(INTERVAL_AT_END, day.rest if day else text)
    if piece is None or continues_before(piece.rest):
        raise _not_an_interval(text)
    head = strip_trailing_joiners(piece.rest)
    if second := find_at_end(SURE_INTERVAL_AT_END, head) or _find_last(START_AT_END, head):
        raise _two_times(second.text, piece.text)
    if day is None:
        if starts_like_interval(piece.rest.lstrip()) or starts_with_unread_time(piece.rest):
            raise _not_an_interval(text)
        _refuse_time_after_project(piece.text, head)
        when = piece.groups.get("when", "")
        if head and POSSIBLE_VERSION.fullmatch(when):
            raise _ask_when(piece.text.removeprefix(when).strip(), when, when)
        return _build_interval(piece), strip_trailing_joiners(piece.rest)
    if "when" in piece.groups:
        raise _two_times(day.text, piece.text)
    groups = {**piece.groups, "when": day.text}
    return _build_interval(replace(piece, groups=groups)), strip_leading_joiners(
        strip_trailing_joiners(piece.rest)
    )


def starts_with_interval(text: str) -> bool:
    """Return whether the text starts with an interval that the next words do not continue."""
    piece = find_at_start(INTERVAL_AT_START, " ".join(text.split()))
    return piece is not None and not continues_after(piece.text, piece.rest)


def _read_from_start(piece: Piece) -> tuple[IntervalPhrase, str]:
    if continues_after(piece.text, piece.rest):
        raise _not_an_interval(f"{piece.text}{piece.rest}", piece)
    interval, rest = _build_interval(piece), strip_leading_joiners(piece.rest)
    _refuse_fraction_or_date(piece, interval)
    _refuse_break(rest)
    if not may_hold_time(rest):
        return interval, rest
    second = find_at_end(SURE_INTERVAL_AT_END, rest)
    if second and not continues_before(second.rest):
        raise _two_times(piece.text, second.text)
    if "when" in piece.groups or isinstance(interval, UntilNow | PointToPoint):
        day = None if piece.groups.get("when", "").lower() == "today" else _find_last(DAY_AT_END, rest)
        if day and "sure" in day.groups:
            raise _two_times(piece.text, day.text)
        if isinstance(interval, Amount) and piece.groups["when"].lower() != "today":
            _refuse_hour_at_end(piece, rest)
        return interval, rest
    if day := _find_last(DAY_AT_END, rest):
        if "sure" not in day.groups:
            raise _ask_when(piece.text, day.text, day.groups["when"])
        return _build_interval(
            replace(piece, groups={**piece.groups, "when": day.groups["sure"]})
        ), strip_trailing_joiners(day.rest)
    _refuse_time_in_note(piece, interval, rest)
    return interval, rest


def _refuse_time_in_note(piece: Piece, interval: IntervalPhrase, rest: str) -> None:
    """Refuse a note that names a time, if that was not read as the day of the interval."""
    if isinstance(interval, Amount) and (start := _find_last(START_AT_END, rest)):
        raise _ask_when(piece.text, start.text, f"at {start.groups['at']}")
    _refuse_time_after_project(piece.text, rest)
    said = find_time_at_end(rest)
    if not said and isinstance(interval, Amount):
        said = find_clock_near_end(rest)
    if said:
        raise NotUnderstood(
            f"Does “{said}” say when it was? Then name the day, such as `{piece.text} yesterday …`. "
            f"If it belongs to the note, say `{piece.text} today …`. Nothing was changed."
        )


def _refuse_fraction_or_date(piece: Piece, interval: IntervalPhrase) -> None:
    if isinstance(interval, Amount) and piece.text.endswith(FRACTIONS) and "when" in piece.groups:
        raise NotUnderstood(
            f"Is “{piece.groups['when']}” a part of an hour or a day? Say `1h30` for an amount, or the day in words, "
            "as in `1h 13 nov`. Nothing was changed."
        )


def _refuse_break(rest: str) -> None:
    if pause := find_break_at_end(rest):
        raise NotUnderstood(
            f"Does “{pause}” change how long it was? Please log what was worked, such as `9-12` and `12:30-17:00`. "
            "If it belongs to the note, please don't end with it. Nothing was changed."
        )


def _refuse_hour_at_end(piece: Piece, rest: str) -> None:
    """Refuse "2h yesterday api at 9", because the hour may belong to the day."""
    start = _find_last(START_AT_END, rest) or _find_last(BARE_START_AT_END, rest)
    if start and " " in strip_trailing_joiners(start.rest) + " ":
        raise NotUnderstood(
            f"Does “{start.text}” say when it began? Then say it beside the day, as in `{piece.text} at "
            f"{start.groups['at']}`. If it belongs to the note, please don't end with it. Nothing was changed."
        )


def _refuse_time_after_project(time: str, words: str) -> None:
    """Refuse "api yesterday fix": the first word may be a project, and then "yesterday" may be meant as a time."""
    first, _, others = words.partition(" ")
    found = find_at_start(TIME_AFTER_FIRST_WORD, others)
    if found and "length" in found.groups and read_length(found.groups["length"]) >= LONGEST_AMOUNT:
        return  # "a 24h hotline" is a note
    if found and first.lower() not in INTRODUCING_WORDS and found.rest.strip():
        if found.groups.get("when", "").lower() == "today":
            raise NotUnderstood(
                f"Please say the day beside the time: `{time} today {first} …`. Nothing was changed."
            )
        raise (
            _ask_when(time, found.text, found.groups["when"])
            if "when" in found.groups
            else _two_times(time, found.text)
        )


def _find_last(patterns: PatternSet, rest: str) -> Piece | None:
    piece = find_at_end(patterns, rest)
    if piece and patterns is DAY_AT_END and DAY_MODIFIER_AT_END.search(piece.rest):
        raise NotUnderstood(
            f"I didn't understand the day at the end of “{shorten(rest)}”. Say it beside the time, as in "
            "`2h yesterday` or `9-11:30 12 nov`. Nothing was changed."
        )
    return None if piece and INTRODUCED_AT_END.search(piece.rest) else piece


def _ask_when(time: str, last: str, when: str) -> NotUnderstood:
    return NotUnderstood(
        f"Does “{last}” say when it was, or does it belong to the note? Please say `{time} {when} …` for the one, or "
        f"`{time} today …` for the other. Nothing was changed."
    )


def _not_an_interval(text: str, piece: Piece | None = None) -> NotUnderstood:
    hint = hint_for_interval(text)
    if hint is None and piece is None:
        return NotUnderstood(
            "I need an amount or a range, such as `1h30` or `9-11:30 yesterday`. Nothing was changed."
        )
    if hint is None:
        hint = "Try `1h30 api fix` or `9-11:30 yesterday api`, with the project before the note."
        hint += f" A colon ends the time: `{piece.text}: …`." if piece else ""
    return NotUnderstood(
        f"I didn't understand “{shorten(text)}” as an amount or a range. {hint} Nothing was changed."
    )


def _two_times(first: str, second: str) -> NotUnderstood:
    return NotUnderstood(
        f"I read two times there, “{first}” and “{second}”. Please say one. Nothing was changed."
    )


def _build_interval(piece: Piece) -> IntervalPhrase:
    groups = piece.groups
    if "first_instant" in groups:
        first, last = (read_instant(groups[name]) for name in ("first_instant", "last_instant"))
        return PointToPoint(start=first, end=last)
    if "since" in groups:
        return UntilNow(since=parse_time_point(groups["since"]))
    if "until_now" in groups:
        return UntilNow(since=parse_time_point(f"at {groups['until_now']}"))
    day, part = read_when(groups["when"]) if "when" in groups else (None, "")
    if "part" in groups:
        _, part = read_when(groups["part"])
    if found := read_range(groups, part):
        start, wall_length, either_half = found
        return ClockRange(start=start, wall_length=wall_length, day=day, either_half=either_half)
    length = read_length(groups["length"]) if "length" in groups else timedelta(hours=1)
    if not SHORTEST_AMOUNT <= length <= LONGEST_AMOUNT:
        raise NotUnderstood("An entry lasts between a minute and 24 hours. Nothing was changed.")
    if "at" in groups:
        clock = place_in_day_part(read_clock(groups["at"]), part) if part else read_clock(groups["at"])
        return AmountFromTime(at=At(at=to_time(clock.minutes), day=day, sure=clock.sure), length=length)
    if part:
        raise NotUnderstood(
            f"“{groups['when']}” says no hours. Try `9-11:30 yesterday` for a range, or `2h yesterday` for an amount "
            "on that day. Nothing was changed."
        )
    return Amount(length=length, day=day)
