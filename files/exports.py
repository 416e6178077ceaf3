"""The formats of an export, one row each: its names, and the function that writes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from domain.entries.exports import Export, ExportFormat
from domain.projects.projects import make_slug
from files.calendars import write_ics
from files.documents import write_json
from files.tables import write_csv, write_xlsx


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A format of an export. `words` are further names that people type; the file's extension is the format's
    value."""

    format: ExportFormat
    name: str
    write: Callable[[Export], bytes]
    words: tuple[str, ...] = ()


FILE_FORMATS = (
    FileFormat(ExportFormat.CSV, "CSV", write_csv),
    FileFormat(ExportFormat.XLSX, "XLSX", write_xlsx, ("excel",)),
    FileFormat(ExportFormat.ICS, "ICS (calendar)", write_ics, ("ical", "icalendar")),
    FileFormat(ExportFormat.JSON, "JSON", write_json),
)
_BY_FORMAT: Mapping[ExportFormat, FileFormat] = {row.format: row for row in FILE_FORMATS}
if missing := set(ExportFormat) - set(_BY_FORMAT):
    raise LookupError(f"no row in FILE_FORMATS for {missing}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFile:
    """A file to send."""

    name: str
    content: bytes


def file_format_of(export_format: ExportFormat) -> FileFormat:
    """Return the row of that format."""
    return _BY_FORMAT[export_format]


def write_export(export: Export, message_id: UUID) -> ExportFile:
    """Write the export as a file. The largest takes seconds of processor time, so do not call this on an event
    loop."""
    dates = export.dates
    days = f"{dates.first}" if dates.first == dates.last else f"{dates.first}-to-{dates.last}"
    name = f"{make_slug(export.person.name)[:40]}-{days}{name_ending(export.format, message_id)}"
    return ExportFile(name=name, content=file_format_of(export.format).write(export))


def name_ending(export_format: ExportFormat, message_id: UUID) -> str:
    """Return the end of the name of that message's file, for any person. The file is found in Slack by it."""
    return f"-{message_id.hex[:12]}.{export_format.value}"
