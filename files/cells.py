"""Text in the cells of a CSV: inert for whoever opens it in a spreadsheet, and recoverable to the letter.

A spreadsheet runs a cell that begins with one of these as a formula (OWASP, "CSV Injection"). An apostrophe before it
makes it text. Whatever would read like our own apostrophe gets one more, so that taking one away is exact.
"""

import csv
import io
import re
from collections.abc import Sequence

_ALIVE = re.compile("'*\\s*[=+\\-@\t\r\n\0＝＋－＠﹢﹣﹦﹫]")
_GUARDED = re.compile(f"'{_ALIVE.pattern}")


def inert(text: str) -> str:
    return f"'{text}" if _ALIVE.match(text) else text


def recovered(cell: str) -> str:
    """What `inert` was given."""
    return cell[1:] if _GUARDED.match(cell) else cell


def joined(tags: Sequence[str]) -> str:
    """Tags in one cell, as a line of a CSV of its own: one may hold a comma."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(tags)
    return line.getvalue() if tags else ""


def parted(cell: str) -> tuple[str, ...]:
    """The tags of such a cell; commas with a space behind them are understood too."""
    rows = list(csv.reader(io.StringIO(cell), skipinitialspace=True))
    return tuple(tag.strip() for tag in rows[0] if tag.strip()) if rows else ()
