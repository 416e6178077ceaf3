"""Where a time is cut out of a text: whether it ends there, or what follows or goes before is more of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from domain.language.clock_times import FULL_TIME, WHEN
from domain.language.days import LONGEST, whole
from domain.language.english import HOUR_WORD, HOURS, MONTH, NUMBER_WORD, TELLING, TO, WEEKDAYS, ZONES
from domain.language.leftovers import goes_before_it, goes_on_with_it
from domain.language.lengths import ENDS_WITH_HOURS, LENGTH
from domain.language.note_ends import names_a_day_in_short
from domain.language.patterns import Found, Shape, compile_all, shadow

# The next word begins, or nothing does: never half of a word, of a number or of another script.
END = r"(?=$|\s|[,;:.!?)]+(?:\s|$))(?!\S*[^\x00-\x7f])"
# A hyphenated word is one word: the day of day-care is no day.
WORD_ENDS = r"(?![\w&'’/+-])"
_BEGIN = r"(?:^|(?<=\s))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of time at one end of a text, what was found in it, and the rest of the text."""

    text: str
    said: dict[str, str]
    rest: str


def tells_a_time(text: str) -> bool:
    """False for most notes, at a glance: then nothing else needs to be asked."""
    return not text.isascii() or _TELLING.search(text) is not None or names_a_day_in_short(text)


class Patterns:
    """Several shapes that one piece of text may have."""

    def __init__(self, shapes: Iterable[str]) -> None:
        self.all = tuple(Shape(shape) for shape in shapes)

    def match(self, text: str) -> list[Found]:
        """What each of them finds at the front of the text."""
        seen = shadow(text)
        return [Found(found, text) for one in self.all if (found := one.compiled.match(seen))]

    def search(self, text: str) -> list[Found]:
        seen = shadow(text)
        return [Found(found, text) for one in self.all if (found := one.compiled.search(seen))]


def warm_up() -> None:
    """So that nobody waits for what they type first."""
    compile_all()


def front_patterns(*shapes: str) -> Patterns:
    return Patterns(f"(?:{shape}){END}" for shape in shapes)


def back_patterns(*shapes: str) -> Patterns:
    return Patterns(f"{_BEGIN}(?:{shape})$" for shape in shapes)


def whole_patterns(*shapes: str) -> Patterns:
    return Patterns(shapes)


def longest_in_front(patterns: Patterns, text: str) -> Piece | None:
    """The longest piece at the front of the text that is wholly one of the patterns."""
    found = patterns.match(text[:LONGEST])
    best = max(found, key=lambda match: match.end(), default=None)
    return None if best is None else Piece(text=best[0], said=_said(best), rest=text[best.end() :])


def longest_at_end(patterns: Patterns, text: str) -> Piece | None:
    """The longest piece at the end of the text, but for a full stop."""
    text = whole(text)
    back = text[-LONGEST:]
    found = patterns.search(back)
    best = min(found, key=lambda match: match.start(), default=None)
    return None if best is None else Piece(text=best[0], said=_said(best), rest=text[: -len(best[0])])


def wholly(patterns: Patterns, text: str) -> Piece | None:
    text = whole(text)
    if len(text) > LONGEST:
        return None
    found = (match for pattern in patterns.all if (match := pattern.fullmatch(text)))
    best = next(found, None)
    return None if best is None else Piece(text=best[0], said=_said(best), rest="")


def _said(match: Found) -> dict[str, str]:
    return match.said()


def after(rest: str) -> str:
    """What is left when the piece in front of it is cut off, without what joined the two. A point with a letter behind
    it joins nothing: it begins a word, such as ".NET"."""
    return re.sub(r"^(?:[\s,;:!]|\.(?!\w)|(?:[-–—]{1,2}>?|[|/=>→])(?=\s|$))+", "", rest).rstrip()


def unwrapped(text: str, *kinds: Patterns) -> str:
    """The text without the parentheses around its end, where that is wholly one of the patterns: "api (yesterday)"."""
    found = _IN_PARENTHESES.search(text[-LONGEST:])
    if not found:
        return text
    inner = found[1].strip()
    pieces = (longest_at_end(kind, inner) for kind in kinds)
    if not any(piece is not None and piece.text == inner for piece in pieces):
        return text
    return f"{text[: -len(found[0])]}{inner}"


