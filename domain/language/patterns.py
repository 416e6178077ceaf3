"""Patterns of words of time: regular expressions in which each kind of name is one letter.

A pattern sees the text with every name replaced by capital letters, as many as the name is long: "12 nov" as "12 MMM".
So positions stay as they are, and twenty names cost a pattern one letter each time they may stand in it; written out,
all patterns together would take twice as long to compile and to match.
"""

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import ClassVar

from domain.language.english import MONTHS, ONES, TEENS, TENS, WEEKDAYS


def _letters() -> dict[str, str]:
    hours = ("ten", "eleven", "twelve")
    kinds = {"O": ONES, "L": hours, "E": [name for name in TEENS if name not in hours], "T": TENS}
    kinds |= {"W": WEEKDAYS, "M": MONTHS}
    return {name: letter * len(name) for letter, names in kinds.items() for name in names}


_NAMES = _letters()
# Capital letters of the text itself would pass for names, and a name is a name however it is written.
_LOWER = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})
_NAME = re.compile(r"[a-z]{3,9}+(?![a-z])")


class Found:
    """What a pattern found, in the words of the text."""

    __slots__ = ("_match", "_text")

    def __init__(self, match: re.Match[str], text: str) -> None:
        self._match, self._text = match, text

    def __getitem__(self, group: int | str) -> str:
        start, end = self._match.span(group)
        return self._text[start:end]

    def start(self) -> int:
        return self._match.start()

    def end(self) -> int:
        return self._match.end()

    def said(self) -> dict[str, str]:
        """What the named groups hold, without those that took no part."""
        groups = self._match.re.groupindex
        return {name: self[name] for name in groups if self._match.start(name) >= 0}


class Shape:
    """Compiled when it is first asked for, or by `compile_all`."""

    made: ClassVar[list["Shape"]] = []

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.made.append(self)

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.ASCII)

    def match(self, text: str) -> Found | None:
        found = self.compiled.match(shadow(text))
        return found and Found(found, text)

    def search(self, text: str) -> Found | None:
        found = self.compiled.search(shadow(text))
        return found and Found(found, text)

    def fullmatch(self, text: str) -> Found | None:
        found = self.compiled.fullmatch(shadow(text))
        return found and Found(found, text)

    def finditer(self, text: str) -> Iterator[Found]:
        return (Found(found, text) for found in self.compiled.finditer(shadow(text)))


def compile_all() -> None:
    """Compile every pattern there is, so that nobody waits for what they type first."""
    for shape in Shape.made:
        shape.compiled  # noqa: B018 - asked for


@lru_cache(maxsize=256)  # one command is looked at by dozens of patterns
def shadow(text: str) -> str:
    """The text as patterns see it."""
    return _NAME.sub(_letter, text.translate(_LOWER))


def _letter(found: re.Match[str]) -> str:
    return _NAMES.get(found[0], found[0])
