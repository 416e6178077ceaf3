"""Detects a time at the start of a text that no pattern matched. Such a text is refused instead of becoming a note."""

from domain.language.continuation_words import BEFORE_TIME, LEADING_WORDS
from domain.language.continuations import (
    is_note,
    leads_to_time,
    starts_in_foreign_language,
)
from domain.language.english import NUMBERS
from domain.language.idioms import SHORT_DAYS
from domain.language.vocabulary import (
    DAY_PARTS,
    NUMBER_WORDS,
    QUANTIFIERS,
    UNITS,
    WORDS,
    ZONE_ABBREVIATIONS,
    compile_ascii,
    first_four_words,
    is_number,
    is_time_word,
    is_unit,
    looks_like_time,
)

_FOUR_DIGITS = compile_ascii(
    r"(?:0\d|1[0-8]|2[1-3])[0-5]\d(?:(?:h|hrs|hours)?(?![\w.])|[^\x00-\x7f])|0\d[0-5]\d(?!\d)"
    r"|[5-9](?:15|30|45)(?![\w.])|\d{1,2}[.,][0-5]\d(?![\w.])"
)

_MAYBE_AN_HOUR = compile_ascii(r"[6-9]|1\d|2[0-3]")

_LEADS_TO_AN_HOUR = {"at", "from", "around", "about", "before", "circa", "ca", "until", "till", "til"} | {
    "sicne", "sinc", "snice",
}  # fmt: skip


def starts_with_unread_time(text: str) -> bool:
    """Return whether a text in which no pattern found a time nevertheless starts with a time."""
    first, second, third, fourth = first_four_words(text)
    if not first or is_note((first, second, third, fourth)):
        return False
    if starts_in_foreign_language(first, second, third, fourth):
        return True
    if (
        first in {"since", "ago"}
        or first in SHORT_DAYS
        or looks_like_time(first)
        or _FOUR_DIGITS.match(first)
    ):
        return True
    if is_number(first) and _number_starts_time(first, second, third):
        return True
    if (first in QUANTIFIERS or first.isdecimal()) and is_unit(second):
        return third in BEFORE_TIME - {"a", "an", "the", "at"}
    if first in {"until", "till", "til", "before", "after", "from", "around"} and second in WORDS - UNITS:
        return True
    if first in _LEADS_TO_AN_HOUR and is_number(second):
        return True
    if (first, second) == ("week", "of"):
        return True
    if first in LEADING_WORDS and second == "the" and third in {"last", "past", "next"}:
        return is_time_word(fourth) or is_number(fourth)
    led = first in {"on", "in", "at", "for", "to", "by", "from"}
    return not led and leads_to_time(first, second, third, fourth)


def _number_starts_time(first: str, second: str, third: str) -> bool:
    """Return whether a time starts with that number: "20 to 9", "nine PST", "9 p m", "two hours"."""
    if second in {"to", "past", "before", "till"}:
        return is_number(third) or third in DAY_PARTS
    spelt = second in {"a", "p"} and third == "m"
    if _MAYBE_AN_HOUR.fullmatch(first) and second and second != "on" and not second.endswith("s"):
        return True  # "9 standup"; but "12 tickets" is a note
    hour, minute = NUMBERS.get(first, 0), NUMBERS.get(second, 0)
    if 1 <= hour <= 12 and 10 <= minute < 60 and second in NUMBER_WORDS:  # nine thirty
        return True
    return spelt or second in ZONE_ABBREVIATIONS or (first in NUMBER_WORDS and is_unit(second))
