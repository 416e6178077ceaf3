"""Regular expressions for times, in which each kind of name is one letter.

A pattern is matched against the text with every name masked by capital letters, as many as the name is long: "12 nov"
is matched as "12 MMM". Positions stay as they are, and a pattern needs one letter in place of twenty names: written
out, all patterns together take twice as long to compile and to match.
"""

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import ClassVar

from domain.language.english import MONTHS, ONES, TEENS, TENS, WEEKDAYS


def _name_masks() -> dict[str, str]:
    hours = ("ten", "eleven", "twelve")
    kinds = {"O": ONES, "L": hours, "E": [name for name in TEENS if name not in hours], "T": TENS}
    kinds |= {"W": WEEKDAYS, "M": MONTHS}
    return {name: letter * len(name) for letter, names in kinds.items() for name in names}


_NAMES = _name_masks()
# Capital letters of the text itself would pass for names, and a name is a name however it is written.
_LOWER = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})
_NAME = re.compile(r"[a-z]{3,9}+(?![a-z])")


class PatternMatch:
    """What a pattern matched, in the words of the text instead of its mask."""

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

    def groups(self) -> dict[str, str]:
        """Return what the named groups hold, without groups that took no part."""
        names = self._match.re.groupindex
        return {name: self[name] for name in names if self._match.start(name) >= 0}


class TimePattern:
    """A regular expression for masked text. It is compiled at its first use, or by `compile_patterns`."""

    made: ClassVar[list["TimePattern"]] = []

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.made.append(self)

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.ASCII)

    def match(self, text: str) -> PatternMatch | None:
        found = self.compiled.match(mask_names(text))
        return found and PatternMatch(found, text)

    def search(self, text: str) -> PatternMatch | None:
        found = self.compiled.search(mask_names(text))
        return found and PatternMatch(found, text)

    def fullmatch(self, text: str) -> PatternMatch | None:
        found = self.compiled.fullmatch(mask_names(text))
        return found and PatternMatch(found, text)

    def finditer(self, text: str) -> Iterator[PatternMatch]:
        return (PatternMatch(found, text) for found in self.compiled.finditer(mask_names(text)))


def compile_patterns() -> None:
    """Compile every pattern at once, so that the first person to type a time does not wait for it."""
    for shape in TimePattern.made:
        shape.compiled  # noqa: B018 - asked for


@lru_cache(maxsize=256)  # dozens of patterns are matched against one command
def mask_names(text: str) -> str:
    """Replace the names in a text by the capital letters that patterns match."""
    return _NAME.sub(_mask_name, text.translate(_LOWER))


def _mask_name(found: re.Match[str]) -> str:
    return _NAMES.get(found[0], found[0])
