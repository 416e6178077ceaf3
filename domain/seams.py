"""Where a time is cut out of a text: whether it ends there, or what follows or goes before is more of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import ClassVar

from domain.clock_words import FULL_TIME, WHEN
from domain.english import (
    HOUR_WORD,
    HOURS,
    MONTH,
    ONES,
    TEENS,
    TELLING,
    TENS,
    TO,
    WEEKDAYS,
    ZONES,
    any_of,
)
from domain.leftovers import goes_before_it, goes_on_with_it
from domain.lengths import ENDS_WITH_HOURS, LENGTH
from domain.time_words import LONGEST, compiled, whole

# The next word begins, or nothing does: never half of a word, of a number or of another script.
END = r"(?=$|\s|[,;:.!?)]+(?:\s|$))(?!\S*[^\x00-\x7f])"
# A hyphenated word is one word: the day of day-care is no day.
WORD_ENDS = r"(?![\w&'’/+-])"
_BEGIN = r"(?:^|(?<=\s))"
_NUMBER_WORDS = any_of({**ONES, **TEENS, **TENS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of time at one end of a text, what was found in it, and the rest of the text."""

    text: str
    said: dict[str, str]
    rest: str


def tells_a_time(text: str) -> bool:
    """False for most notes, at a glance: then nothing else needs to be asked."""
    return not text.isascii() or _TELLING.search(text) is not None


class Patterns:
    """Compiled when they are first asked for, or by `warm_up`: all of them take half a second, which an operator's verb
    and a wrong setting need not wait for."""

    made: ClassVar[list["Patterns"]] = []

    def __init__(self, shapes: Iterable[str]) -> None:
        self._shapes = tuple(shapes)
        self.made.append(self)

    @cached_property
    def all(self) -> tuple[re.Pattern[str], ...]:
        return tuple(compiled(shape) for shape in self._shapes)


def warm_up() -> None:
    """So that nobody waits for what they type first."""
    for one in Patterns.made:
        one.all  # noqa: B018 - asked for


def front_patterns(*shapes: str) -> Patterns:
    return Patterns(f"(?:{shape}){END}" for shape in shapes)


def back_patterns(*shapes: str) -> Patterns:
    return Patterns(f"{_BEGIN}(?:{shape})$" for shape in shapes)


def whole_patterns(*shapes: str) -> Patterns:
    return Patterns(shapes)


def longest_in_front(patterns: Patterns, text: str) -> Piece | None:
    """The longest piece at the front of the text that is wholly one of the patterns."""
    found = [match for pattern in patterns.all if (match := pattern.match(text[:LONGEST]))]
    best = max(found, key=lambda match: match.end(), default=None)
    return best and Piece(text=best[0], said=_said(best), rest=text[best.end() :])


def longest_at_end(patterns: Patterns, text: str) -> Piece | None:
    """The longest piece at the end of the text, but for a full stop."""
    text = whole(text)
    back = text[-LONGEST:]
    found = [match for pattern in patterns.all if (match := pattern.search(back))]
    best = min(found, key=lambda match: match.start(), default=None)
    return best and Piece(text=best[0], said=_said(best), rest=text[: -len(best[0])])


def wholly(patterns: Patterns, text: str) -> Piece | None:
    text = whole(text)
    if len(text) > LONGEST:
        return None
    found = (match for pattern in patterns.all if (match := pattern.fullmatch(text)))
    best = next(found, None)
    return best and Piece(text=best[0], said=_said(best), rest="")


def _said(match: re.Match[str]) -> dict[str, str]:
    return {name: text for name, text in match.groupdict().items() if text is not None}


def after(rest: str) -> str:
    """What is left when the piece in front of it is cut off, without what joined the two."""
    return re.sub(r"^(?:[\s,;:.]|[-–—](?=\s|$))+", "", rest).rstrip()


def before(rest: str) -> str:
    return re.sub(r"(?:[\s,;]|(?<=\s)[-–—])+$", "", rest).lstrip()


