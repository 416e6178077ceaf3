"""Text in the cells of a CSV: inert for whoever opens it in a spreadsheet, and recoverable to the letter.

A spreadsheet runs a cell that begins with one of some signs as a formula (OWASP, "CSV Injection"). Where the cells
begin depends on the separator that it expects: Excel in half of Europe splits at semicolons, whatever stands in
quotes. So a text is guarded at its beginning and behind everything in it that can begin a cell: comma, semicolon, tab
and line end. The guard is an apostrophe, set wherever a sign follows with nothing but spaces, quotes, apostrophes and
characters that are not seen between. An apostrophe before such a place makes it no less such a place: so taking one
away from each is exact.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Sequence

_BEGIN_CELLS = frozenset(",;\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029")
_SIGNS = frozenset("=+-@＝＋－＠﹢﹣﹦﹫\0") | _BEGIN_CELLS - frozenset(",;")
_ANY_SIGN = re.compile(f"[{re.escape(''.join(_SIGNS))}]")
_QUOTES = frozenset("'\"")


def inert(text: str) -> str:
    """The text with an apostrophe wherever a cell that begins there would run as a formula."""
    return _spliced(text, [(at, at) for at in _dangerous(text)], "'")


def recovered(cell: str) -> str:
    """What `inert` was given."""
    return _spliced(cell, [(at, at + 1) for at in _dangerous(cell) if cell.startswith("'", at)], "")


def joined(tags: Sequence[str]) -> str:
    """Tags in one cell, as a line of a CSV of its own: one may hold a comma."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(tags)
    return line.getvalue() if tags else ""


def parted(cell: str) -> tuple[str, ...]:
    """The tags of such a cell; commas with a space behind them are understood too. What is no such line, because a
    quote stands alone or it has several lines, is parted at its commas and line ends."""
    try:
        rows = list(csv.reader(io.StringIO(cell), skipinitialspace=True, strict=True))
    except csv.Error:
        rows = []
    parts = rows[0] if len(rows) == 1 else re.split(r"[,\r\n]", cell)
    return tuple(tag.strip() for tag in parts if tag.strip())


def _dangerous(text: str) -> list[int]:
    """The places, in order, at which a cell could begin that a sign would follow. One pass, from the end."""
    if not _ANY_SIGN.search(text):
        return []
    places, sign_follows = [], False
    for at in range(len(text) - 1, -1, -1):
        character = text[at]
        if sign_follows and character in _BEGIN_CELLS:
            places.append(at + 1)
        if character in _SIGNS:
            sign_follows = True
        elif not _is_passed_over(character):
            sign_follows = False
    if sign_follows:
        places.append(0)
    return places[::-1]


def _is_passed_over(character: str) -> bool:
    """Whether a spreadsheet may look for a sign behind it: spaces, quotes, and what is not seen (Unicode's Cf, such as
    a byte order mark), which some drop when they read."""
    return character in _QUOTES or character.isspace() or unicodedata.category(character) == "Cf"


def _spliced(text: str, spans: Sequence[tuple[int, int]], between: str) -> str:
    """The text with `between` in the place of each of those spans."""
    if not spans:
        return text
    parts, at = [], 0
    for first, last in spans:
        parts += [text[at:first], between]
        at = last
    return "".join([*parts, text[at:]])
