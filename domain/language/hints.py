"""Hints for texts that are nearly a time: tables of patterns, each with a hint what to type instead."""

import re

from domain.language.clock_times import FULL_TIME, PART
from domain.language.days import DAY, DAY_IN_WORDS, LONGEST
from domain.language.english import HOUR_WORD, LEAD, NUMBER_IN_WORDS, TO, WEEKDAY, ZONES
from domain.language.extraction import END
from domain.language.lengths import LENGTH
from domain.language.patterns import TimePattern
from domain.language.ranges import RANGE

_UNIT = r"(?:min(?:ute)?s?|h(?:ou)?rs?|days?|weeks?|seconds?|secs?)"
_FUTURE = (
    rf"(?:tomorrow|(?:the )?day after tomorrow|later today|(?:on )?next {WEEKDAY}|next (?:week|month|year)"
    rf"|in (?:{LENGTH}|(?:\d+|an?|{NUMBER_IN_WORDS}) (?:days?|weeks?))|{LENGTH} (?:from now|later|hence|left|to go))"
)
_SOME = rf"(?:(?:about|like) )?(?:(?:an? )?(?:couple|few)(?: of)?|some|several|many) {_UNIT}"
_HALF_HOUR = rf"(?:{LEAD} )?half (?!an?\b|past\b|of\b|hour)(?:{HOUR_WORD}|\d{{1,2}}\b)"
_CLOCK_LIKE = r"\d{1,2}:\d\d"


def _table(*rows: tuple[str, str]) -> list[tuple[TimePattern, str]]:
    return [(TimePattern(shape), hint) for shape, hint in rows]


