"""Weak passwords, which attackers try first: common ones, patterns, and the person's own name and address."""

import re
from collections.abc import Collection, Iterable
from itertools import pairwise

COMMON = "This is one of the most common passwords, which are tried first. Four or five random words make a good one."
PATTERN = "This password is a pattern that is tried first. Four or five random words make a good one."
OWN = "This password is made of your own name or address, which is tried first. Please choose another one."
LONGEST_ENDING = 6  # longest run of digits and signs around a common word, as in Sunshine2026!
_FEWEST_CHARACTERS = 4  # different characters in a password
# Fewest digits of a password without any other character: dates, phone numbers and rows of keys are shorter.
FEWEST_DIGITS = 16
_SHORTEST_WORD = 3  # shorter parts of the owner's name or address are ignored
_LOOK_ALIKE = str.maketrans("@4310!5$7", "aaeioisst")
_NO_LETTERS = re.compile(r"[\W\d_]*+")
_SERVICE = ("truth", "time", "tracker", "track", "slack")


def find_weakness(password: str, own: Iterable[str], common: Collection[str]) -> str | None:
    """Return the sentence that says why a password is weak; None if it is not. `own` are the owner's name and
    addresses, `common` passwords in lower case."""
    folded = password.casefold().strip()
    if _is_common(folded, common):
        return COMMON
    if _is_pattern(folded):
        return PATTERN
    return OWN if _is_own(folded, own) else None


def _is_common(folded: str, common: Collection[str]) -> bool:
    unit = _repeated_unit(folded)
    stem = _strip_digits_and_signs(unit)
    forms = {unit, unit.translate(_LOOK_ALIKE)}
    if len(unit) - len(stem) <= LONGEST_ENDING:
        forms |= {stem, _strip_digits_and_signs(unit.translate(_LOOK_ALIKE)), stem.translate(_LOOK_ALIKE)}
    return any(len(form) > _SHORTEST_WORD and form in common for form in forms)


def _is_pattern(folded: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in pairwise(folded)}
    return (
        len(set(folded)) < _FEWEST_CHARACTERS
        or len(_repeated_unit(folded)) <= LONGEST_ENDING
        or steps in ({1}, {-1})
        or (folded.isdecimal() and len(folded) < FEWEST_DIGITS)
    )


def _is_own(folded: str, own: Iterable[str]) -> bool:
    parts = {part for text in own for part in re.split(r"[\W_]+", text.casefold())} | set(_SERVICE)
    words = sorted((part for part in parts if len(part) >= _SHORTEST_WORD), key=len, reverse=True)
    return any(_is_made_of(words, form) for form in (folded, folded.translate(_LOOK_ALIKE)))


def _is_made_of(words: Iterable[str], text: str) -> bool:
    """Return whether at most a few digits or signs are left of the text after removing the words."""
    rest = re.sub(r"[\W_]+", "", text)
    whole = len(rest)
    for word in words:
        rest = rest.replace(word, "")
    letters = sum(character.isalpha() for character in rest)
    return len(rest) < whole and letters < _SHORTEST_WORD and len(rest) <= LONGEST_ENDING


def _repeated_unit(text: str) -> str:
    """Return the part that a text repeats: "abc" for "abcabc". Return the whole text if it repeats nothing."""
    length = (text + text).find(text, 1) if text else 0
    return text[:length]


def _strip_digits_and_signs(text: str) -> str:
    """Remove digits and signs from both ends."""
    start = _NO_LETTERS.match(text)
    text = text[start.end() :] if start else text
    end = _NO_LETTERS.match(text[::-1])
    return text[: len(text) - end.end()] if end else text
