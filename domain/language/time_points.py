"""Reads points in time: `at 14:15`, `20 min ago`, `since yesterday 16:00`.

A text is understood as a whole or refused; no part is guessed.
"""

from datetime import timedelta

from domain.errors import NotUnderstood
from domain.language.clock_times import (
    place_in_day_part,
    read_clock,
    read_when,
    to_time,
)
from domain.language.extraction import (
    Piece,
    continues_after,
    continues_before,
    find_at_end,
    find_at_start,
    match_whole,
    may_hold_time,
    starts_with_misspelt_day,
    strip_leading_joiners,
    strip_trailing_joiners,
    unwrap_parentheses,
)
from domain.language.hints import hint_for_time_point, shorten
from domain.language.instants import read_instant
from domain.language.lengths import read_length
from domain.language.note_ends import find_clock_near_end, find_time_at_end
from domain.language.time_point_patterns import (
    BOUND,
    CLOCK_AT_END,
    INTRODUCED_AT_END,
    INTRODUCING_WORDS,
    LEADING_WORDS,
    PAST_DAY_AT_END,
    POINT_AT_END,
    POINT_AT_START,
    SECOND_POINT_AT_END,
    SINCE_DAY_AT_END,
    SPOKEN_NEAR_END,
    TIME_AFTER_FIRST_WORD,
    TIME_OR_AMOUNT,
    WHOLE_POINT,
)
from domain.language.unread_times import starts_with_unread_time
from domain.time.time_points import Ago, At, TimePoint


def extract_time_point(text: str) -> tuple[TimePoint | None, str]:
    """Extract the point in time from the start of the text, or from its end.

    Returns it with the rest of the text, or None with the unchanged text. At the end, where a note usually stands,
    a clock time needs a day, `at`, `since` or `from`, and a bare hour never counts. Raises NotUnderstood for two
    times.
    """
    typed = unwrap_parentheses(" ".join(text.split()), POINT_AT_END)
    if not may_hold_time(typed):
        return None, text
    piece = find_at_start(POINT_AT_START, typed)
    if piece and not continues_after(piece.text, piece.rest):
        if second := find_at_end(SECOND_POINT_AT_END, piece.rest):
            raise NotUnderstood(
                f"I read two times there, “{piece.text}” and “{second.text}”. Please say one. Nothing was changed."
            )
        rest = strip_leading_joiners(piece.rest)
        _refuse_second_time(piece, rest)
        return _build_time_point(piece), rest
    last = None if piece else find_at_end(POINT_AT_END, typed)
    if last and not continues_before(last.rest):
        return _build_time_point(last), strip_trailing_joiners(last.rest)
    return None, text


def _refuse_second_time(piece: Piece, rest: str) -> None:
    if piece.groups.keys() & {"now", "when", "instant"}:
        return
    said = _find_past_day_at_end(rest) or find_time_at_end(rest)
    if said and "at" in piece.groups:
        raise NotUnderstood(
            f"Does “{said}” say when it began? Then say the day beside the hour, such as `yesterday {piece.text}`. "
            f"If it belongs to the note, say `{piece.text} today {shorten(rest)}`. Nothing was changed."
        )
    if said:
        raise NotUnderstood(
            f"I read two times there, “{piece.text}” and “{said}”. Please say one. Nothing was changed."
        )


def _starts_with_spoken_time(words: str) -> bool:
    return any(pattern.match(words[:60]) for pattern in SPOKEN_NEAR_END.all)


def _find_spoken_time_near_end(words: str) -> str:
    """Find a time that would be read if no words followed it: "half past eight Berlin time", "at seven +02:00"."""
    end = words[-60:]
    for pattern in SPOKEN_NEAR_END.all:
        for found in pattern.finditer(end):
            if not INTRODUCED_AT_END.search(end[: found.start()]):
                return found[0].strip()
    return ""


def _find_past_day_at_end(words: str) -> str:
    piece = find_at_end(PAST_DAY_AT_END, words)
    return piece.text if piece and not INTRODUCED_AT_END.search(piece.rest) else ""


