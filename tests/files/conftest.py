"""Entries to be made into files: an ordinary one, one over a clock change, one that runs, and hostile words."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from domain.entries.entries import TimeEntry
from domain.entries.exports import Export, ExportFormat
from domain.identity.people import DigestSettings, Person
from domain.projects.projects import Project
from domain.time.periods import DateRange

SPACE = UUID("7b0f7e86-6b5b-4a38-9a2f-3a4a8f9f3f11")
AT = datetime(2026, 11, 18, 14, 40, tzinfo=UTC)
ADA = Person(
    id=uuid5(SPACE, "ada"),
    slack_user_id="U0ADA",
    name="Ada Park",
    zone=ZoneInfo("Europe/Berlin"),
    locale="de-DE",
    email=None,
    digest=DigestSettings(),
)
API = Project(id=uuid5(SPACE, "api"), slug="api", title="API")


def entry(
    start: str,
    end: str | None,
    note: str = "",
    *,
    project: Project | None = API,
    tags: Sequence[str] = (),
    zone: str = "Europe/Berlin",
) -> TimeEntry:
    """Times as ISO 8601 with an offset."""
    began = datetime.fromisoformat(start).astimezone(UTC)
    return TimeEntry(
        id=uuid5(SPACE, f"{start} {note}"),
        person_id=ADA.id,
        project=project,
        note=note,
        tags=tuple(tags),
        started_at=began,
        ended_at=datetime.fromisoformat(end).astimezone(UTC) if end else None,
        zone=zone,
        source="slack",
        version=1,
        deleted=False,
        created_at=began,
        updated_at=began,
    )


def export(*entries: TimeEntry, format: ExportFormat = ExportFormat.CSV) -> Export:  # noqa: A002
    dates = DateRange(first=date(2026, 10, 1), last=date(2026, 11, 18), name="October and more")
    return Export(person=ADA, dates=dates, format=format, at=AT, entries=entries)


ORDINARY = entry(
    "2026-11-16T09:00:00+01:00", "2026-11-16T10:30:00.250000+01:00", "fix login", tags=("client", "b2b")
)
# 25 October 2026: the clocks of Berlin go from 03:00 back to 02:00.
OVER_THE_CHANGE = entry("2026-10-25T01:30:00+02:00", "2026-10-25T02:30:00+01:00", "deploy", project=None)
RUNNING = entry("2026-11-18T15:10:00+01:00", None, "review")
