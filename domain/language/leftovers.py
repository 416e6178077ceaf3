"""What is left of a text beside a time that was cut out of it: a note, or more of the time.

*Wholly understood* means: what was cut out is one time, it ends where a word ends, and no word beside the cut goes on
with it. Such a word is one of time ("month", "tuesday", "9:00", "gestern"), one that leads to such a word ("of last
month"), or one that only a time can have in front of it ("before", "ago", "+02:00", "minus lunch"). Words that a
reader takes for nothing but a note ("after hours support", "90 day plan") are none. It is never a note: the text is
refused, and the refusal says how to write it. A colon between the time and the note ends the time:
`1h: before the demo`.
"""

import re
from typing import Literal

from domain.language import foreign_words
from domain.language.english import HALF_DAY, MONTHS, NUMBERS, WEEKDAYS
from domain.language.idioms import goes_on_as_an_idiom
from domain.language.vocabulary import (
    CLOCKS,
    DAYS,
    ENDS,
    LATE_PARTS,
    NAMED_DAYS,
    ORDINALS,
    PARTS,
    SHORT_ZONES,
    SOME,
    UNITS,
    WHICH,
    WORDS,
    ZONES_IN_SHORT,
    first_four,
    is_like_a_time,
    is_number,
    is_of_time,
    is_ordinal,
    is_unit,
    plain_pattern,
)

Ending = Literal["day", "exact day", "hour", "clock", "length", "ago"]

_NEVER_A_NOTE = {
    "before", "after", "since", "until", "till", "til", "ago", "later", "earlier", "or", "now",
}  # fmt: skip
# Two words that belong together and to the note, where more of it follows.
_COMPOUNDS = {
    ("after", "hours"), ("after", "sales"), ("after", "action"), ("after", "effects"), ("last", "minute"),
    ("past", "due"), ("to", "do"), ("to", "dos"),
}  # fmt: skip
LEADS = {
    "to", "through", "thru", "from", "between", "in", "on", "at", "for", "within", "during", "around", "by", "past",
}  # fmt: skip
_AFTER_AN_EXACT_DAY = {
    *(set(MONTHS) - {"march", "may", "mar", "dec"}),  # words as well: yesterday march release
    "of", "to", "through", "thru", "eve", "eod", "cob", "early", "late", "onwards", "onward", "inclusive", "except",
    "past", "ish",
}  # fmt: skip
_AFTER_A_DAY = {*_AFTER_AN_EXACT_DAY, *WHICH, *MONTHS, "week", "weeks", "fortnight"}
_AFTER_A_CLOCK = {*ZONES_IN_SHORT, "to", "past", "sharp", "ish", "onwards", "onward", "exactly"}
LEFT_OF_A_TIME = {
    *_NEVER_A_NOTE, *WHICH, *LEADS, "now", "of", "the", "about", "than", "over", "under", "almost", "nearly", "first",
    "minus", "plus", "times", "half", "noon", "midnight", "a", "an",
}  # fmt: skip
_BEHIND_A_SPAN = {"before", "b4", "after", "of", "ago", "earlier", "later"}
_BACK_OF_WORDS = {"office", "end", "to", "up", "and"}  # back office, back to back: words of a note
_INTRODUCING = {"for", "by", "of", "about", "with", "than", "vs", "and", "or", "to", "at", "in"}

