"""What is left of a text beside a time that was cut out of it: a note, or more of the time.

*Wholly understood* means: what was cut out is one time, it ends where a word ends, and no word beside the cut goes on
with it. Such a word is one of time ("month", "tuesday", "9:00"), one that leads to such a word ("of last month"), or
one that only a time can have in front of it ("before", "ago", "+02:00"). It is never a note: the text is refused, and
the refusal says how to write it. A colon between the time and the note ends the time: `1h: after hours support`.

A word is what stands between spaces: `day-care`, `v1.2` and `last-minute` are one word each and none of time.
"""

import re
from typing import Literal

from domain.english import HALF_DAY, HOURS, MINUTES, MONTHS, NUMBERS, WEEKDAYS, ZONES
from domain.time_words import compiled

Ending = Literal["day", "hour", "clock", "length", "ago"]

_DAYS = {*WEEKDAYS, "today", "yesterday", "tomorrow", "tonight", "weekend"}
_NAMED_DAYS = {*WEEKDAYS, "today", "yesterday", "tomorrow"}
_PARTS = {"morning", "afternoon", "evening", "night", "noon", "midday", "midnight"}
_UNITS = {
    *[
        "second",
        "seconds",
        "sec",
        "secs",
        "minute",
        "minutes",
        "min",
        "mins",
        "hour",
        "hours",
        "hr",
        "hrs",
        "day",
        "days",
        "week",
        "weeks",
        "fortnight",
    ],
    *["month", "months", "quarter", "year", "years"],
}
_MEALS = {
    "lunch",
    "lunchtime",
    "breakfast",
    "dinner",
    "dawn",
    "dusk",
    "sunrise",
    "sunset",
    "eod",
    "cob",
    "now",
}
_WORDS_OF_TIME = {*_DAYS, *_PARTS, *_UNITS, *MONTHS, *_MEALS, "half"}
_NUMBERS = {*NUMBERS, "dozen"} - {"a", "an"}
_SOME = {*_NUMBERS, "a", "an", "few", "some", "several", "many", "couple", "another", "half"}
_ORDINALS = {
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "last",
    "end",
    "start",
    "beginning",
    "middle",
    "rest",
}
_WHICH = {"last", "next", "this", "past", "previous", "every", "each", "following", "coming", "current"}
_NEVER_A_NOTE = {"before", "after", "since", "until", "till", "til", "ago", "later", "earlier", "or"}
_LEADS = {
    "to",
    "through",
    "thru",
    "from",
    "between",
    "in",
    "on",
    "at",
    "for",
    "within",
    "during",
    "around",
    "by",
    "past",
}
_AFTER_A_DAY = {
    "of",
    "to",
    "eve",
    "eod",
    "cob",
    "early",
    "late",
    "onwards",
    "onward",
    "inclusive",
    "except",
    "past",
    "ish",
}
_AFTER_A_CLOCK = {"to", "past", "sharp", "ish", "onwards", "onward", "exactly"}
_LATE_PARTS = {"afternoon", "evening", "night", "tonight"}
_ZONES = {
    *ZONES.split("|"),
    *[
        "z",
        "zulu",
        "ist",
        "msk",
        "eet",
        "eest",
        "wet",
        "west",
        "mez",
        "mesz",
        "nzst",
        "nzdt",
        "sgt",
        "hkt",
        "brt",
        "akst",
        "hst",
    ],
}
_SHORT_ZONES = {"ET", "CT", "MT", "PT"}
_LEFT_OF_A_TIME = {
    *_NEVER_A_NOTE, *_WHICH, *_LEADS, *_MEALS, "of", "the", "about", "than", "over", "under", "almost", "nearly", "first",
    "minus", "plus", "times", "half", "noon", "midnight", "a", "an",
}  # fmt: skip