def parse_time_point(text: str) -> TimePoint:
    """Read a text that consists of a point in time only. Raises NotUnderstood."""
    if piece := match_whole(WHOLE_POINT, text):
        return _build_time_point(piece)
    raise _not_a_time_point(text, "")


def refuse_unread_time(words: str) -> None:
    """Raise NotUnderstood if the words of a note begin or end like a time that was not read.

    A timer must not start now if its person meant another time.
    """
    words = " ".join(words.split())
    if not (may_hold_time(words) or starts_with_misspelt_day(words) or BOUND.search(words)):
        return
    if (
        hint_for_time_point(words)
        or starts_with_misspelt_day(words)
        or starts_with_unread_time(words)
        or find_at_start(POINT_AT_START, words)
        or _starts_with_spoken_time(words)
    ):
        front = find_at_start(POINT_AT_START, words)
        colon = f", or put a colon behind the time: `{front.text}: …`" if front else ""
        raise _not_a_time_point(words, f" If it belongs to the note, begin with the project{colon}.")
    if piece := find_at_end(SINCE_DAY_AT_END, words):
        raise _not_a_time_point(piece.text, "")
    if (piece := find_at_end(CLOCK_AT_END, words)) and not INTRODUCED_AT_END.search(piece.rest):
        raise NotUnderstood(
            f"Did it start at {piece.text}? Then say `at {piece.text}`. If “{piece.text}” belongs to the note, "
            "please don't end with it. Nothing was changed."
        )
    first, _, others = words.partition(" ")
    behind = find_at_start(TIME_AFTER_FIRST_WORD, others)
    if behind and first.lower().strip("(:") in LEADING_WORDS:
        raise _not_a_time_point(words, f" Is it `at {behind.groups['at']}`?" if "at" in behind.groups else "")
    if behind and first.lower() not in INTRODUCING_WORDS:
        raise NotUnderstood(
            f"Does “{behind.text}” say when it began? Then put it in front: `{behind.text} {first} …`. "
            f"If it belongs to the note, say `now {shorten(words)}`. Nothing was changed."
        )
    said = (
        _find_past_day_at_end(words)
        or find_time_at_end(words)
        or find_clock_near_end(words)
        or _find_spoken_time_near_end(words)
    )
    if not said and (piece := find_at_end(POINT_AT_END, words)):
        said = piece.text
    if said:
        raise NotUnderstood(
            f"Does “{said}” say when it began? Then say it with its hour, such as `yesterday 16:00`. "
            f"If it belongs to the note, say `now {shorten(words)}`. Nothing was changed."
        )


def _not_a_time_point(text: str, more: str) -> NotUnderstood:
    front = find_at_start(POINT_AT_START, text)
    if front and not continues_after(front.text, front.rest):
        hint = "Only the time belongs there, such as `at 14:15`."
    else:
        hint = hint_for_time_point(text) or "Try `at 14:15`, `20 min ago` or `since yesterday 16:00`."
    return NotUnderstood(
        f"I didn't understand “{shorten(text)}” as a time. {hint}{more} Nothing was changed."
    )


def _build_time_point(piece: Piece) -> TimePoint:
    groups = piece.groups
    if doubtful := TIME_OR_AMOUNT.search(piece.text):
        hour, minute = doubtful["hour"], doubtful["minute"]
        raise NotUnderstood(
            f"Is “{hour}h{minute}” a time or an amount? Say `since 0{hour}:{minute}` or `since {hour}h{minute} ago`. "
            "Nothing was changed."
        )
    if "instant" in groups:
        return read_instant(groups["instant"])
    if "now" in groups:
        return Ago(length=timedelta())
    if "length" in groups:
        return Ago(length=read_length(groups["length"]))
    day, part = read_when(groups["when"]) if "when" in groups else (None, "")
    if "part" in groups:
        _, part = read_when(groups["part"])
    clock = read_clock(groups["at"])
    if part:
        clock = place_in_day_part(clock, part)
    return At(at=to_time(clock.minutes), day=day, sure=clock.sure)
