"""Writes entries as JSON, as in the REST API (docs/api.md), with their project and zone."""

import json
from datetime import UTC, datetime
from typing import Any

from domain.entries.entries import TimeEntry
from domain.entries.exports import Export
from domain.time.durations import whole_minutes

FORMAT = "truth-time-tracker/1"


def write_json(export: Export) -> bytes:
    """Write the entries as a JSON document."""
    document = {
        "format": FORMAT,
        "exported_at": _utc(export.at),
        "person": {"id": str(export.person.id), "name": export.person.name},
        "from": export.dates.first.isoformat(),
        "to": export.dates.last.isoformat(),
        "entries": [_entry(entry, export.at) for entry in export.entries],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _entry(entry: TimeEntry, at: datetime) -> dict[str, Any]:
    length, project = entry.length(at), entry.project
    return {
        "id": str(entry.id),
        "user_id": str(entry.person_id),
        "project_id": str(project.id) if project else None,
        "project": {"slug": project.slug, "title": project.title} if project else None,
        "description": entry.note,
        "tags": list(entry.tags),
        "start_time": _utc(entry.started_at),
        "end_time": _utc(entry.ended_at) if entry.ended_at else None,
        "zone": entry.zone,
        "running": entry.running,
        "duration_seconds": int(length.total_seconds()),
        "duration_minutes": whole_minutes(length),
        "source": entry.source,
        "unconfirmed": entry.unconfirmed,
        "version": entry.version,
        "created_at": _utc(entry.created_at),
        "updated_at": _utc(entry.updated_at),
    }


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
