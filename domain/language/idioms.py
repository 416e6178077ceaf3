"""Idioms that continue a time: "minus lunch", "the same day", "week ending", "twice". None of them can be read, and
each would change the time beside it, so a text with one is refused."""

from domain.language.english import MONTHS, NUMBERS
from domain.language.vocabulary import (
    DAY_PARTS,
    DAYS,
    MEALS,
    UNITS,
    compile_ascii,
    is_number,
    is_unit,
    looks_like_time,
)

# Short forms of yesterday, today and tomorrow.
SHORT_DAYS = {"yday", "y'day", "y’day", "ydy", "ystd", "yest", "tmrw", "tmr", "2day", "2moro"}
BOUNDS = {"start", "starts", "starting", "started", "begin", "begins", "beginning", "began", "begun"} | {
    "end", "ends", "ending", "ended", "finish", "finishing", "finished", "done",
}  # fmt: skip
_BREAKS = {"break", "breaks", "lunch", "pause", "pauses"}
_LESS = {"minus", "less", "incl", "including", "excl", "excluding", "without", "with"}
_ALL = {"all", "whole", "entire", "half", "most"}
_SO_FAR = {("up", "to"), ("right", "now"), ("just", "now"), ("same", "day"), ("the", "same"), ("first", "thing")} | {
    ("last", "thing"), ("and", "change"), ("and", "some"),
}  # fmt: skip
_WEEKS = {("week", "ending"), ("week", "beginning"), ("week", "commencing"), ("week", "no"), ("week", "number")} | {
    ("iso", "week"), ("calendar", "week"),
}  # fmt: skip
_TIMES = compile_ascii(r"\d{1,2}[x×]")
_GLUED = compile_ascii(
    rf"\d{{1,2}}[/-](?:{'|'.join(MONTHS)})\b.*|(?:{'|'.join(MONTHS)})/\d.*|wk?\d{{1,2}}|\d{{1,2}}[ap]"
    rf"|(?:{'|'.join(NUMBERS)}|noon|midnight)-?ish|\d{{1,2}}[,;'’]\d\d|\d{{1,2}}\.\.\d{{1,2}}|\d{{1,2}}>\d{{1,2}}"
    rf"|/(?:{'|'.join(UNITS)}|d|w|h)|b4"
)


def starts_with_idiom(words: tuple[str, str, str, str]) -> bool:
    """Return whether the words after a time start with an idiom that changes the time."""
    first, second, third, _ = words
    pair = (first, second)
    if first == "/":
        return is_unit(second)
    if pair in _WEEKS:
        return is_number(third)
    if _TIMES.fullmatch(first):
        return not second.endswith("er")  # but "3x faster" is a note
    if first in SHORT_DAYS or pair in _SO_FAR or _GLUED.fullmatch(first):
        return not (pair == ("the", "same") and third != "day")
    if first in {"w/c", "wc", "w/e", "wk", "x", "times"}:
        return is_number(second) or second in MONTHS
    if first == "the" and second in _ALL:
        return third in DAY_PARTS or third in {"day", "week"}
    if first in _ALL:
        spans = DAYS | DAY_PARTS | {"day", "week", "night"}
        return second in spans or third in spans or (second == "of" and third == "the")
    if first in _LESS:
        return bool(_BREAKS & set(words[1:])) or (first != "with" and looks_like_time(second))
    if first in BOUNDS:
        clock = third if second == "at" else second
        return is_number(clock) or looks_like_time(clock) or (second == "by" and is_number(third))
    return (
        first in {"twice", "tops", "ish", "thereabouts"}
        or (first == "and" and second == "a" and third == "bit")
        or (first == "per" and is_unit(second))
        or (first == "minus" and (second in MEALS or second in {"a", "an"} or is_number(second)))
    )
