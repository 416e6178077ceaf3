"""Reads our own CSV and JSON exactly, to the microsecond and the letter."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from domain.entries.entries import LONGEST_NOTE, LONGEST_TAG, MOST_TAGS
from domain.entries.import_files import ImportLine
from domain.projects.projects import validate_title
from domain.text import sanitize_text
from domain.time.zones import find_zone
from files.cells import split_tags, unguard_text
from files.documents import FORMAT

_COLUMNS = {"start", "end", "project", "note", "tags", "zone", "running", "id", "start_utc", "end_utc"}
_NAMES = {"id", "user_id", "project_id", "start_time", "end_time", "duration_minutes", "description"}
_RUNNING = "it was still running when it was exported"


def is_own_table(columns: list[str]) -> bool:
    return set(columns) >= _COLUMNS


def is_own_document(document: Any, entries: list[Any]) -> bool:  # noqa: ANN401 - what JSON holds
    """Return whether the document is an export of this service, which it says, or an answer of its API, which has
    special keys."""
    if isinstance(document, dict) and str(document.get("format", "")).startswith(FORMAT.partition("/")[0]):
        return True
    first = entries[0] if entries else None
    return isinstance(first, dict) and set(first) >= _NAMES


def read_own_row(number: int, row: Mapping[str, str]) -> ImportLine:
    """Read a row of our CSV. Raises ValueError with the reason if it is not an entry, Refusal for a project's
    invalid name."""
    if row["running"].strip().casefold() == "yes" or not row["end"].strip():
        raise ValueError(_RUNNING)
    start, end = (_check_same_instant(row[name], row[f"{name}_utc"]) for name in ("start", "end"))
    return _line(
        number,
        start=start,
        end=end,
        project=unguard_text(row["project"]),
        note=unguard_text(row["note"]),
        tags=split_tags(unguard_text(row["tags"])),
        zone=unguard_text(row["zone"]),
        own_id=row["id"],
    )


def read_own_entry(number: int, entry: object) -> ImportLine:
    """Read an entry of our JSON. Raises the same errors as `read_own_row`."""
    if not isinstance(entry, dict):
        raise ValueError("it is no entry")
    own_id, start, end = (entry.get(name) for name in ("id", "start_time", "end_time"))
    if not isinstance(own_id, str) or not isinstance(start, str) or not isinstance(end, str | None):
        raise ValueError("it has no id, start_time and end_time")
    if end is None:
        raise ValueError(_RUNNING)
    project, tags = entry.get("project"), entry.get("tags") or []
    if project is None and entry.get("project_id"):
        raise ValueError("its project has no title, only an id: `/track export json` writes both")
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise ValueError("its tags are no list of words")
    return _line(
        number,
        start=_instant(start),
        end=_instant(end),
        project=str(project.get("title") or "") if isinstance(project, dict) else "",
        note=str(entry.get("description") or ""),
        tags=tuple(tags),
        zone=str(entry.get("zone") or ""),
        own_id=own_id,
    )


def _check_same_instant(local: str, utc: str) -> datetime:
    """Check that both cells are the same instant, and return it. Raises ValueError if only one of them was edited."""
    said = _instant(local)
    if said != _instant(utc):
        raise ValueError(f"{local[:40]} and {utc[:40]} are two different times")
    return said


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"“{text[:40]}” is no time as we write it") from None
    if found.tzinfo is None:
        raise ValueError(f"“{text[:40]}” has no offset from UTC")
    found = found.astimezone(UTC)
    if found.year < 1970:
        raise ValueError("it is before 1970")
    return found


def _line(
    number: int,
    *,
    start: datetime,
    end: datetime,
    project: str,
    note: str,
    tags: tuple[str, ...],
    zone: str,
    own_id: str,
) -> ImportLine:
    if end <= start:
        raise ValueError("it does not end after it starts")
    try:
        known = UUID(own_id.strip())
    except ValueError:
        raise ValueError(f"“{own_id[:40]}” is no id of ours") from None
    note = sanitize_text(note)
    if len(note) > LONGEST_NOTE:
        raise ValueError(f"its note is longer than {LONGEST_NOTE} characters")
    kept = tuple(dict.fromkeys(sanitize_text(tag) for tag in tags))
    if len(kept) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in kept):
        raise ValueError(f"it has more than {MOST_TAGS} tags, or one longer than {LONGEST_TAG} characters")
    return ImportLine(
        number=number,
        start=start,
        end=end,
        project=validate_title(sanitize_text(project)) if project.strip() else "",
        note=note,
        tags=kept,
        zone=zone if find_zone(zone) else None,
        own_id=known,
    )
