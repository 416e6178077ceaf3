"""From the bytes of a file to a table of texts: encodings, separators, and how much of it is read at most."""

import csv
import io
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from domain.entries.import_files import MOST_COLUMNS, MOST_ROWS
from domain.errors import Refusal
from files.time_cells import read_time_point

_SEPARATORS = ",;\t|"
_MOST_TITLES = 10  # lines above the names of the columns
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # XLSX and archives; the older XLS
# Bytes that are control characters in every encoding we read, and never in a table.
_BINARY = frozenset(range(32)) - frozenset(b"\t\n\r\f\v\x1a")
_UNDEFINED_IN_1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is the line that it begins on, or of JSON its place in the list, from 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Column names as they stand in the file. A row may have more or fewer cells than there are columns."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notices: tuple[str, ...] = ()


def decode(content: bytes) -> tuple[str, str]:
    """The text, and the name of its encoding where that is a guess, else "". Raises Refusal for what is no text."""
    if content.startswith(_SPREADSHEETS):
        raise Refusal(
            "That is a spreadsheet or an archive; I read CSV and JSON. Nothing was imported. "
            "Please save it as “CSV UTF-8” there."
        )
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else _unmarked(content):
        with suppress(UnicodeDecodeError):
            return content.decode(encoding), ""
    present = frozenset(content)
    if present & _BINARY or present & _UNDEFINED_IN_1252:
        raise Refusal(
            "That file is not text in UTF-8, UTF-16 or Windows-1252. Nothing was imported. "
            "If it went through a spreadsheet, save it as “CSV UTF-8” there."
        )
    return content.decode("cp1252"), "Windows-1252"


def _unmarked(content: bytes) -> tuple[str, ...]:
    """Text of which every other byte is zero is UTF-16 without its mark."""
    if content.count(0) < len(content) // 3:
        return ("utf-8-sig",)
    return ("utf-16-le",) if content[1::2].count(0) > content[::2].count(0) else ("utf-16-be",)


def parse_table(text: str) -> Table:
    """The rows of a CSV below that which names the columns; titles of one cell above it are left aside. Raises
    Refusal where quotes do not close, or where there is too much of it."""
    text, separator, skipped = _without_separator_line(text)
    separator = separator or _likely_separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    columns: tuple[str, ...] | None = None
    rows: list[Row] = []
    titles: list[tuple[int, list[str]]] = []
    before = skipped
    try:
        for cells in reader:
            number, before = before + 1, skipped + reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                if len(rows) == 0 and sum(1 for cell in cells if cell.strip()) < 2 and number < _MOST_TITLES:
                    titles.append((number, cells))
                    continue
                columns = _checked_columns(cells)
                if not _is_data(columns):
                    continue
                columns = tuple(f"Column {place}: {cell[:40]}" for place, cell in enumerate(columns, start=1))
            rows.append(Row(number, tuple(cells)))
            if len(rows) > MOST_ROWS:
                raise Refusal(
                    f"That file has more than {MOST_ROWS:,} lines, the most that I read. Nothing was imported. "
                    "Please export fewer days at a time."
                )
    except csv.Error as error:
        raise Refusal(
            f"That file breaks off at line {skipped + reader.line_num}: {error}. Nothing was imported."
        ) from None
    if columns is None and titles:
        # Nothing but lines of one cell: the first of them names the only column.
        return Table(_checked_columns(titles[0][1]), tuple(Row(at, tuple(cells)) for at, cells in titles[1:]))
    return Table(columns or (), tuple(rows))


def _is_data(cells: Sequence[str]) -> bool:
    """A first row that holds a date or a time names no columns: it is an entry like the others."""
    for cell in cells:
        with suppress(ValueError):
            if read_time_point(cell, None):
                return True
    return False


def _checked_columns(cells: Sequence[str]) -> tuple[str, ...]:
    if len(cells) > MOST_COLUMNS:
        raise Refusal(
            f"That file has {len(cells):,} columns; I read {MOST_COLUMNS} at most. Nothing was imported."
        )
    return tuple(cell.strip() for cell in cells)


def _without_separator_line(text: str) -> tuple[str, str, int]:
    """The text without a first line like `sep=;`, which is for Excel; the separator that it names; lines left out."""
    first, _, rest = text.partition("\n")
    said = first.strip("\r \ufeff").strip('"')
    if said[:4].casefold() == "sep=" and len(said) == 5:
        return rest, said[4], 1
    if said.casefold() == "sep=" and first.strip("\r \ufeff") != first.strip("\r"):
        return rest, "\t", 1
    return text, "", 0


def _likely_separator(text: str) -> str:
    """That which the first line with any of them has most of, outside of quotes."""
    for line in islice(io.StringIO(text), 50):
        unquoted = "".join(line.split('"')[::2])
        likely = max(_SEPARATORS, key=unquoted.count)
        if likely in unquoted:
            return likely
    return ","
