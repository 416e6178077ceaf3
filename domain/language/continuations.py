"""Decides whether the words beside an extracted time are a note or continue the time.

A word continues the time in three cases: it is a word of time itself ("month", "tuesday", "9:00", "gestern"), it
leads to such a word ("of last month"), or it can only stand beside a time ("before", "ago", "+02:00", "minus
lunch"). Then the text is refused, with a hint what to type instead. Words that can only be a note ("after hours
support", "90 day plan") do not continue it, and a colon ends it: `1h: before the demo`.
"""

import re

from domain.language import foreign_words
from domain.language.continuation_words import (
    AFTER_BACK,
    AFTER_CLOCK_TIME,
    AFTER_DAY,
    AFTER_EXACT_DAY,
    AFTER_PERIOD,
    BEFORE_TIME,
    COUNTED_NOUNS,
    INTRODUCING_WORDS,
    LEADING_WORDS,
    NEVER_A_NOTE,
    NOTE_COMPOUNDS,
    ROUND_THE_CLOCK,
)
from domain.language.english import (
    HALF_DAY,
    MONTHS,
    NUMBERS,
    WEEKDAYS,
)
from domain.language.idioms import starts_with_idiom
from domain.language.piece_endings import classify_ending
from domain.language.vocabulary import (
    CLOCK_OWNERS,
    DAY_PARTS,
    DAYS,
    LATE_DAY_PARTS,
    NAMED_DAYS,
    ORDINALS,
    PERIOD_PARTS,
    QUANTIFIERS,
    SELECTORS,
    SHORT_ZONES,
    UNITS,
    WORDS,
    compile_ascii,
    first_four_words,
    is_number,
    is_ordinal,
    is_time_word,
    is_unit,
    looks_like_time,
)

_SURE_LAST = compile_ascii(rf".*(?:{HALF_DAY}|noon|midday|midnight|(?:1[3-9]|2[0-3])[:.h][0-5]\d)")
_DAY_NUMBER_LAST = compile_ascii(r"(?:^|[\s–-])\d{1,2}$")
_TIMES = compile_ascii(r"[x×*]\d+$")
_SIGNED = compile_ascii(r"[+−]\d")
_OFFSET = compile_ascii(r"[+−-]\d{1,2}(?::?\d\d)?(?!\w)|(?:utc|gmt|z)(?![a-z'’-])")
_HALF_FIRST = compile_ascii(r"[ap]\.?m[xz]?\b")
_MILITARY_FIRST = compile_ascii(r"0\d[0-5]\d")
_MINUTES_FIRST = compile_ascii(r"h[0-5]\d")
_DAY_IN_NUMBERS = compile_ascii(r"\d{1,2}/\d{1,2}")
_FROM_TO = compile_ascii(r"\d{1,2}[-–]\d{1,2}")
# A separator ends the time, unless another time follows it.
_SEPARATOR = re.compile(r"\s*[:;]\s|\s+[-–—]\s|[.!?]\s")


def continues_time(piece: str, rest: str) -> bool:
    """Return whether the words after a piece of time continue it."""
    first, second, third, fourth = words = first_four_words(rest)
    if _SEPARATOR.match(rest):  # a German date contains full stops: 12. Okt, 12. 11.
        dotted = piece[-1:].isdecimal() and rest[0] == "."
        return dotted and (first in foreign_words.MONTHS or first.isdecimal())
    if not first or is_note(words):
        return False
    if (
        _continues_any_time(first, second, words)
        or leads_to_time(first, second, third, fourth)
        or _continues_in_foreign_language(piece, words)
    ):
        return True
    match classify_ending(piece):
        case "day" | "exact day" if _MILITARY_FIRST.fullmatch(first):
            return True
        case "day" if first in COUNTED_NOUNS and is_ordinal(piece.lower().split()[-1]):
            return True
        case "length" if first == "half":
            return True
        case "exact day":
            return first in AFTER_EXACT_DAY or (is_number(first) and (first, second) != ("one", "on"))
        case "day":
            return first in AFTER_DAY or (is_number(first) and (first, second) != ("one", "on"))
        case "clock":
            return _continues_clock_time(piece, rest, first, second)
        case "hour":
            minutes = (is_number(first) or first in MONTHS) and second != "on"
            return (
                minutes
                or bool(_MINUTES_FIRST.fullmatch(first))
                or _continues_clock_time(piece, rest, first, second)
            )
    return False


def is_note(words: tuple[str, str, str, str]) -> bool:
    """Return whether words that look like time clearly belong to a note: "after hours support", "90 day plan",
    "24/7 support"."""
    first, second, third, _ = words
    if (first, second) in NOTE_COMPOUNDS:
        return bool(third)
    if first == "24/7":
        return second in ROUND_THE_CLOCK
    if not third or third in NEVER_A_NOTE or is_time_word(third) or "ago" in words or "later" in words:
        return False
    several = int(first) > 1 if first.isdecimal() else NUMBERS.get(first, 1) > 1
    return several and second in {"day", "week", "month", "year"}


