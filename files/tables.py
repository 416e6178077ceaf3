"""Writes CSV and XLSX: both have the same columns, and a row for each entry."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from domain.entries.exports import Export
from domain.identity.people import zone_or_utc
from domain.time.durations import whole_minutes
from files.cells import guard_text, join_tags

COLUMNS = (
    "date",
    "start",
    "end",
    "duration",
    "hours",
    "seconds",
    "project",
    "note",
    "tags",
    "person",
    "zone",
    "running",
    "unconfirmed",
    "source",
    "id",
    "start_utc",
    "end_utc",
)
_WIDTHS = (12, 28, 28, 10, 10, 12, 20, 40, 20, 20, 20, 9, 13, 10, 38, 28, 28)
# Excel reads a file as UTF-8 if it begins with this mark; readers of CSV drop it.
_MARK = "\ufeff"
_EXCEL_BEGINS = datetime(1899, 12, 30)  # noqa: DTZ001 - the first day of its own calendar, which has no zones


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One entry. `start` and `end` are in the zone in which it was tracked; `end` is None while it runs."""

    start: datetime
    end: datetime | None
    length: timedelta
    texts: dict[str, str]


def write_csv(export: Export) -> bytes:
    """Write CSV (RFC 4180), UTF-8 with a mark, with guarded cells, so that no spreadsheet runs a cell as a formula."""
    file = io.StringIO(_MARK, newline="")
    file.seek(0, io.SEEK_END)
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in _rows(export):
        cells = {
            "date": f"{row.start:%Y-%m-%d}",
            "start": row.start.isoformat(timespec="microseconds"),
            "end": row.end.isoformat(timespec="microseconds") if row.end else "",
            "duration": _hours_and_minutes(row.length),
            "hours": f"{_seconds(row.length) / 3600:.4f}",
            "seconds": f"{_seconds(row.length):f}",
            "start_utc": _utc(row.start),
            "end_utc": _utc(row.end) if row.end else "",
            **{name: guard_text(text) for name, text in row.texts.items()},
        }
        writer.writerow([cells[name] for name in COLUMNS])
    return file.getvalue().encode()


def write_xlsx(export: Export) -> bytes:
    """Write a workbook with one sheet. Dates, times and lengths are numbers; text stays text, even if it looks like
    a formula."""
    file = io.BytesIO()
    # Rows are written through a temporary file: a full sheet would take 100 MB of memory.
    workbook = Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = workbook.add_worksheet("Time entries")
    bold = workbook.add_format({"bold": True})
    for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, bold)
    sheet.freeze_panes(1, 0)
    looks = _Looks(workbook)
    for number, row in enumerate(_rows(export), start=1):
        _write(sheet, number, row, looks)
    sheet.autofilter(0, 0, len(export.entries), len(COLUMNS) - 1)
    workbook.close()
    return file.getvalue()


class _Looks:
    """The number formats of a workbook, each created once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[str, Format] = {}

    def __getitem__(self, pattern: str) -> Format:
        if pattern not in self._made:
            self._made[pattern] = self._workbook.add_format({"num_format": pattern})
        return self._made[pattern]


def _write(sheet: Worksheet, number: int, row: _Row, looks: _Looks) -> None:
    numbers: dict[str, tuple[float, str]] = {
        "date": (float((row.start.replace(tzinfo=None) - _EXCEL_BEGINS).days), "yyyy-mm-dd"),
        "start": (_to_excel_days(row.start), _offset_pattern(row.start)),
        "duration": (whole_minutes(row.length) / 1440, "[h]:mm"),
        "hours": (float(_seconds(row.length) / 3600), "0.0000"),
        "seconds": (float(_seconds(row.length)), "General"),
        "start_utc": (_to_excel_days(row.start.astimezone(UTC)), _UTC),
    }
    if row.end:
        numbers["end"] = (_to_excel_days(row.end), _offset_pattern(row.end))
        numbers["end_utc"] = (_to_excel_days(row.end.astimezone(UTC)), _UTC)
    for name, (value, look) in numbers.items():
        sheet.write_number(number, _AT[name], value, looks[look])
    for name, text in row.texts.items():
        sheet.write_string(number, _AT[name], text)


_AT = {name: column for column, name in enumerate(COLUMNS)}
_UTC = 'yyyy-mm-dd hh:mm:ss"Z"'


def _rows(export: Export) -> Iterator[_Row]:
    for entry in export.entries:
        zone = zone_or_utc(entry.zone)
        yield _Row(
            start=entry.started_at.astimezone(zone),
            end=entry.ended_at.astimezone(zone) if entry.ended_at else None,
            length=entry.length(export.at),
            texts={
                "running": _yes(entry.running),
                "unconfirmed": _yes(entry.unconfirmed),
                "project": entry.project.title if entry.project else "",
                "note": entry.note,
                "tags": join_tags(entry.tags),
                "person": export.person.name,
                "zone": entry.zone,
                "source": entry.source,
                "id": str(entry.id),
            },
        )


def _to_excel_days(instant: datetime) -> float:
    """Convert an instant to Excel's count of days, by its local time."""
    return (instant.replace(tzinfo=None) - _EXCEL_BEGINS) / timedelta(days=1)


def _offset_pattern(instant: datetime) -> str:
    """Return a number format that ends with the instant's offset, so that the cell shows it and stays a number."""
    return f'yyyy-mm-dd hh:mm:ss "{instant.isoformat(timespec="seconds")[19:]}"'


def _seconds(length: timedelta) -> Decimal:
    """Return the length in seconds, exact to the microsecond, without trailing zeros."""
    exact = Decimal(length // timedelta(microseconds=1)) / 1_000_000
    return exact.quantize(Decimal(1)) if exact == exact.to_integral() else exact.normalize()


def _hours_and_minutes(length: timedelta) -> str:
    hours, minutes = divmod(whole_minutes(length), 60)
    return f"{hours}:{minutes:02}"


def _yes(so: bool) -> str:
    return "yes" if so else "no"


def _utc(instant: datetime) -> str:
    """Format an instant in UTC, always with its fraction, because readers expect all cells of a column to have the
    form of the first."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