_NUMBER = compiled(r"\d{1,2}")
_ORDINAL = compiled(r"\d{1,2}(?:st|nd|rd|th)")
_OFFSET = compiled(r"[+−-]\d{1,2}(?::?\d\d)?(?!\w)|(?:utc|gmt|z)(?![a-z'’-])")
_ANY_NAME = rf"(?:{'|'.join(sorted((*MONTHS, *WEEKDAYS), key=len, reverse=True))})"
# Digits as only times have them, whatever is glued to them: 14:15x, 9:00+2, 1h30m20s, 2x45m, 5.11., 2026-W46-3.
_LIKE_A_TIME = compiled(
    r"[~@(+−–—-]{0,3}(?:"
    r"\d{1,2}[:h]\d\d(?![\d:/]*[a-z]{3}).*|\d{1,2}:\d{1,2}:\d.*"
    rf"|\d{{0,4}}(?:[.,:]\d{{1,2}})?(?:(?:{HOURS}|{MINUTES}|secs?|s)\d{{0,2}}){{1,3}}"
    rf"|\d+[.,:]?\d*(?:{HOURS}|{MINUTES})\d+.*"
    rf"|\d{{1,2}}(?:[:.]\d\d)?(?:{HALF_DAY}).*"
    rf"|\d{{1,2}}[x×*]\d+(?:{HOURS}|{MINUTES}).*"
    r"|\d{4}-\d\d?-\d\d?.*|\d{4}-?w\d.*|\d{1,2}[./]\d{1,2}[./](?:\d{2,4})?"
    r"|\d{1,2}[-–—]\d{1,2}(?::\d\d)?(?:[ap]m)?"
    rf"|\d{{1,2}}/\d{{1,2}}[^\d\s/].*|\d+(?:{HOURS}|{MINUTES})[xz]"
    rf"|{_ANY_NAME}[-–—/&+]{_ANY_NAME}"
    rf"|(?:\d+(?:[.,:]\d+)?(?:{HOURS}|{MINUTES}|[ap]m)|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|\d+(?:st|nd|rd|th))(?!\w|-).+"
    rf"|(?:\d+(?:{HOURS}|{MINUTES}|[ap]m)?|{_ANY_NAME})[^\x00-\x7f–—].*"
    r"|[½¼¾].*"
    r")"
)
_DAY_LAST = compiled(
    r".*(?:\b(?:today|yesterday|tomorrow|weeks?|month|weekend|year)|\d(?:st|nd|rd|th)|\d{4}-\d\d?-\d\d?"
    rf"|\d{{1,2}}[./]\d{{1,2}}(?:[./]\d*)?|\b(?:{'|'.join((*MONTHS, *WEEKDAYS))})"
    rf"|\b(?:{'|'.join(MONTHS)})\.?[ -]?\d{{1,2}}(?:,? \d{{4}})?|\b(?:{'|'.join(MONTHS)})[ ,-]+\d{{4}})[.,]?"
)
_BARE_LAST = compiled(
    r"(?:.*[^\d:.h])?\d{1,2}|.*\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
)
_CLOCK_LAST = compiled(
    rf".*(?:\d[:.h]\d\d|\b\d{{4}}|{HALF_DAY}|\d[ap]|clock|noon|midday|midnight)|(?:.*\bat|@) ?\d{{1,2}}h|.*[-–—] ?\d{{1,2}}h"
)
_DAYS_AGO_LAST = compiled(r".*(?:day|week|fortnight)s? ago")
_DOTTED_LAST = compiled(r".*(?:\b(?:at|since|from|around|about)|@) ?\d{1,2}\.\d\d")
_TIMES = compiled(r"[x×*]\d+")
_HALF_FIRST = compiled(r"[ap]\.?m\b")
_HALF_LAST = compiled(rf".*{HALF_DAY}")
# Ends the time by itself, where no time follows it.
_SEPARATOR = re.compile(r"\s*[:;]\s|\s+[-–—]\s|[.!?]\s")


def goes_on_with_it(piece: str, rest: str) -> bool:
    """Whether the words behind a piece of time belong to it."""
    if _SEPARATOR.match(rest):
        return False
    words = _first_words(rest, 4)
    if not words:
        return False
    first, second, third, fourth = (*words, "", "", "", "")[:4]
    ending = _ending(piece)
    if first in _NEVER_A_NOTE or is_like_a_time(first):
        return True
    if second == "ago" or (first in _SOME and "ago" in words):
        return True
    if (first in _SOME or first.isdecimal()) and _is_unit(second):
        return True
    if (first == "half" and second in {"past", "to"}) or _TIMES.fullmatch(first) or "later" in words:
        return True
    if (
        first in _NAMED_DAYS
        or _HALF_FIRST.match(first)
        or (second in MONTHS and (_is_number(first) or _ORDINAL.fullmatch(first)))
    ):
        return True
    if _leads_to_a_time(first, second, third, fourth):
        return True
    if ending == "day":
        return (
            first in _AFTER_A_DAY | _WHICH
            or first in MONTHS
            or (_is_number(first) and (first, second) != ("one", "on"))
        )
    if ending in {"clock", "hour"}:
        return (
            first in _AFTER_A_CLOCK | _ZONES
            or (first in _LATE_PARTS and not _HALF_LAST.fullmatch(piece))
            or rest.split()[0].strip("(),.") in _SHORT_ZONES
            or bool(_OFFSET.match(first))
            or second in {"time", "time:"}
            or (ending == "hour" and (_is_number(first) or first in MONTHS) and second != "on")
        )
    return False


