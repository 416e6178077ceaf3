"""Patterns of points in time in text, and of words beside one in a note."""

from domain.language.clock_times import (
    FULL_TIME,
    HOUR_WITH_H,
    LONE_TIME,
    PART,
    PART_ALONE,
    TIME,
    UNMISTAKABLE,
    WHEN,
)
from domain.language.days import DAY, DAY_IN_WORDS
from domain.language.english import LEAD, WEEKDAY, ZONES
from domain.language.extraction import end_patterns, start_patterns, whole_patterns
from domain.language.instants import INSTANT
from domain.language.lengths import LENGTH
from domain.language.patterns import TimePattern

_AGO = rf"(?:(?:started|since|from) )?(?P<length>{LENGTH}) ago"
_NOW_OR_AGO = rf"(?P<now>(?:just |right )?now)|{_AGO}"
_FULL, _ANY, _NAMED_WHEN = rf"(?P<at>{FULL_TIME}|{LONE_TIME})", rf"(?P<at>{TIME})", rf"(?P<when>{WHEN})"
_SPOKEN_WHEN = rf"(?P<when>{PART}|{DAY_IN_WORDS})"
_NAMED_INSTANT = rf"(?:{LEAD} ?)?(?P<instant>{INSTANT})"
# After "since" or "for", the same form may be an amount, and is refused with a question.
_HOUR_AT = rf"(?:(?:started |starting |beginning )?at|@) ?(?P<at>{HOUR_WITH_H})"
_LOOSE_LEAD = rf"{LEAD} ?(?:about |around )?"
_DAY_TIME_PART = rf"(?:{_LOOSE_LEAD})?(?P<when>{DAY}),? (?:at )?{_ANY} (?P<part>{PART_ALONE})"
POINT_AT_START = start_patterns(
    _NOW_OR_AGO,
    rf"(?:{_LOOSE_LEAD})?{_NAMED_WHEN},? (?:at )?{_FULL}",
    rf"(?:{_LOOSE_LEAD})?{_NAMED_WHEN},? at {_ANY}",
    rf"{_LOOSE_LEAD}{_NAMED_WHEN} {_ANY}",
    rf"{_LOOSE_LEAD}{_ANY},? {_NAMED_WHEN}",
    rf"{_FULL},? {_NAMED_WHEN}",
    _DAY_TIME_PART,
    rf"{_ANY} (?P<when>{PART})",
    rf"{_LOOSE_LEAD}{_ANY}",
    rf"{_HOUR_AT}(?:,? {_NAMED_WHEN})?",
    rf"{_NAMED_WHEN},? {_HOUR_AT}",
    _FULL,
    _NAMED_INSTANT,
)
POINT_AT_END = end_patterns(
    _AGO,
    rf"{LEAD} {_FULL}",
    rf"{LEAD} {_FULL},? {_NAMED_WHEN}",
    rf"{_HOUR_AT}(?:,? {_NAMED_WHEN})?",
    _NAMED_INSTANT,
    rf"{LEAD} {_ANY},? (?P<when>{PART})",
    rf"(?:since|from) {_ANY}",
    rf"(?:since|from) {_ANY},? {_NAMED_WHEN}",
    rf"(?:since|from) {_NAMED_WHEN},? (?:at )?{_ANY}",
    rf"(?:{LEAD} )?{_SPOKEN_WHEN},? (?:at )?{_FULL}",
    rf"{_FULL},? {_SPOKEN_WHEN}",
)
WHOLE_POINT = whole_patterns(
    _NOW_OR_AGO,
    rf"(?:{_LOOSE_LEAD})?{_NAMED_WHEN},? (?:at )?{_ANY}",
    rf"{_LOOSE_LEAD}{_ANY},? {_NAMED_WHEN}",
    rf"{_FULL},? {_NAMED_WHEN}",
    _DAY_TIME_PART,
    rf"{_ANY},? (?P<when>{PART})",
    rf"(?:{_LOOSE_LEAD})?{_FULL}",
    rf"{_LOOSE_LEAD}{_ANY}",
    rf"{_HOUR_AT}(?:,? {_NAMED_WHEN})?",
    rf"{_NAMED_WHEN},? {_HOUR_AT}",
    _NAMED_INSTANT,
    rf"(?P<at>{UNMISTAKABLE})",
)
BOUND = TimePattern(r"\bsince\b|^(?:until|till?|before|after) ")
# Few people start so early; later hours are read as times.
TIME_OR_AMOUNT = TimePattern(r"\b(?:since|from) (?P<hour>[1-6])h(?P<minute>[0-5]\d)\b(?! ago)")
SINCE_DAY_AT_END = end_patterns(rf"since {WHEN}")
CLOCK_AT_END = end_patterns(_FULL)
SECOND_POINT_AT_END = end_patterns(
    _AGO, rf"(?:since|from) {_ANY}", rf"(?:since|from) {_FULL},? {_NAMED_WHEN}"
)
# Past days: no plan can be meant.
PAST_DAY_AT_END = end_patterns(
    rf"(?:(?:the )?day before yesterday|yesterday|\S+ (?:days?|weeks?|fortnights?) ago|last {WEEKDAY}|{PART})"
)
# A time right after the first word, which may be a project: "api 9:00 standup".
TIME_AFTER_FIRST_WORD = start_patterns(
    _AGO,
    rf"(?:{LEAD} )?{_FULL}(?:,? {_NAMED_WHEN})?",
    rf"(?:{LEAD} )?{_SPOKEN_WHEN},? (?:at )?{_FULL}",
    rf"since {_ANY}",
    _NAMED_INSTANT,
)
SPOKEN_NEAR_END = whole_patterns(
    rf"(?<!\S)(?:{LEAD} )?{FULL_TIME}(?:(?<=\d)[a-z])?(?!\w)(?!['’-]\w)",
    rf"(?<!\S){LEAD} {TIME}(?= ?(?:[+−–-]\d|[/&@=#]"
    rf"|(?:{ZONES}|z|-?ish|sharp|minus|less|with \d+\w*|right now|half|to|till?|until|or|of|\w+ time)(?!\w))"
    r"|[^\x00-\x7f])",
)
LEADING_WORDS = {"at", "since", "from", "about", "around", "roughly", "approximately"}
INTRODUCING_WORDS = {
    "for",
    "by",
    "until",
    "till",
    "before",
    "after",
    "of",
    "the",
    "to",
    "a",
    "an",
    "every",
    "and",
    "or",
}
# "prep for 14:00": the time names the purpose of the work, not its start.
INTRODUCED_AT_END = TimePattern(
    r"(?:^|\s)(?:for|by|until|till|before|after|of|the|to|a|an|every|and|or|[-–—])\s+$"
)
