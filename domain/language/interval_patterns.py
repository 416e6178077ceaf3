"""Patterns of finished intervals in text, and of words beside one in a note."""

import re

from domain.language.clock_times import (
    FULL_TIME,
    HOUR_WITH_H,
    PART,
    PART_ALONE,
    TIME,
    WHEN,
)
from domain.language.days import DAY, DAY_IN_WORDS
from domain.language.english import LEAD, TO, WEEKDAY
from domain.language.extraction import end_patterns, start_patterns
from domain.language.instants import INSTANT
from domain.language.lengths import LENGTH
from domain.language.patterns import TimePattern
from domain.language.ranges import RANGE

_AMOUNT = rf"(?:for )?(?:(?:the )?(?:last|past) )?(?P<length>{LENGTH})"
_START_LEAD = r"(?:from|at|starting(?: at)?|beginning(?: at)?)"
_WINDOWS = (
    RANGE,
    rf"{_AMOUNT},? {_START_LEAD} (?P<at>{TIME}|{HOUR_WITH_H})",
    rf"(?:{LEAD} ?)?(?P<at>{TIME}) for (?P<length>{LENGTH})",
    _AMOUNT,
)
_NAMED_WHEN = rf"(?P<when>{WHEN})"
_SHAPES = (
    *(shape for one in _WINDOWS for shape in (rf"{one},? {_NAMED_WHEN}", rf"{_NAMED_WHEN}[,:]? {one}", one)),
    rf"{_AMOUNT},? {_NAMED_WHEN},? {_START_LEAD} (?P<at>{TIME})",
    rf"(?:{LEAD} ?)?{_NAMED_WHEN},? (?:at )?(?P<at>{TIME}) for (?P<length>{LENGTH})",
    rf"(?P<when>{DAY}),? {RANGE} (?P<part>{PART_ALONE})",
    r"(?P<last_hour>(?:the )?(?:last|past) hour)",
    rf"(?:(?:from|between) )?(?P<first_instant>{INSTANT})(?:{TO}|/| and )(?P<last_instant>{INSTANT})",
    rf"(?P<since>since (?:{INSTANT}|{LENGTH} ago|{TIME}(?:,? {WHEN})?|{WHEN},? (?:at )?{TIME}))",
    rf"(?:from |since )?(?P<until_now>{TIME}){TO}now",
)
INTERVAL_AT_START, INTERVAL_AT_END = start_patterns(*_SHAPES), end_patterns(*_SHAPES)
DAY_AT_START = start_patterns(rf"(?P<when>{DAY_IN_WORDS}|{PART})")
# Ranges with which a note is unlikely to end; a bare "1-5" may be ticket numbers.
SURE_INTERVAL_AT_END = end_patterns(rf"(?=(?:from |between )|[^-–—]*(?::\d\d|\d ?[ap]\.?m)){RANGE}", _AMOUNT)
DAY_AT_END = end_patterns(
    rf"(?P<sure>(?!{WEEKDAY}$){DAY_IN_WORDS}|{PART}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}})",
    rf"(?P<when>{WEEKDAY}|(?!24/7$)\d{{1,2}}/\d{{1,2}})",
    rf"(?:from|since) (?P<when>{DAY})",
)
TIME_AFTER_FIRST_WORD = start_patterns(
    rf"(?!{WEEKDAY}\b)(?:(?P<when>{DAY_IN_WORDS})|{PART})",
    rf"(?:from |between )?(?=\S*:\d\d){RANGE}",
    _AMOUNT,
)
INTRODUCING_WORDS = {
    "for", "by", "till", "before", "until", "after", "of", "the", "this", "to", "a", "an", "every", "each", "and", "or",
    "with", "about", "than", "vs", "in",
}  # fmt: skip
START_AT_END = end_patterns(rf"(?:{LEAD} )?(?P<at>{FULL_TIME})", rf"(?:since|from) (?P<at>{TIME})")
BARE_START_AT_END = end_patterns(rf"(?:at|@) ?(?P<at>{TIME})")
# Words before a day that change which day it is: early yesterday, w/c 9 nov, 12 nov 26, last last friday.
DAY_MODIFIER_AT_END = re.compile(
    r"(?:^|\s)(?:early|late|earlier|last|past|next|b4|w/[ce]|wc|week(?: \w+)?|ending|commencing|\d{1,2})\s+$",
    re.IGNORECASE,
)
POSSIBLE_VERSION = re.compile(r"\d{1,2}\.\d{1,2}")
FRACTIONS = ("1/2", "1/4", "3/4")
# "prepare for monday": the day names the purpose of the work, not when it was done.
INTRODUCED_AT_END = TimePattern(
    r"(?:^|\s)(?:for|by|until|till|before|after|of|the|this|to|a|an|every|each|and|or|with|about|than|vs|in|[-–—&+])[\s]+$"
)
