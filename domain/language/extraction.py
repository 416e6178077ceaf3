"""Extracts a time expression from either end of a text, and decides whether the words beside it continue it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from domain.language.clock_times import FULL_TIME, WHEN
from domain.language.continuations import continues_time, leads_into_time
from domain.language.days import LONGEST, normalize
from domain.language.english import HOUR_WORD, HOURS, MONTH, NUMBER_WORD, TIME_HINT, TO, WEEKDAYS, ZONES
from domain.language.lengths import ENDS_WITH_HOURS, LENGTH
from domain.language.note_ends import has_short_day_name
from domain.language.patterns import PatternMatch, TimePattern, mask_names

# The next word begins or the text ends here, so a pattern never matches half of a word, a number or another script.
END = r"(?=$|\s|[,;:.!?)]+(?:\s|$))(?!\S*[^\x00-\x7f])"
# A hyphenated word is one word: "day-care" does not contain the word "day".
WORD_ENDS = r"(?![\w&'’/+-])"
_BEGIN = r"(?:^|(?<=\s))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A time expression at one end of a text, the groups that its pattern matched, and the rest of the text."""

    text: str
    groups: dict[str, str]
    rest: str


def may_hold_time(text: str) -> bool:
    """Return whether a text may hold a time. The check is quick and rejects most notes, which then need no other
    pattern."""
    return not text.isascii() or _TELLING.search(text) is not None or has_short_day_name(text)


class PatternSet:
    """The patterns of one kind of time expression."""

    def __init__(self, shapes: Iterable[str]) -> None:
        self.all = tuple(TimePattern(shape) for shape in shapes)

    def match(self, text: str) -> list[PatternMatch]:
        """Return the match of each pattern at the start of the text."""
        seen = mask_names(text)
        return [PatternMatch(found, text) for one in self.all if (found := one.compiled.match(seen))]

    def search(self, text: str) -> list[PatternMatch]:
        """Return the first match of each pattern anywhere in the text."""
        seen = mask_names(text)
        return [PatternMatch(found, text) for one in self.all if (found := one.compiled.search(seen))]


def start_patterns(*shapes: str) -> PatternSet:
    """Make patterns that match at the start of a text, up to the end of a word."""
    return PatternSet(f"(?:{shape}){END}" for shape in shapes)


def end_patterns(*shapes: str) -> PatternSet:
    """Make patterns that match at the end of a text, from the start of a word."""
    return PatternSet(f"{_BEGIN}(?:{shape})$" for shape in shapes)


def whole_patterns(*shapes: str) -> PatternSet:
    """Make patterns that match a whole text."""
    return PatternSet(shapes)


def find_at_start(patterns: PatternSet, text: str) -> Piece | None:
    """Find the longest piece at the start of the text that one of the `start_patterns` matches."""
    found = patterns.match(text[:LONGEST])
    best = max(found, key=lambda match: match.end(), default=None)
    return None if best is None else Piece(text=best[0], groups=best.groups(), rest=text[best.end() :])


def find_at_end(patterns: PatternSet, text: str) -> Piece | None:
    """Find the longest piece at the end of the text, before its punctuation, that one of the `end_patterns` matches."""
    text = normalize(text)
    back = text[-LONGEST:]
    found = patterns.search(back)
    best = min(found, key=lambda match: match.start(), default=None)
    return None if best is None else Piece(text=best[0], groups=best.groups(), rest=text[: -len(best[0])])


def match_whole(patterns: PatternSet, text: str) -> Piece | None:
    """Return the whole text as a piece if one of the patterns matches it."""
    text = normalize(text)
    if len(text) > LONGEST:
        return None
    found = (match for pattern in patterns.all if (match := pattern.fullmatch(text)))
    best = next(found, None)
    return None if best is None else Piece(text=best[0], groups=best.groups(), rest="")


def strip_leading_joiners(rest: str) -> str:
    """Strip the spaces and marks between a text and the piece before it. A point followed by a letter begins a
    word, such as ".NET", and stays."""
    return re.sub(r"^(?:[\s,;:!]|\.(?!\w)|(?:[-–—]{1,2}>?|[|/=>→])(?=\s|$))+", "", rest).rstrip()