def goes_before_it(rest: str) -> bool:
    """Whether the word before a piece of time belongs to it: "since", "monday before", "the"."""
    words = rest.lower().split()
    if not words:
        return False
    last = words[-1].strip("(),;:.")
    if _DAY_IN_NUMBERS.fullmatch(last) and (len(words) < 2 or words[-2] not in _INTRODUCING | {"at", "in"}):
        return True
    return last in _LEFT_OF_A_TIME or is_like_a_time(last)


def begins_with_time(text: str) -> bool:
    """Whether a text in which no time was found begins with one all the same: a note must not swallow it."""
    words = _first_words(text, 4)
    if not words:
        return False
    first, second, third, fourth = (*words, "", "", "", "")[:4]
    if first in {"since", "ago"} or is_like_a_time(first) or _FOUR_DIGITS.match(first):
        return True
    if first in {"until", "till", "til", "before", "after", "from", "around"} and second in _WORDS_OF_TIME:
        return True
    if first in {"at", "from", "around", "about"} and _is_number(second):
        return True
    if (
        first in _LEADS
        and second == "the"
        and third in {"last", "past", "next"}
        and (_is_of_time(fourth) or _is_number(fourth))
    ):
        return True
    if (
        (first in _SOME or first.isdecimal())
        and _is_unit(second)
        and third in _LEFT_OF_A_TIME - {"a", "an", "the", "at"}
    ):
        return True
    if (first == "week" and second == "of") or (_is_number(first) and second in _ZONES):
        return True
    if (
        _is_number(first)
        and second in {"to", "past", "before", "till"}
        and (_is_number(third) or third in _PARTS)
    ):
        return True
    if first in _NUMBERS and _is_unit(second):
        return True
    return first not in {"on", "in", "at", "for", "to", "by", "from"} and _leads_to_a_time(
        first, second, third, fourth
    )


def time_at_the_end(text: str) -> str:
    """The words at the end of a note that say when something was, without being a time that we know; "" for none."""
    found = _AT_THE_END.search(text[-80:])
    if found is None or _INTRODUCED.search(text[-80:][: found.start()]):
        last = (text.split() or [""])[-1].lower().strip("(),;:.!?")
        return last if _CLOCK_GLUED.fullmatch(last) else ""
    return found[0].strip()


def clock_near_the_end(text: str) -> str:
    """A time of day among the last words of a note, with what follows it: "at 9h15 UTC"; "" for none."""
    words = text.split()
    for at in range(max(0, len(words) - 5), len(words)):
        word, before = words[at].lower(), words[at - 1].lower() if at else ""
        led = before in {"at", "@", "since", "from"}
        if not (
            _CLOCK_IN_FRONT.match(word) or (led and _HOUR_GLUED.match(word)) or word in {"a.m.", "p.m.", "pm"}
        ):
            continue
        if before not in _INTRODUCING:
            return " ".join(words[at:])
    return ""


_CLOCK_IN_FRONT = compiled(
    r"[~@(]?(?:\d{1,2}:[0-5]\d(?![\d])|\d{1,2}(?:[.:]\d\d)?[ap]\.?m\b|\d{4}-\d\d-\d\d(?:$|[t\W])|0\d[0-5]\d(?:$|\W))"
)
_DAY_IN_NUMBERS = compiled(r"\d{1,2}/\d{1,2}")
_HOUR_GLUED = compiled(r"(?:[01]\d|2[0-3])[0-5]\d$|\d{1,2}(?:h(?:\d\d)?\b|[:.]\d\d)")
_INTRODUCING = {
    *["for", "by", "until", "till", "before", "after", "of", "the", "to", "a", "an", "every", "each", "and", "or", "with", "about", "than", "vs", "-", "–", "—"],
}  # fmt: skip


def is_like_a_time(word: str) -> bool:
    return _LIKE_A_TIME.fullmatch(word) is not None


