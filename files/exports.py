"""Which format is made where, and what a file is called."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from domain.entries.exports import Export, ExportFormat
from domain.projects.projects import make_slug
from files.calendars import as_ics
from files.documents import as_json
from files.tables import as_csv, as_xlsx


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    name: str
    content: bytes


def made(export: Export, message_id: UUID) -> File:
    """Takes seconds of the processor for the largest: not for an event loop."""
    dates = export.dates
    days = f"{dates.first}" if dates.first == dates.last else f"{dates.first}-to-{dates.last}"
    name = f"{make_slug(export.person.name)[:40]}-{days}{ending(export.format, message_id)}"
    return File(name=name, content=_MAKERS[export.format](export))


def ending(format: ExportFormat, message_id: UUID) -> str:  # noqa: A002 - it is what it is
    """What the name of this message's file ends with, whatever it is of: by this it is known again in Slack."""
    return f"-{message_id.hex[:12]}.{format.value}"


_MAKERS: dict[ExportFormat, Callable[[Export], bytes]] = {
    ExportFormat.CSV: as_csv,
    ExportFormat.XLSX: as_xlsx,
    ExportFormat.ICS: as_ics,
    ExportFormat.JSON: as_json,
}
