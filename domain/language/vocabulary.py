"""Words of time: names, units, and digits in forms that only times have.

A word is everything between two spaces: `day-care`, `v1.2` and `last-minute` are one word each, and no words of
time.
"""

import re

from domain.language import foreign_words
from domain.language.english import HALF_DAY, HOURS, MINUTES, MONTHS, NUMBERS, WEEKDAYS, ZONES
from domain.time.zones import ZONE_NAMES


def compile_ascii(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.ASCII)


NAMED_DAYS = {*WEEKDAYS, "today", "yesterday", "tomorrow"}
DAYS = {*NAMED_DAYS, "tonight", "weekend"}
LATE_DAY_PARTS = {"afternoon", "evening", "night", "tonight"}
DAY_PARTS = {"morning", "afternoon", "evening", "night", "noon", "midday", "midnight"}
UNITS = {
    "second", "seconds", "sec", "secs", "minute", "minutes", "min", "mins", "hour", "hours", "hr", "hrs", "day", "days",
    "week", "weeks", "fortnight", "month", "months", "quarter", "year", "years",
}  # fmt: skip
LETTERS_OF_UNITS = {"h", "m", "s", "d", "w"}
# The words are clear, but not the hour that they mean.
MEALS = {
    "lunch", "lunchtime", "breakfast", "dinner", "dawn", "dusk", "sunrise", "sunset", "eod", "cob", "now",
}  # fmt: skip
WORDS = {*DAYS, *DAY_PARTS, *UNITS, *MONTHS, *MEALS, "half"}
NUMBER_WORDS = {*NUMBERS, "dozen"} - {"a", "an"}
QUANTIFIERS = {*NUMBER_WORDS, "a", "an", "few", "some", "several", "many", "couple", "another", "half"}
SELECTORS = {"last", "next", "this", "past", "previous", "every", "each", "following", "coming", "current"}
PERIOD_PARTS = {"end", "start", "beginning", "middle", "rest"}
ORDINALS = {"first", "second", "third", "fourth", "fifth", "last", *PERIOD_PARTS}
ZONE_ABBREVIATIONS = {
    *ZONES.split("|"), "z", "zulu", "ist", "msk", "eet", "eest", "mez", "mesz", "nzst", "nzdt", "sgt",
    "hkt", "brt", "akst", "hst",
}  # fmt: skip
# Words before "time" that name a zone: Berlin time, local time.
CLOCK_OWNERS = {zone.rpartition("/")[2].lower() for zone in ZONE_NAMES} | {
    "local", "server", "my", "your", "our", "their", "eastern", "pacific", "central", "mountain", "standard", "summer",
    "winter", "daylight", "london", "german", "european",
}  # fmt: skip
SHORT_ZONES = {"ET", "CT", "MT", "PT", "WET", "WEST"}  # only in capitals, because "et" and "west" are words

_ANY_NAME = rf"(?:{'|'.join(sorted((*MONTHS, *WEEKDAYS), key=len, reverse=True))})"
# A day or month with text attached; but "monday.com" does not mean Monday.
_NAME_GLUED = compile_ascii(
    rf"(?:{'|'.join(MONTHS)})(?=[^\w'’-])(?!\.\w|/\d)"
    rf"|(?:{'|'.join(WEEKDAYS)}|today|yesterday)(?=[^\w'’-])(?!\.\w)"
)
_UNIT = rf"(?:{HOURS}|{MINUTES}|secs?|s)"
_NUMBER = compile_ascii(r"\d{1,2}")
_ORDINAL = compile_ascii(r"\d{1,2}(?:st|nd|rd|th)")
# A number with one of these signs is not a time: 360°, 20€, 10%.
_NO_SIGN = r"(?![°€£¥₹%…’”])"
# Forms that look like a time, whatever is attached: 14:15x, 9:00+2, 1h30m20s, 2x45m, 5.11., 2026-W46-3, 9-11,
# mon-fri, 9ish, 20261112.
_LIKE_A_TIME = compile_ascii(
    r"[~@(+−–—-]{0,3}(?:"
    r"\d{1,2}[:h]\d\d(?![\d:/]*[a-z]{3}).*|\d{1,2}:\d{1,2}:\d.*"
    rf"|(?:\d{{1,4}}(?:[.,]\d{{1,2}}|:\d\d)?|[.,]\d{{1,2}})(?:{HOURS}|{MINUTES}|secs?)(?:\d{{0,2}}{_UNIT}){{0,2}}\d{{0,2}}"
    r"|\d{1,2}s|\d{1,2}(?:[:.]\d\d)?-?ish|~\d{1,2}"
    r"|20\d\d[01]\d[0-3]\d(?:t\d.*)?|[0-3]\d[01]\d20\d\d|20\d\d\.\d\d?\.\d\d?"
    rf"|\d+[.,:]?\d*(?:{HOURS}|{MINUTES})\d+.*"
    rf"|\d{{1,2}}(?:[:.]\d\d)?(?:{HALF_DAY}).*"
    rf"|\d{{1,2}}[x×*]\d+(?:{HOURS}|{MINUTES}).*"
    r"|\d{4}-\d\d?-\d\d?.*|\d{4}-?w\d.*|(?:w|kw|cw)\d{1,2}"
    r"|\d{1,2}[./]\d{1,2}[./](?:\d\d)?(?![.\d]).*|\d{1,2}[./]\d{1,2}[./]\d{4}.*|\d{1,2}/\d{1,2}/\d.*"
    r"|\d{1,2}[-–—]\d{1,2}(?::\d\d)?(?:[ap]m)?"
    rf"|\d{{1,2}}/\d{{1,2}}[^\d\s/].*|\d+(?:{HOURS}|{MINUTES})[xz]"
    rf"|{_ANY_NAME}[-–—/&+]{_ANY_NAME}"
    rf"|(?:\d+(?:[.,:]\d+)?(?:{HOURS}|{MINUTES}|[ap]m)|\d+(?:st|nd|rd|th))(?!\w|-).+"
    rf"|(?:\d+(?:{HOURS}|{MINUTES}|[ap]m)?|{_ANY_NAME}){_NO_SIGN}[^\x00-\x7f–—].*"
    r"|[½¼¾].*"
    r")"
)


def looks_like_time(word: str) -> bool:
    return _LIKE_A_TIME.fullmatch(word) is not None


def is_time_word(word: str) -> bool:
    return word in WORDS or word in foreign_words.DAYS or is_ordinal(word) or looks_like_time(word)


def is_unit(word: str) -> bool:
    return word in UNITS or word in LETTERS_OF_UNITS


def is_number(word: str) -> bool:
    return word in NUMBER_WORDS or _NUMBER.fullmatch(word) is not None


def is_ordinal(word: str) -> bool:
    return _ORDINAL.fullmatch(word) is not None


def first_four_words(text: str) -> tuple[str, str, str, str]:
    """Return the first four words in lower case, without the marks around them; "" for missing ones."""
    words = (_strip_marks(word) for word in text[:120].lower().split()[:4])
    first, second, third, fourth = (*(_cut_glued_name(word) for word in words if word), "", "", "", "")[:4]
    return first, second, third, fourth


def _strip_marks(word: str) -> str:
    word = word.strip("()[]<>,;:!?–—-").lstrip("'’‘").rstrip(".'’")
    return word[1:-1] if len(word) > 2 and word[0] == word[-1] and word[0] in "*_~`" else word


def _cut_glued_name(word: str) -> str:
    """Return the name at the start of a word that has other text attached ("oct@home"); other words ("may-day")
    unchanged."""
    found = _NAME_GLUED.match(word)
    return found[0] if found else word
