"""Whether a text in which no time was found begins with one all the same."""

from domain.language.english import NUMBERS
from domain.language.idioms import SHORT_DAYS
from domain.language.leftovers import (
    LEADS,
    LEFT_OF_A_TIME,
    begins_in_another_language,
    is_of_the_note,
    leads_to_a_time,
)
from domain.language.vocabulary import (
    NUMBER_WORDS,
    PARTS,
    SOME,
    UNITS,
    WORDS,
    ZONES_IN_SHORT,
    first_four,
    is_like_a_time,
    is_number,
    is_of_time,
    is_unit,
    plain_pattern,
)

_FOUR_DIGITS = plain_pattern(
    r"(?:0\d|1[0-8]|2[1-3])[0-5]\d(?:(?:h|hrs|hours)?(?![\w.])|[^\x00-\x7f])|0\d[0-5]\d(?!\d)"
    r"|[5-9](?:15|30|45)(?![\w.])|\d{1,2}[.,][0-5]\d(?![\w.])"
)

_MAYBE_AN_HOUR = plain_pattern(r"[6-9]|1\d|2[0-3]")

_LEADS_TO_AN_HOUR = {"at", "from", "around", "about", "before", "circa", "ca", "until", "till", "til"} | {
    "sicne", "sinc", "snice",
}  # fmt: skip


def begins_with_time(text: str) -> bool:
    """Whether a text in which no time was found begins with one all the same: a note must not swallow it."""
    first, second, third, fourth = first_four(text)
    if not first or is_of_the_note((first, second, third, fourth)):
        return False
    if begins_in_another_language(first, second, third, fourth):
        return True
    if first in {"since", "ago"} or first in SHORT_DAYS or is_like_a_time(first) or _FOUR_DIGITS.match(first):
        return True
    if is_number(first) and _goes_on_with_a_number(first, second, third):
        return True
    if (first in SOME or first.isdecimal()) and is_unit(second):
        return third in LEFT_OF_A_TIME - {"a", "an", "the", "at"}
    if first in {"until", "till", "til", "before", "after", "from", "around"} and second in WORDS - UNITS:
        return True
    if first in _LEADS_TO_AN_HOUR and is_number(second):
        return True
    if (first, second) == ("week", "of"):
        return True
    if first in LEADS and second == "the" and third in {"last", "past", "next"}:
        return is_of_time(fourth) or is_number(fourth)
    led = first in {"on", "in", "at", "for", "to", "by", "from"}
    return not led and leads_to_a_time(first, second, third, fourth)


def _goes_on_with_a_number(first: str, second: str, third: str) -> bool:
    """ "20 to 9", "nine PST", "9 p m", "two hours"."""
    if second in {"to", "past", "before", "till"}:
        return is_number(third) or third in PARTS
    spelt = second in {"a", "p"} and third == "m"
    if _MAYBE_AN_HOUR.fullmatch(first) and second and second != "on" and not second.endswith("s"):
        return True  # 9 standup; but 12 tickets
    hour, minute = NUMBERS.get(first, 0), NUMBERS.get(second, 0)
    if 1 <= hour <= 12 and 10 <= minute < 60 and second in NUMBER_WORDS:  # nine thirty
        return True
    return spelt or second in ZONES_IN_SHORT or (first in NUMBER_WORDS and is_unit(second))
