"""Text in the cells of a CSV: guarded so that no spreadsheet runs it as a formula, and exactly recoverable.

A spreadsheet runs a cell that begins with one of some signs as a formula (OWASP, "CSV Injection"). Where cells
begin depends on the expected separator: Excel in half of Europe splits at semicolons, even inside quotes. So a text
is guarded at its beginning and after every character that can begin a cell: comma, semicolon, tab and line end. The
guard is an apostrophe. It is inserted wherever only spaces, quotes, apostrophes and invisible characters stand
between such a place and a sign. Inserting an apostrophe does not change that condition, so removing one apostrophe
from each such place restores the text.
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


def guard_text(text: str) -> str:
    """Insert an apostrophe wherever a cell that begins there would run as a formula."""
    return _replace_spans(text, [(at, at) for at in _find_formula_starts(text)], "'")


def unguard_text(cell: str) -> str:
    """Return the text to which `guard_text` was applied."""
    return _replace_spans(
        cell, [(at, at + 1) for at in _find_formula_starts(cell) if cell.startswith("'", at)], ""
    )


def join_tags(tags: Sequence[str]) -> str:
    """Write tags into one cell, as a line of CSV within it, because a tag may contain a comma."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(tags)
    return line.getvalue() if tags else ""


def split_tags(cell: str) -> tuple[str, ...]:
    """Read the tags of a cell, also if a space follows each comma. A cell that is not a line of CSV, because of a
    single quote or several lines, is split at commas and line ends."""
    try:
        rows = list(csv.reader(io.StringIO(cell), skipinitialspace=True, strict=True))
    except csv.Error:
        rows = []
    parts = rows[0] if len(rows) == 1 else re.split(r"[,\r\n]", cell)
    return tuple(tag.strip() for tag in parts if tag.strip())


def _find_formula_starts(text: str) -> list[int]:
    """Find the places, in order, at which a cell with a formula could begin. One pass, from the end."""
    if not _ANY_SIGN.search(text):
        return []
    places, sign_follows = [], False
    for at in range(len(text) - 1, -1, -1):
        character = text[at]
        if sign_follows and character in _BEGIN_CELLS:
            places.append(at + 1)
        if character in _SIGNS:
            sign_follows = True
        elif not _is_skipped(character):
            sign_follows = False
    if sign_follows:
        places.append(0)
    return places[::-1]


def _is_skipped(character: str) -> bool:
    """Return whether a spreadsheet may ignore the character before a formula: spaces, quotes, and invisible
    characters (Unicode's Cf, such as a byte order mark), which some spreadsheets drop when they read."""
    return character in _QUOTES or character.isspace() or unicodedata.category(character) == "Cf"


def _replace_spans(text: str, spans: Sequence[tuple[int, int]], between: str) -> str:
    """Replace each of those spans of the text by `between`."""
    if not spans:
        return text
    parts, at = [], 0
    for first, last in spans:
        parts += [text[at:first], between]
        at = last
    return "".join([*parts, text[at:]])
