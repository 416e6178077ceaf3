"""Decodes the bytes of a file, and parses CSV into a table of texts, within limits."""

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
_MOST_TITLES = 10  # lines of titles above the names of the columns
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # signatures of XLSX and archives; of the older XLS
# Control characters in every encoding that we read, which never occur in a table.
_BINARY = frozenset(range(32)) - frozenset(b"\t\n\r\f\v\x1a")
_UNDEFINED_IN_1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")


@dataclass(frozen=True, slots=True)
class Row:
    """A row. `number` is the line on which it begins, or its position in a JSON list, from 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the names of its columns. A row may have more or fewer cells than there are columns."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notices: tuple[str, ...] = ()


def decode(content: bytes) -> tuple[str, str]:
    """Decode a file. Return its text, and the name of its encoding if that is a guess, else "". Raises Refusal if
    the file is not text."""
    if content.startswith(_SPREADSHEETS):
        raise Refusal(
            "That is a spreadsheet or an archive; I read CSV and JSON. Nothing was imported. "
            "Please save it as “CSV UTF-8” there."
        )
    for encoding in (
        ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else _guess_encodings(content)
    ):
        with suppress(UnicodeDecodeError):
            return content.decode(encoding), ""
    present = frozenset(content)
    if present & _BINARY or present & _UNDEFINED_IN_1252:
        raise Refusal(
            "That file is not text in UTF-8, UTF-16 or Windows-1252. Nothing was imported. "
            "If it went through a spreadsheet, save it as “CSV UTF-8” there."
        )
    return content.decode("cp1252"), "Windows-1252"


def _guess_encodings(content: bytes) -> tuple[str, ...]:
    """Guess the encodings of a text without a mark: it is UTF-16 if every other byte is zero."""
    if content.count(0) < len(content) // 3:
        return ("utf-8-sig",)
    return ("utf-16-le",) if content[1::2].count(0) > content[::2].count(0) else ("utf-16-be",)


def parse_table(text: str) -> Table:
    """Parse a CSV. Its first row of several cells names the columns; rows of one cell above it are skipped. Raises
    Refusal if a quote does not close, or the file is too large."""
    text, separator, skipped = _remove_separator_line(text)
    separator = separator or _guess_separator(text)
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
                columns = _check_columns(cells)
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
        # All rows have one cell, so the first of them names the only column.
        return Table(_check_columns(titles[0][1]), tuple(Row(at, tuple(cells)) for at, cells in titles[1:]))
    return Table(columns or (), tuple(rows))


def _is_data(cells: Sequence[str]) -> bool:
    """Return whether the first row is an entry: a row with a date or a time does not name columns."""
    for cell in cells:
        with suppress(ValueError):
            if read_time_point(cell, None):
                return True
    return False


def _check_columns(cells: Sequence[str]) -> tuple[str, ...]:
    if len(cells) > MOST_COLUMNS:
        raise Refusal(
            f"That file has {len(cells):,} columns; I read {MOST_COLUMNS} at most. Nothing was imported."
        )
    return tuple(cell.strip() for cell in cells)


def _remove_separator_line(text: str) -> tuple[str, str, int]:
    """Remove a first line like `sep=;`, which is for Excel. Return the text, that separator, and the number of
    removed lines."""
    first, _, rest = text.partition("\n")
    said = first.strip("\r \ufeff").strip('"')
    if said[:4].casefold() == "sep=" and len(said) == 5:
        return rest, said[4], 1
    if said.casefold() == "sep=" and first.strip("\r \ufeff") != first.strip("\r"):
        return rest, "\t", 1
    return text, "", 0


def _guess_separator(text: str) -> str:
    """Guess the separator: the most frequent one, outside of quotes, in the first line that has any."""
    for line in islice(io.StringIO(text), 50):
        unquoted = "".join(line.split('"')[::2])
        likely = max(_SEPARATORS, key=unquoted.count)
        if likely in unquoted:
            return likely
    return ","
