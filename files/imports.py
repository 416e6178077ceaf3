"""Files that people bring: which format it is, and what stands in each line."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.errors import Refusal
from domain.imports import (
    MOST_IMPORTED,
    ImportFile,
    ImportFormat,
    Line,
    Unread,
    checked_tags,
    checked_words,
)
from domain.projects import checked_title
from domain.text import storable
from domain.zones import find_zone
from files.cells import parted, recovered
from files.rivals import CLOCKIFY_COLUMNS, TOGGL_COLUMNS, Reports

KNOWN = (
    "I know four kinds of files: our own CSV and JSON (`/track export`, `/track export json`), and the detailed "
    "reports of Toggl Track and of Clockify as CSV."
)
_OWN_COLUMNS = {"start", "end", "project", "note", "tags", "zone", "running", "id", "start_utc", "end_utc"}
_Row = Mapping[str, str]


def read(content: bytes, *, zone: ZoneInfo, day_first: bool) -> ImportFile:
    """`zone` is that of times without one, `day_first` how 3/11 is read where the file itself does not show it.
    Raises Refusal for a file that is none of those we know, or holds too much."""
    text = _text(content)
    found = _document(text) if text.lstrip()[:1] in {"{", "["} else _table(text, zone, day_first)
    if len(found.lines) + len(found.unread) > MOST_IMPORTED:
        raise Refusal(
            f"That file has more than {MOST_IMPORTED:,} entries, the most for one import. Nothing was imported. "
            "Please export fewer days at a time."
        )
    return found


def _text(content: bytes) -> str:
    if content.startswith(b"PK\x03\x04"):
        raise Refusal(f"That is a spreadsheet or an archive; I read CSV and JSON. {KNOWN}")
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal(
            "That file is not text in UTF-8. If it went through a spreadsheet, save it as “CSV UTF-8” there. "
            f"{KNOWN}"
        ) from None


@dataclass(frozen=True, slots=True)
class _Table:
    columns: tuple[str, ...]
    rows: tuple[tuple[int, _Row | None], ...]  # the line it begins on; None where it has not all columns


def _table(text: str, zone: ZoneInfo, day_first: bool) -> ImportFile:
    table = _parsed(text)
    columns = set(table.columns)
    if columns >= _OWN_COLUMNS:
        return _collected(ImportFormat.OWN_CSV, table, _own_row)
    for format, wanted in ((ImportFormat.CLOCKIFY, CLOCKIFY_COLUMNS), (ImportFormat.TOGGL, TOGGL_COLUMNS)):  # noqa: A001
        if all(columns & set(names) for names in wanted.values()):
            rows = [row for _, row in table.rows if row is not None]
            reports = Reports.of(rows, wanted, zone=zone, day_first=day_first)
            return _collected(format, table, reports.line, order=reports.order)
    shown = ", ".join(f"“{name}”" for name in table.columns[:8] if name) or "none"
    raise Refusal(f"I don't know this file by its columns ({shown}). Nothing was imported. {KNOWN}")


def _parsed(text: str) -> _Table:
    head = text.lstrip("\r\n").splitlines()[:1]
    delimiter = max(",;\t", key=head[0].count) if head else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns: tuple[str, ...] = ()
    rows: list[tuple[int, _Row | None]] = []
    before = 0
    try:
        for cells in reader:
            number, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = tuple(cell.strip().casefold() for cell in cells)
                continue
            if len(rows) > MOST_IMPORTED:
                break
            whole = len(cells) >= len(columns)
            rows.append(
                (
                    number,
                    dict(zip(reversed(columns), reversed(cells[: len(columns)]), strict=True))
                    if whole
                    else None,
                )
            )
    except csv.Error as error:
        raise Refusal(
            f"That file breaks off at line {reader.line_num}: {error}. Nothing was imported."
        ) from None
    return _Table(columns, tuple(rows))


def _collected(
    format: ImportFormat,  # noqa: A002
    table: _Table,
    line: Callable[[int, _Row], Line],
    *,
    order: Any = None,  # noqa: ANN401
) -> ImportFile:
    lines: list[Line] = []
    unread: list[Unread] = []
    for number, row in table.rows:
        try:
            if row is None:
                raise ValueError(f"it has fewer than the {len(table.columns)} columns of the first line")
            lines.append(line(number, row))
        except (ValueError, OverflowError) as error:
            unread.append(Unread(number=number, reason=str(error)))
        except Refusal as refusal:
            unread.append(Unread(number=number, reason=refusal.sentence))
    return ImportFile(format=format, lines=tuple(lines), unread=tuple(unread), order=order)


def _own_row(number: int, row: _Row) -> Line:
    if row["running"].strip().casefold() == "yes" or not row["end"].strip():
        raise ValueError("it was still running when it was exported")
    start, end = (_both(row[name], row[f"{name}_utc"]) for name in ("start", "end"))
    return _own_line(
        number,
        start=start,
        end=end,
        project=recovered(row["project"]),
        note=recovered(row["note"]),
        tags=parted(recovered(row["tags"])),
        zone=recovered(row["zone"]),
        own_id=row["id"],
        whose=recovered(row.get("person", "")),
    )


def _both(local: str, utc: str) -> datetime:
    """The same instant, said twice; who changed one of them meant something, and we can not know what."""
    said = _instant(local)
    if said != _instant(utc):
        raise ValueError(f"{local} and {utc} are two different times")
    return said


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"“{text[:40]}” is no time as we write it") from None
    if found.tzinfo is None:
        raise ValueError(f"“{text[:40]}” has no offset from UTC")
    return found.astimezone(UTC)


def _document(text: str) -> ImportFile:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise Refusal(f"That file is not whole JSON. Nothing was imported. {KNOWN}") from None
    entries = document.get("entries") if isinstance(document, dict) else document
    if not isinstance(entries, list):
        raise Refusal(f"That JSON has no list of entries. Nothing was imported. {KNOWN}")
    person = document.get("person") if isinstance(document, dict) else None
    whose = str(person.get("name") or "") if isinstance(person, dict) else ""
    lines: list[Line] = []
    unread: list[Unread] = []
    for number, entry in enumerate(entries[: MOST_IMPORTED + 1], start=1):
        try:
            lines.append(_own_entry(number, entry, whose))
        except (ValueError, OverflowError) as error:
            unread.append(Unread(number=number, reason=str(error)))
        except Refusal as refusal:
            unread.append(Unread(number=number, reason=refusal.sentence))
    return ImportFile(format=ImportFormat.OWN_JSON, lines=tuple(lines), unread=tuple(unread))


def _own_entry(number: int, entry: object, whose: str) -> Line:
    if not isinstance(entry, dict):
        raise ValueError("it is no entry")
    own_id, start, end = (entry.get(name) for name in ("id", "start_time", "end_time"))
    if not isinstance(own_id, str) or not isinstance(start, str) or not isinstance(end, str | None):
        raise ValueError("it has no id, start_time and end_time")
    if end is None:
        raise ValueError("it was still running when it was exported")
    project, tags = entry.get("project"), entry.get("tags") or []
    if project is None and entry.get("project_id"):
        raise ValueError("its project has no title, only an id: `/track export json` writes both")
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise ValueError("its tags are no list of words")
    return _own_line(
        number,
        start=_instant(start),
        end=_instant(end),
        project=str(project.get("title") or "") if isinstance(project, dict) else "",
        note=str(entry.get("description") or ""),
        tags=tuple(tags),
        zone=str(entry.get("zone") or ""),
        own_id=own_id,
        whose=whose,
    )


def _own_line(
    number: int,
    *,
    start: datetime,
    end: datetime,
    project: str,
    note: str,
    tags: tuple[str, ...],
    zone: str,
    own_id: str,
    whose: str,
) -> Line:
    if end <= start:
        raise ValueError("it does not end after it starts")
    try:
        known = UUID(own_id.strip())
    except ValueError:
        raise ValueError(f"“{own_id[:40]}” is no id of ours") from None
    return Line(
        number=number,
        start=start,
        end=end,
        project=checked_title(storable(project)) if project.strip() else "",
        note=checked_words(storable(note)),
        tags=checked_tags([storable(tag) for tag in tags]),
        zone=zone if find_zone(zone) else None,
        own_id=known,
        whose=whose.strip(),
    )