_NAME_GLUED = compiled(rf"(?:{_ANY_NAME}|today|yesterday)(?=[^\w'’-])")
_UNIT_WORDS = _UNITS | {"h", "m", "s", "d", "w"}
_FOUR_DIGITS = compiled(
    r"(?:0\d|1[0-8]|2[1-3])[0-5]\d(?:(?:h|hrs|hours)?(?![\w.])|[^\x00-\x7f])|[5-9](?:15|30|45)(?![\w.])|\d{1,2}[.,][0-5]\d(?![\w.])|0\d[0-5]\d(?!\d)"
)
_CLOCK_GLUED = compiled(r"[~@(]?\d{1,2}:[0-5]\d\S{1,12}|(?:2[4-9]|[3-9]\d):\d\d|\d{1,2}:[6-9]\d")
_WHICH_ONE = r"(?:last|this|past|previous|next|coming|current)"
_SPAN = r"(?:week|weekend|month|year|quarter|night|fortnight)"
_AT_THE_END = compiled(
    r"(?:^|\s)(?:"
    rf"(?:the )?{_WHICH_ONE} {_SPAN}|(?:the )?(?:other|same|next|previous) day"
    rf"|(?:the )?(?:{'|'.join(WEEKDAYS)}|day|{_SPAN}) (?:before|after)(?: (?:last|next|that|yesterday))?"
    rf"|(?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)|first|last|end|beginning|start|middle)(?: (?:{'|'.join(WEEKDAYS)}|day))? of "
    rf"(?:the |{_WHICH_ONE} )?(?:{_SPAN}|{'|'.join(MONTHS)})"
    r"|\d{1,2}(?:st|nd|rd|th)|(?:half|quarter) (?:past|to)"
    rf"|(?:in|during|since|from|until|till|before|after) (?:the |early |late |{_WHICH_ONE} )?"
    rf"(?:{'|'.join((*MONTHS, *sorted(_DAYS | _PARTS | _MEALS)))}|{_SPAN})"
    r"|(?:[\w½-]+ ){1,3}(?:ago|earlier)|earlier(?: today)?"
    r"|since(?: \S+){1,2}"
    r"|\d{4}-?w\d\d?(?:-\d)?|(?:week|kw|cw) ?\d{1,2}"
    rf"|(?:{'|'.join(WEEKDAYS)}) (?:eve|night)"
    r")$"
)
_INTRODUCED = compiled(r"(?:^|\s)(?:for|by|of|about|with|than|vs|and|or|to|['’]s)$")


def _ending(piece: str) -> Ending:
    piece = piece.lower()
    if _DOTTED_LAST.fullmatch(piece):
        return "clock"
    if piece.endswith((" ago", "now")) and not _DAYS_AGO_LAST.fullmatch(piece):
        return "ago"
    if (
        piece.endswith(" ago")
        or _DAY_LAST.fullmatch(piece)
        or piece.split()[-1].strip(",.") in _PARTS - {"noon", "midday", "midnight"}
    ):
        return "day"
    if _CLOCK_LAST.fullmatch(piece):
        return "clock"
    return "hour" if _BARE_LAST.fullmatch(piece) else "length"


def _leads_to_a_time(first: str, second: str, third: str, fourth: str) -> bool:
    """ "of last month", "the day before", "in october", "first of november", "mid november"."""
    if first in {"the", "a", "an"}:
        first, second, third, fourth = second, third, fourth, ""
        if first in {"day", "week", "month", "weekend", "night"} and second in {
            "before",
            "after",
            "of",
            "ago",
        }:
            return True
        if (
            first in WEEKDAYS
            or _ORDINAL.fullmatch(first)
            or (first == "other" and second in {*_DAYS, *_PARTS, *_UNITS})
        ):
            return True
    if first in _WHICH:
        return _is_of_time(second) or _is_number(second)
    if first in _ORDINALS or _ORDINAL.fullmatch(first):
        return (second == "of" and (_is_of_time(third) or third in _WHICH | {"the"})) or second in {
            *WEEKDAYS,
            "day",
        }
    if first in {"early", "late", "mid", "end"}:
        return second in MONTHS or second in WEEKDAYS or second in _WHICH
    if first == "of":
        return _is_of_time(second) or (second in {*_WHICH, "the"} and (_is_of_time(third) or third in _WHICH))
    if first in _LEADS:
        if second in {"the", "early", "late", "mid", "about", "around", *_WHICH}:
            return _is_of_time(third) or third in _ORDINALS - {"first", "second", "third"} or third in _WHICH
        return is_like_a_time(second) or (
            second in (_WORDS_OF_TIME - {"half", "day", "second", "quarter"})
            and not (first == "for" and second in MONTHS)
        )
    return False


def _is_of_time(word: str) -> bool:
    return word in _WORDS_OF_TIME or _ORDINAL.fullmatch(word) is not None or is_like_a_time(word)


def _is_unit(word: str) -> bool:
    return word in _UNIT_WORDS


def _is_number(word: str) -> bool:
    return word in _NUMBERS or _NUMBER.fullmatch(word) is not None


def _first_words(text: str, most: int) -> list[str]:
    words = (word.strip("(),;:!?–—-").rstrip(".") for word in text[:120].lower().split()[:most])
    return [_name_in_front(word) for word in words if word]


def _name_in_front(word: str) -> str:
    """ "oct@home" is glued to a month, "may-day" is a word."""
    found = _NAME_GLUED.match(word)
    return found[0] if found else word