_ANYWHERE = _table(
    (rf"{_FUTURE}{END}", "Only time that has passed can be tracked."),
    (r"(?:[-−–—] ?|minus )(?:\d|\.\d|half\b|an? (?:hour|minute))", "Please leave out the minus."),
    (rf"{_HALF_HOUR}{END}", "That is an hour apart for different people: say `8:30` or `9:30`."),
    (rf"{_SOME}(?!\w)", "Please say how many, such as `20 min` or `2h`."),
    (
        rf"(?:{LEAD} ?)?(?:{FULL_TIME}|{RANGE}) ?\(?(?:{ZONES}|z)(?!\w)",
        "Times are on your own clock: leave out the zone.",
    ),
    (rf"(?:{LEAD} ?)?{_CLOCK_LIKE}:\d\d", "Hours and minutes are enough: `14:15`."),
)
_POINTS = (
    _table((rf"{_SOME}(?!\w)", "Please say how many, such as `20 min ago`."))
    + _ANYWHERE
    + _table(
        (rf"{RANGE}{END}", "Say one point, such as `at 9:00`; `log 9-11:30` records what has an end."),
        (rf"(?:since|from|at|started|for) {LENGTH}{END}", "Say `20 min ago`."),
        (rf"{LENGTH} ?(?:-|–|—|or|to) ?(?:\d|{LENGTH})", "Say one point, such as `20 min ago`."),
        (r"(?:\d{1,3} (?:or|to) )(?:\d{1,3}) ?(?:h|m)", "Say one point, such as `20 min ago`."),
        (rf"(?:[\w½¼¾,.-]+ ){{1,5}}ago{END}", "Say `20 min ago` or `2 hours ago`."),
        (rf"{LENGTH}{END}", "Say `30 min ago`; `log 30 min` records what is over."),
        (rf"(?:{LEAD} )?(?:{DAY_IN_WORDS}|{PART}){END}", "At what time? Say `yesterday 16:00`."),
        (
            rf"(?:since|from|at|on) {DAY}{END}|(?!24/7 )\d{{1,2}}/\d{{1,2}}(?:/\d+)?{END}",
            "At what time? Say `since yesterday 16:00`.",
        ),
        (rf"(?:{LEAD} ?)?{_CLOCK_LIKE}", "A time of day is `14:15` or `2:15pm`."),
        (rf"{LEAD} {HOUR_WORD}", "Say `at 8:50` or `20 min ago`."),
        (r"(?:until|till|by) \d", "Say `at 14:15`, in the past: a timer runs until it is stopped."),
        (r"(?:recently|soon|earlier|later)$|earlier today", "Say `20 min ago` or `at 14:15`."),
        (rf"(?:{LEAD}) ?\d", "Say `at 14:15` or `20 min ago`."),
        (r"\d{1,2}$", "Say `at 14:15` or `20 min ago`."),
    )
)
_DAYS = (
    rf"(?:[\d.,]+|an?|half an?|{NUMBER_IN_WORDS}) ?(?:d|days?|weeks?)(?! ago)(?!\w)"
    r"|(?:all|the whole|whole|a full|full|half) day(?!\w)"
)
_INTERVALS = (
    _table((rf"(?:{LEAD} ?)?{_CLOCK_LIKE}:\d\d", "Hours and minutes are enough: `1h30` or `9:15-10:45`."))
    + _ANYWHERE
    + _table(
        (rf"{LENGTH} ago{END}", "Say `20 min` for an amount, or `since 9` for until now."),
        (rf"{LENGTH} ?(?:{TO}|or) ?{LENGTH}", "Please say one amount, such as `1h30`."),
        (r"\d{1,2}$", "Say the unit too, as in `1.5h` and `90m`, or a range: `9-11:30`."),
        (_DAYS, "Days differ: say the hours, such as `8h`."),
        (rf"(?:\d+|an?|{NUMBER_IN_WORDS}) ?(?:s|secs?|seconds?)(?!\w)", "An entry lasts a minute at least."),
        (r"\d{1,2}:\d\d(?=\s|$)", "Is that an amount or a time of day? Say `1h30` or `9:15-10:45`."),
        (rf"(?:{LEAD} ?)?{FULL_TIME}{END}|{LEAD} ?\d", "Say when it ended too, such as `9:15-10:45`."),
        (
            rf"{DAY_IN_WORDS}(?:{TO}|,? (?:and|&) ){DAY}|(?:every|each) (?:day|week|{WEEKDAY})(?!\w)",
            "An entry lies on one day: please log each day on its own.",
        ),
        (
            rf"(?:{DAY_IN_WORDS}|{PART}|\d{{1,2}}/\d{{1,2}}){END}",
            "Say `2h yesterday` or `9-11:30 yesterday`.",
        ),
    )
)
_NUMBERS = _table(
    (
        r"\d{1,4}(?:[.,]\d{1,2})?(?=\s|$)(?!\s*min)",
        "Say the unit too, as in `1.5h` and `90m`, or a range: `9-11:30`.",
    )
)
# `int` and `\d` accept the digits of every script, so these are refused with a hint.
_FOREIGN_DIGITS = re.compile(rf"(?:{LEAD} )?(?![0-9])\d", re.IGNORECASE)


def hint_for_time_point(text: str) -> str | None:
    """Find a hint for a text that starts like a point in time but can not be read; None for other texts."""
    return _find_hint(_POINTS, text)


def hint_for_interval(text: str) -> str | None:
    """Find a hint for a text that starts like an amount or a range but can not be read; None for other texts."""
    return _find_hint(_INTERVALS + _NUMBERS, text)


def starts_like_interval(text: str) -> bool:
    """Return whether a text starts like an amount or a range that can not be read, and so can not be a note."""
    return _find_hint(_INTERVALS, text) is not None


def _find_hint(table: list[tuple[TimePattern, str]], text: str) -> str | None:
    text = text[:LONGEST]
    if _FOREIGN_DIGITS.match(text):
        return "Please write it with the digits 0 to 9."
    return next((hint for pattern, hint in table if pattern.match(text)), None)


def shorten(text: str) -> str:
    """Cut a text to 60 characters, for use in a sentence."""
    return text if len(text) <= 60 else text[:59] + "…"