def before(rest: str) -> str:
    return re.sub(r"(?:[\s,;]|(?<=\s)[-–—])+$", "", rest).lstrip()


def goes_on(piece: str, rest: str) -> bool:
    """Whether what follows a piece of time would change what was read."""
    rest = rest[:LONGEST]
    return bool(
        _MORE.match(rest)
        or rest.lstrip(" .!").startswith("?")
        or (_WITHOUT_UNIT.search(piece) and _UNIT.match(rest))
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
    cutoff = 0.82 if word.endswith("day") else 0.85  # "firday"
    return len(word) > 5 and bool(get_close_matches(word, _DAY_NAMES, n=1, cutoff=cutoff))


def goes_before(rest: str) -> bool:
    """Whether what goes before a piece of time belongs to it: "2 or", "2 days", "minus"."""
    return bool(_UNFINISHED.search(rest[-LONGEST:])) or goes_before_it(rest[-LONGEST:])


_TELLING = Shape(TELLING)
_DAY_NAMES = [name for name in WEEKDAYS if len(name) > 5] + ["yesterday", "tomorrow"]
_BARE_HOUR = Shape(r"(?:^|[^\d:.h])\d{1,2}$")
_NUMBER_WORD_LAST = Shape(rf"\b(?:{NUMBER_WORD})$")
_TIME_PIECE = rf"(?:{LENGTH}|{FULL_TIME}|{WHEN}|\d)"
_MORE = Shape(
    r"[\s,;:.]*+(?:"
    rf"(?:{LENGTH}|{FULL_TIME}|{WHEN}){END}"
    r"|\d{1,2}(?:[:.]\d\d)? ?(?:->|→|[-–—‐‑‒−]|to\b|until\b|till\b|til\b) ?\d"
    rf"|(?:{TO.strip()}|and|plus|[&/+]) ?(?:{_TIME_PIECE}|half\b|quarter\b|now\b)"
    rf"|(?:{TO.strip()}) ?{HOUR_WORD}"
    rf"|[-–—+−] ?(?:{LENGTH}){END}"
    rf"|for (?:{LENGTH}|{FULL_TIME}|{WHEN})|(?:from|at|since|between|till?|until) (?:{_TIME_PIECE})"
    rf"|in (?:{LENGTH}|\d+){END}"
    r"|(?:(?:or|ago|later|earlier|from now|[ap]\.m\.?|[ap]m|o['’]?clock|ish|sharp"
    r"|(?:last|this|past|next) (?:week|weekend|month|year)"
    r"|\d{1,2}(?:st|nd|rd|th)"
    rf"|{ZONES}){WORD_ENDS})"
    r"|[½¼¾]"
    r")"
)
# 9:00 hrs, 1h 30 min: after a number a unit is its unit, after "1h" or "yesterday" a word of the note.
_WITHOUT_UNIT = Shape(rf"(?:\d|\b(?:{NUMBER_WORD}|half|quarter))$")
_UNIT = Shape(
    r"[\s,;:.]*+(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|weeks?|months?|years?)" + WORD_ENDS
)
_IN_PARENTHESES = re.compile(r"\(([^()]{1,60})\)[.!]?$")
_MONTH = Shape(rf"\s+{MONTH}{WORD_ENDS}")
_OPEN = Shape(rf"(?:^|\W){MONTH}(?:\.? ?\d{{1,2}}(?:st|nd|rd|th)?)?$")
_SMALL_NUMBER = Shape(r"[\s,]*['’]?\d{1,2}(?![\w:.,/-]*\w|%)")
_NUMBER_WORD = Shape(rf"\s+(?:{NUMBER_WORD}){WORD_ENDS}(?! on\b)")
_UNFINISHED = Shape(
    rf"(?:^|\s)(?:{MONTH}|weeks?|months?)\s+$"
    r"|(?:^|\s)(?:and|or|of|to|than|minus|every|each|in|next|half|between|hundred|\d*[x×*]|[-–—−+&/]"
    rf"|(?:\d{{1,4}}|an?|{NUMBER_WORD}) (?:days?|weeks?|months?|years?|{HOURS}))[\s,]+$"
)