def goes_on(piece: str, rest: str) -> bool:
    """Whether what follows a piece of time would change what was read."""
    rest = rest[:LONGEST]
    return bool(
        _MORE.match(rest)
        or goes_on_with_it(piece, rest)
        or (piece[-1:].isdecimal() and _MONTH.match(rest))
        or (_BARE_HOUR.search(piece) and _SMALL_NUMBER.match(rest))
        or (_NUMBER_WORD_LAST.search(piece) and _NUMBER_WORD.match(rest))
        or misspelt(rest)
        or (_OPEN.search(piece) and _SMALL_NUMBER.match(rest))
        or (ENDS_WITH_HOURS.search(piece) and (_SMALL_NUMBER.match(rest) or _NUMBER_WORD.match(rest)))
    )


def misspelt(rest: str) -> bool:
    """Whether a day was meant that nobody would find in the note: "yesteday"."""
    word = (rest.split() or [""])[0].lower().rstrip(",.")
    word = re.sub(r"['’]s?$", "", word)
    if word in _DAY_NAMES or word.removesuffix("s") in _DAY_NAMES:
        return False
    return len(word) > 5 and bool(get_close_matches(word, _DAY_NAMES, n=1, cutoff=0.85))


def goes_before(rest: str) -> bool:
    """Whether what goes before a piece of time belongs to it: "2 or", "2 days", "minus"."""
    return bool(_UNFINISHED.search(rest[-LONGEST:])) or goes_before_it(rest[-LONGEST:])


_TELLING = compiled(TELLING)
_DAY_NAMES = [name for name in WEEKDAYS if len(name) > 5] + ["yesterday", "tomorrow"]
_BARE_HOUR = compiled(r"(?:^|[^\d:.h])\d{1,2}$")
_NUMBER_WORD_LAST = compiled(rf"\b(?:{_NUMBER_WORDS})$")
_TIME_PIECE = rf"(?:{LENGTH}|{FULL_TIME}|{WHEN}|\d)"
_MORE = compiled(
    r"[\s,;:.]*+(?:"
    rf"(?:{LENGTH}|{FULL_TIME}|{WHEN}){END}"
    r"|\d{1,2}(?:[:.]\d\d)? ?(?:->|→|[-–—‐‑‒−]|to\b|until\b|till\b|til\b) ?\d"
    rf"|(?:{TO.strip()}|and|plus|[&/]) ?(?:{_TIME_PIECE}|half\b|quarter\b|now\b)"
    rf"|(?:{TO.strip()}) ?{HOUR_WORD}"
    rf"|[-–—+−] ?(?:{LENGTH}){END}"
    rf"|for (?:{LENGTH}|{FULL_TIME}|{WHEN})|(?:from|at|since|between|till?|until) (?:{_TIME_PIECE})"
    rf"|in (?:{LENGTH}|\d+){END}"
    r"|(?:(?:or|ago|later|earlier|from now|[ap]\.m\.?|[ap]m|o['’]?clock|ish|sharp"
    r"|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|weeks?|months?|years?"
    r"|(?:last|this|past|next) (?:week|weekend|month|year)"
    r"|\d{1,2}(?:st|nd|rd|th)"
    rf"|{ZONES}){WORD_ENDS})"
    r"|[½¼¾]"
    r")"
)
_MONTH = compiled(rf"\s+{MONTH}{WORD_ENDS}")
_OPEN = compiled(rf"(?:^|\W){MONTH}(?:\.? ?\d{{1,2}}(?:st|nd|rd|th)?)?$")
_SMALL_NUMBER = compiled(r"[\s,]*['’]?\d{1,2}(?![\w:.,/-]*\w)")
_NUMBER_WORD = compiled(rf"\s+(?:{_NUMBER_WORDS}){WORD_ENDS}(?! on\b)")
_UNFINISHED = compiled(
    rf"(?:^|\s)(?:{MONTH}|weeks?|months?)\s+$"
    r"|(?:^|\s)(?:and|or|of|to|than|minus|every|each|in|next|half|between|hundred|\d*[x×*]|[-–—−+&/]"
    rf"|(?:\d{{1,4}}|an?|{_NUMBER_WORDS}) (?:days?|weeks?|months?|years?|{HOURS}))[\s,]+$"
)
