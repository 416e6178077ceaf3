"""Regular expressions for times, in which each kind of name is one letter.

Patterns match a mask of the text, in which capital letters replace every name, as many as the name is long: "12
nov" becomes "12 MMM". Positions stay the same, and a pattern needs one letter in place of twenty names: with the
names written out, all patterns together take twice as long to compile and to match.
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
# To lower case: capital letters of the text would look like masked names, and names match in any case.
_LOWER = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})
_NAME = re.compile(r"[a-z]{3,9}+(?![a-z])")


class PatternMatch:
    """A match of a pattern, with the words of the text instead of the mask."""

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
        """Return the text that each named group matched, without groups that did not match."""
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


@lru_cache(maxsize=256)  # one command is matched against dozens of patterns
def mask_names(text: str) -> str:
    """Replace the names in a text by the capital letters that patterns match."""
    return _NAME.sub(_mask_name, text.translate(_LOWER))


def _mask_name(found: re.Match[str]) -> str:
    return _NAMES.get(found[0], found[0])