_MONTH_NAMES = "|".join(MONTHS)
_DAY_LAST = plain_pattern(
    r".*(?:\b(?:today|yesterday|tomorrow|weeks?|month|weekend|year)|\d(?:st|nd|rd|th)|\d{4}-\d\d?-\d\d?"
    rf"|\d{{1,2}}[./]\d{{1,2}}(?:[./]\d*)?|\b(?:{'|'.join((*MONTHS, *WEEKDAYS))})"
    rf"|\b(?:{_MONTH_NAMES})\.?[ -]?\d{{1,2}}(?:,? \d{{4}})?|\b(?:{_MONTH_NAMES})[ ,-]+\d{{4}})[.,]?"
)
_DAYS_AGO_LAST = plain_pattern(r".*(?:day|week|fortnight)s? ago")
_DOTTED_LAST = plain_pattern(r".*(?:\b(?:at|since|from|around|about)|@) ?\d{1,2}\.\d\d")
_CLOCK_LAST = plain_pattern(
    rf".*(?:\d[:.h]\d\d|\b\d{{4}}|{HALF_DAY}|\d[ap]|clock|noon|midday|midnight)"
    r"|(?:.*\bat|@) ?\d{1,2}h|.*[-–—] ?\d{1,2}h"
)
_SURE_LAST = plain_pattern(rf".*(?:{HALF_DAY}|noon|midday|midnight|(?:1[3-9]|2[0-3])[:.h][0-5]\d)")
# Nothing behind it makes it another day, but what leads to a time: "yesterday of last week".
_EXACT_LAST = plain_pattern(r".*(?:\b(?:today|yesterday)| ago|\d{4}-\d\d?-\d\d?|\d{4})[.,]?")
_BARE_LAST = plain_pattern(
    r"(?:.*[^\d:.h])?\d{1,2}|.*\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
)
_DAY_NUMBER_LAST = plain_pattern(r"(?:^|[\s–-])\d{1,2}$")
_TIMES = plain_pattern(r"[x×*]\d+$")
_SIGNED = plain_pattern(r"[+−]\d")
_OFFSET = plain_pattern(r"[+−-]\d{1,2}(?::?\d\d)?(?!\w)|(?:utc|gmt|z)(?![a-z'’-])")
_HALF_FIRST = plain_pattern(r"[ap]\.?m[xz]?\b")
_MILITARY_FIRST = plain_pattern(r"0\d[0-5]\d")
_MINUTES_FIRST = plain_pattern(r"h[0-5]\d")
_DAY_IN_NUMBERS = plain_pattern(r"\d{1,2}/\d{1,2}")
_FROM_TO = plain_pattern(r"\d{1,2}[-–]\d{1,2}")
# "the 3rd floor" is no 3rd of November; "the 3rd api" may be.
_COUNTED = {
    "floor", "party", "round", "draft", "version", "level", "quarter", "time", "attempt", "iteration", "interview",
    "pass", "phase", "sprint", "release", "edition", "milestone", "stage", "step", "part", "grade", "class", "place",
    "gen", "generation", "one", "century", "person", "line",
}  # fmt: skip
_ROUND_THE_CLOCK = {
    "support", "on-call", "oncall", "monitoring", "hotline", "helpdesk", "coverage", "service", "operations", "ops",
    "availability", "standby",
}  # fmt: skip
# Ends the time by itself, where no time follows it.
_SEPARATOR = re.compile(r"\s*[:;]\s|\s+[-–—]\s|[.!?]\s")


def goes_on_with_it(piece: str, rest: str) -> bool:
    """Whether the words behind a piece of time belong to it."""
    first, second, third, fourth = words = first_four(rest)
    if _SEPARATOR.match(rest):  # a German date has full stops: 12. Okt, 12. 11.
        dotted = piece[-1:].isdecimal() and rest[0] == "."
        return dotted and (first in foreign_words.MONTHS or first.isdecimal())
    if not first or is_of_the_note(words):
        return False
    if (
        _never_behind_a_time(first, second, words)
        or leads_to_a_time(first, second, third, fourth)
        or _is_of_another_language(piece, words)
    ):
        return True
    match _ending(piece):
        case "day" | "exact day" if _MILITARY_FIRST.fullmatch(first):
            return True
        case "day" if first in _COUNTED and is_ordinal(piece.lower().split()[-1]):
            return True
        case "length" if first == "half":
            return True
        case "exact day":
            return first in _AFTER_AN_EXACT_DAY or (is_number(first) and (first, second) != ("one", "on"))
        case "day":
            return first in _AFTER_A_DAY or (is_number(first) and (first, second) != ("one", "on"))
        case "clock":
            return _behind_a_clock(piece, rest, first, second)
        case "hour":
            minutes = (is_number(first) or first in MONTHS) and second != "on"
            return (
                minutes
                or bool(_MINUTES_FIRST.fullmatch(first))
                or _behind_a_clock(piece, rest, first, second)
            )
    return False


def is_of_the_note(words: tuple[str, str, str, str]) -> bool:
    """ "after hours support", "90 day plan", "24/7 support": words that nobody takes for time where more follows."""
    first, second, third, _ = words
    if (first, second) in _COMPOUNDS:
        return bool(third)
    if first == "24/7":
        return second in _ROUND_THE_CLOCK
    if not third or third in _NEVER_A_NOTE or is_of_time(third) or "ago" in words or "later" in words:
        return False
    several = int(first) > 1 if first.isdecimal() else NUMBERS.get(first, 1) > 1
    return several and second in {"day", "week", "month", "year"}


def _is_of_another_language(piece: str, words: tuple[str, str, str, str]) -> bool:
    first, second, _, _ = words
    if first in foreign_words.DAYS or begins_in_another_language(*words):
        return True
    if first in foreign_words.WHICH and (second in foreign_words.DAYS or second in foreign_words.PARTS):
        return True
    if first in foreign_words.MONTHS:
        return bool(_DAY_NUMBER_LAST.search(piece))
    return first == "uhr" or (piece[-1:].isdecimal() and first in foreign_words.HOURS)


def goes_before_it(rest: str) -> bool:
    """Whether the word before a piece of time belongs to it: "since", "monday before", "the"."""
    words = rest.lower().split()
    if not words:
        return False
    last = words[-1].strip("(),;:.")
    if _DAY_IN_NUMBERS.fullmatch(last):
        return len(words) < 2 or words[-2] not in _INTRODUCING
    if _FROM_TO.fullmatch(last):  # tickets 1-5
        return len(words) < 2 or not words[-2].endswith("s")
    if last.isdecimal():  # order 20261112
        return False
    return last in LEFT_OF_A_TIME or is_like_a_time(last)


