"""Converts the JSON of other trackers to tables: a row for each object of a list, a column for each key in them.

Timewarrior: `timew export` is a list of objects with `start`, `end` (20261116T080000Z), `tags` and `annotation`
(timew-export(1)). Watson: the `frames` file is a list of lists, each start, stop, project, id, tags, updated
(watson/frames.py); `watson log --json` is a list of objects. Toggl: the API returns a list of objects with `start`,
`stop`, `duration` in seconds (negative while it runs), `description`, `tags`, `project_id`, and on request
`project_name` and `client_name` (Toggl API v9, "Time entries").
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from domain.entries.import_files import MOST_COLUMNS, MOST_ROWS, ImportFormat
from domain.errors import Refusal
from files.cells import join_tags
from files.text_files import Row, Table

DEEPEST = 32
_NESTING = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
_WATSON = ("start", "stop", "project", "id", "tags", "updated_at")
_OLDER_WATSON = ("start", "stop", "project", "id", "updated_at")
_LISTS = ("entries", "time_entries", "timeEntries", "records", "data", "items", "frames")
# A bare number under these keys is an id of the tracker, not a name.
_NAMED_ELSEWHERE = {"project", "client", "customer", "activity", "task", "user"}
_COMPACT = re.compile(r"\d{8}T\d{6}Z", re.ASCII)


def parse_json(text: str) -> Any:  # noqa: ANN401 - it may hold anything
    """Parse a document. Raises Refusal if it is cut off, or nested deeper than any list of entries."""
    depth = deepest = 0
    for match in _NESTING.finditer(text):
        if match[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif match[0] in "]}":
            depth -= 1
    if deepest <= DEEPEST:
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            pass
    raise Refusal("That file is not whole JSON. Nothing was imported.")


def find_entry_list(document: Any) -> list[Any] | None:  # noqa: ANN401
    """Find the list of entries: the document itself, or its value under a usual key. None if there is no list."""
    if isinstance(document, list):
        return document
    if isinstance(document, dict):
        for name in _LISTS:
            if isinstance(document.get(name), list):
                return list(document[name])
    return None


def build_table(entries: list[Any]) -> tuple[Table, ImportFormat]:
    """Build a table of the entries, and recognize their format. Raises Refusal if the list does not hold entries."""
    if len(entries) > MOST_ROWS:
        raise Refusal(
            f"That file has more than {MOST_ROWS:,} entries, the most that I read. Nothing was imported. "
            "Please export fewer days at a time."
        )
    if entries and all(isinstance(entry, list) and len(entry) in (5, 6) for entry in entries):
        names = _WATSON if len(entries[0]) == 6 else _OLDER_WATSON
        rows = [Row(number, tuple(map(_cell, entry))) for number, entry in enumerate(entries, start=1)]
        return Table(names, tuple(rows)), ImportFormat.WATSON
    if not entries or not all(isinstance(entry, dict) for entry in entries):
        raise Refusal("That JSON has no list of entries. Nothing was imported.")
    flat = [_flat(entry) for entry in entries]
    columns = list(dict.fromkeys(name for entry in flat for name in entry))
    if len(columns) > MOST_COLUMNS:
        raise Refusal(
            f"The entries of that file have {len(columns):,} names; I read {MOST_COLUMNS} at most. "
            "Nothing was imported."
        )
    rows = [
        Row(number, tuple(_cell(entry.get(name)) for name in columns))
        for number, entry in enumerate(flat, start=1)
    ]
    return Table(tuple(columns), tuple(rows)), _format(flat)


def _format(entries: list[dict[str, Any]]) -> ImportFormat:
    names = {name for entry in entries for name in entry}
    if {"start", "duration"} <= names and names & {"workspace_id", "wid"}:
        return ImportFormat.TOGGL_JSON
    if {"id", "project", "start", "stop", "tags"} <= names <= {*_WATSON}:
        return ImportFormat.WATSON
    if {"id", "start"} <= names <= {"id", "start", "end", "tags", "annotation"} and all(
        _COMPACT.fullmatch(str(entry.get("start"))) for entry in entries
    ):
        return ImportFormat.TIMEWARRIOR
    return ImportFormat.JSON


def _flat(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Flatten an object. A nested value is stored under both keys (`timeInterval.start`); a nested object with a
    name is replaced by its name."""
    flat: dict[str, Any] = {}
    for name, value in entry.items():
        if isinstance(value, int) and name.casefold() in _NAMED_ELSEWHERE:
            flat[f"{name}_id"] = value
        elif not isinstance(value, dict):
            flat[name] = value
        elif isinstance(value.get("name") or value.get("title"), str):
            flat[name] = value.get("name") or value.get("title")
        else:
            flat |= {f"{name}.{inner}": one for inner, one in value.items() if not isinstance(one, dict)}
    return flat


def _cell(value: Any) -> str:  # noqa: ANN401
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return str(value)
        case list():
            names = [one.get("name") if isinstance(one, dict) else one for one in value]
            return join_tags([str(name) for name in names if isinstance(name, str | int)])
        case _:
            return json.dumps(value, ensure_ascii=False)