def unwrap_parentheses(text: str, *kinds: PatternSet) -> str:
    """Remove the parentheses around the end of a text if they contain only a time: "api (yesterday)"."""
    found = _IN_PARENTHESES.search(text[-LONGEST:])
    if not found:
        return text
    inner = found[1].strip()
    pieces = (find_at_end(kind, inner) for kind in kinds)
    if not any(piece is not None and piece.text == inner for piece in pieces):
        return text
    return f"{text[: -len(found[0])]}{inner}"


def strip_trailing_joiners(rest: str) -> str:
    """Strip the spaces and marks between a text and the piece after it."""
    return re.sub(r"(?:[\s,;]|(?<=\s)[-–—])+$", "", rest).lstrip()


def continues_after(piece: str, rest: str) -> bool:
    """Return whether the text after a piece continues the same time, and would change its meaning."""
    rest = rest[:LONGEST]
    return bool(
        _MORE.match(rest)
        or rest.lstrip(" .!").startswith("?")
        or (_WITHOUT_UNIT.search(piece) and _UNIT.match(rest))
        or continues_time(piece, rest)
        or (piece[-1:].isdecimal() and _MONTH.match(rest))
        or (_BARE_HOUR.search(piece) and _SMALL_NUMBER.match(rest))
        or (_NUMBER_WORD_LAST.search(piece) and _NUMBER_WORD.match(rest))
        or starts_with_misspelt_day(rest)
        or (_OPEN.search(piece) and _SMALL_NUMBER.match(rest))
        or (ENDS_WITH_HOURS.search(piece) and (_SMALL_NUMBER.match(rest) or _NUMBER_WORD.match(rest)))
    )


def starts_with_misspelt_day(rest: str) -> bool:
    """Return whether the first word is nearly the name of a day: "yesteday". In a note the person would not notice
    the mistake."""
    word = (rest.split() or [""])[0].lower().rstrip(",.")
    word = re.sub(r"['’]s?$", "", word)
    if word in _DAY_NAMES or word.removesuffix("s") in _DAY_NAMES:
        return False
    cutoff = 0.82 if word.endswith("day") else 0.85  # "firday" has 0.83
    return len(word) > 5 and bool(get_close_matches(word, _DAY_NAMES, n=1, cutoff=cutoff))


def continues_before(rest: str) -> bool:
    """Return whether the text before a piece belongs to the same time: "2 or", "2 days", "minus"."""
    return bool(_UNFINISHED.search(rest[-LONGEST:])) or leads_into_time(rest[-LONGEST:])


_TELLING = TimePattern(TIME_HINT)
_DAY_NAMES = [name for name in WEEKDAYS if len(name) > 5] + ["yesterday", "tomorrow"]
_BARE_HOUR = TimePattern(r"(?:^|[^\d:.h])\d{1,2}$")
_NUMBER_WORD_LAST = TimePattern(rf"\b(?:{NUMBER_WORD})$")
_TIME_PIECE = rf"(?:{LENGTH}|{FULL_TIME}|{WHEN}|\d)"
_MORE = TimePattern(
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
# 9:00 hrs, 1h 30 min: after a number without a unit, "hrs" is its unit; after "1h" or "yesterday" it is a word of
# the note.
_WITHOUT_UNIT = TimePattern(rf"(?:\d|\b(?:{NUMBER_WORD}|half|quarter))$")
_UNIT = TimePattern(
    r"[\s,;:.]*+(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|weeks?|months?|years?)" + WORD_ENDS
)
_IN_PARENTHESES = re.compile(r"\(([^()]{1,60})\)[.!]?$")
_MONTH = TimePattern(rf"\s+{MONTH}{WORD_ENDS}")
_OPEN = TimePattern(rf"(?:^|\W){MONTH}(?:\.? ?\d{{1,2}}(?:st|nd|rd|th)?)?$")
_SMALL_NUMBER = TimePattern(r"[\s,]*['’]?\d{1,2}(?![\w:.,/-]*\w|%)")
_NUMBER_WORD = TimePattern(rf"\s+(?:{NUMBER_WORD}){WORD_ENDS}(?! on\b)")
_UNFINISHED = TimePattern(
    rf"(?:^|\s)(?:{MONTH}|weeks?|months?)\s+$"
    r"|(?:^|\s)(?:and|or|of|to|than|minus|every|each|in|next|half|between|hundred|\d*[x×*]|[-–—−+&/]"
    rf"|(?:\d{{1,4}}|an?|{NUMBER_WORD}) (?:days?|weeks?|months?|years?|{HOURS}))[\s,]+$"
)