def begins_in_another_language(first: str, second: str, third: str, fourth: str) -> bool:
    """ "um 9", "9 Uhr", "vor 20 min", "il y a 20 min", "gestern 9:00"."""
    led = first in foreign_words.LEADS and (is_number(second) or is_like_a_time(second))
    ago = (first, second, third) == ("il", "y", "a") and (is_number(fourth) or is_like_a_time(fourth))
    clock = first.isdecimal() and second in foreign_words.HOURS
    day = first in foreign_words.DAYS and (is_number(second) or is_like_a_time(second))
    return led or ago or clock or day


def _never_behind_a_time(first: str, second: str, words: tuple[str, str, str, str]) -> bool:
    """Words that go on with every time, whatever it is."""
    some = first in SOME or first.isdecimal()
    return (
        first in _NEVER_A_NOTE
        or first in NAMED_DAYS
        or is_like_a_time(first)
        or second == "ago"
        or (some and ("ago" in words or is_unit(second)))
        or "later" in words
        or (first == "half" and second in {"past", "to"})
        or first == "24/7"
        or goes_on_as_an_idiom(words)
        or (first in {"day", "week", "month", "weekend", "night"} and second in _BEHIND_A_SPAN)
        or (first == "week" and is_number(second))
        or _leads_to_an_hour(words)
        or (first == "back" and second not in _BACK_OF_WORDS)
        or (first in {"kw", "cw"} and is_number(second))
        or (second.partition("/")[0] in MONTHS and (is_number(first) or is_ordinal(first)))
        or any(pattern.match(first) for pattern in (_TIMES, _SIGNED, _HALF_FIRST))
    )


def _leads_to_an_hour(words: tuple[str, ...]) -> bool:
    """ "by 11", "around 9", "@ 9", "ending at 11"."""
    first, second, _, _ = words
    led = first in {"by", "around", "about", "circa", "ca", "@"}
    return (led and (is_number(second) or is_like_a_time(second))) or (
        first[0] == "@" and is_number(first[1:])
    )


def _behind_a_clock(piece: str, rest: str, first: str, second: str) -> bool:
    return (
        first in _AFTER_A_CLOCK
        or (first in LATE_PARTS and not _SURE_LAST.fullmatch(piece))
        or rest.split()[0].strip("(),.") in SHORT_ZONES
        or bool(_OFFSET.match(first))
        or (second == "time" and first in CLOCKS)
    )


def leads_to_a_time(first: str, second: str, third: str, fourth: str) -> bool:
    """ "of last month", "the day before", "in october", "first of november", "mid november"."""
    if first in {"the", "a", "an"}:
        first, second, third, fourth = second, third, fourth, ""
        if first in WEEKDAYS or is_ordinal(first) or is_like_a_time(first):
            return True
        if first in {"day", "week", "month", "weekend", "night"} and second in _BEHIND_A_SPAN:
            return True
        if first == "other":
            return second in DAYS or second in PARTS or second in UNITS
    if first in WHICH:
        return is_of_time(second) or is_number(second)
    if first in ORDINALS or is_ordinal(first):
        # End of month closing is a note, end of october is none.
        whose = (
            third in WHICH or third in MONTHS or third == "the" or (first not in ENDS and is_of_time(third))
        )
        return (second == "of" and whose) or second in WEEKDAYS or second == "day"
    if first in {"early", "late", "mid"}:
        return second in MONTHS or second in WEEKDAYS or second in WHICH
    if first == "of":
        whose = second in WHICH or second == "the"
        return is_of_time(second) or (whose and (is_of_time(third) or third in WHICH))
    return first in LEADS and _is_led_to(first, second, third)


def _is_led_to(first: str, second: str, third: str) -> bool:
    if second in WHICH or second in {"the", "early", "late", "mid", "about", "around"}:
        return is_of_time(third) or third in WHICH or third in ENDS or third in {"fourth", "fifth"}
    if is_like_a_time(second):
        return True
    campaign = first == "for" and second in MONTHS
    return second in WORDS - {"half", "day", "second", "quarter"} and not campaign


def _ending(piece: str) -> Ending:
    piece = piece.lower()
    if _DOTTED_LAST.fullmatch(piece):
        return "clock"
    if piece.endswith((" ago", "now")):
        return "exact day" if _DAYS_AGO_LAST.fullmatch(piece) else "ago"
    part = piece.split()[-1].strip(",.") in PARTS - {"noon", "midday", "midnight"}
    if part or _DAY_LAST.fullmatch(piece):
        return "exact day" if _EXACT_LAST.fullmatch(piece) else "day"
    if _CLOCK_LAST.fullmatch(piece):
        return "clock"
    return "hour" if _BARE_LAST.fullmatch(piece) else "length"