def _continues_in_foreign_language(piece: str, words: tuple[str, str, str, str]) -> bool:
    first, second, _, _ = words
    if first in foreign_words.DAYS or starts_in_foreign_language(*words):
        return True
    if first in foreign_words.SELECTORS and (
        second in foreign_words.DAYS or second in foreign_words.DAY_PARTS
    ):
        return True
    if first in foreign_words.MONTHS:
        return bool(_DAY_NUMBER_LAST.search(piece))
    return first == "uhr" or (piece[-1:].isdecimal() and first in foreign_words.HOURS)


def leads_into_time(rest: str) -> bool:
    """Return whether the last word before a piece of time belongs to the time: "since", "monday before", "the"."""
    words = rest.lower().split()
    if not words:
        return False
    last = words[-1].strip("(),;:.")
    if _DAY_IN_NUMBERS.fullmatch(last):
        return len(words) < 2 or words[-2] not in INTRODUCING_WORDS
    if _FROM_TO.fullmatch(last):  # tickets 1-5
        return len(words) < 2 or not words[-2].endswith("s")
    if last.isdecimal():  # order 20261112
        return False
    return last in BEFORE_TIME or looks_like_time(last)


def starts_in_foreign_language(first: str, second: str, third: str, fourth: str) -> bool:
    """Return whether a time in another language starts there: "um 9", "9 Uhr", "vor 20 min", "il y a 20 min"."""
    led = first in foreign_words.LEADS and (is_number(second) or looks_like_time(second))
    ago = (first, second, third) == ("il", "y", "a") and (is_number(fourth) or looks_like_time(fourth))
    clock = first.isdecimal() and second in foreign_words.HOURS
    day = first in foreign_words.DAYS and (is_number(second) or looks_like_time(second))
    return led or ago or clock or day


def _continues_any_time(first: str, second: str, words: tuple[str, str, str, str]) -> bool:
    """Return whether the words continue a time, whatever the time ends with."""
    some = first in QUANTIFIERS or first.isdecimal()
    return (
        first in NEVER_A_NOTE
        or first in NAMED_DAYS
        or looks_like_time(first)
        or second == "ago"
        or (some and ("ago" in words or is_unit(second)))
        or "later" in words
        or (first == "half" and second in {"past", "to"})
        or first == "24/7"
        or starts_with_idiom(words)
        or (first in {"day", "week", "month", "weekend", "night"} and second in AFTER_PERIOD)
        or (first == "week" and is_number(second))
        or _leads_to_hour(words)
        or (first == "back" and second not in AFTER_BACK)
        or (first in {"kw", "cw"} and is_number(second))
        or (second.partition("/")[0] in MONTHS and (is_number(first) or is_ordinal(first)))
        or any(pattern.match(first) for pattern in (_TIMES, _SIGNED, _HALF_FIRST))
    )


def _leads_to_hour(words: tuple[str, ...]) -> bool:
    """Return whether the words lead to an hour: "by 11", "around 9", "@ 9", "ending at 11"."""
    first, second, _, _ = words
    led = first in {"by", "around", "about", "circa", "ca", "@"}
    return (led and (is_number(second) or looks_like_time(second))) or (
        first[0] == "@" and is_number(first[1:])
    )


def _continues_clock_time(piece: str, rest: str, first: str, second: str) -> bool:
    return (
        first in AFTER_CLOCK_TIME
        or (first in LATE_DAY_PARTS and not _SURE_LAST.fullmatch(piece))
        or rest.split(maxsplit=1)[0].strip("(),.") in SHORT_ZONES
        or bool(_OFFSET.match(first))
        or (second == "time" and first in CLOCK_OWNERS)
    )


def leads_to_time(first: str, second: str, third: str, fourth: str) -> bool:
    """Return whether the words lead to a time: "of last month", "the day before", "in october", "first of
    november"."""
    if first in {"the", "a", "an"}:
        first, second, third, fourth = second, third, fourth, ""
        if first in WEEKDAYS or is_ordinal(first) or looks_like_time(first):
            return True
        if first in {"day", "week", "month", "weekend", "night"} and second in AFTER_PERIOD:
            return True
        if first == "other":
            return second in DAYS or second in DAY_PARTS or second in UNITS
    if first in SELECTORS:
        return is_time_word(second) or is_number(second)
    if first in ORDINALS or is_ordinal(first):
        # "End of month closing" is a note, "end of october" is a time.
        whose = (
            third in SELECTORS
            or third in MONTHS
            or third == "the"
            or (first not in PERIOD_PARTS and is_time_word(third))
        )
        return (second == "of" and whose) or second in WEEKDAYS or second == "day"
    if first in {"early", "late", "mid"}:
        return second in MONTHS or second in WEEKDAYS or second in SELECTORS
    if first == "of":
        whose = second in SELECTORS or second == "the"
        return is_time_word(second) or (whose and (is_time_word(third) or third in SELECTORS))
    return first in LEADING_WORDS and _is_time_after_leading_word(first, second, third)


def _is_time_after_leading_word(first: str, second: str, third: str) -> bool:
    if second in SELECTORS or second in {"the", "early", "late", "mid", "about", "around"}:
        return (
            is_time_word(third) or third in SELECTORS or third in PERIOD_PARTS or third in {"fourth", "fifth"}
        )
    if looks_like_time(second):
        return True
    campaign = first == "for" and second in MONTHS
    return second in WORDS - {"half", "day", "second", "quarter"} and not campaign
