"""ICS (RFC 5545): an event for each entry, in UTC, because readers disagree on zones across clock changes."""

from datetime import datetime, timedelta

from icalendar import Calendar, Event

from domain.entries.entries import TimeEntry
from domain.entries.exports import Export

PRODUCT = "-//truth-time-tracker//export//EN"
_SECOND = timedelta(seconds=1)


def write_ics(export: Export) -> bytes:
    """Write the entries as a calendar."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Time of {export.person.name}")
    for entry in export.entries:
        calendar.add_component(_event(entry, export.at))
    made: bytes = calendar.to_ical()
    return made


def _event(entry: TimeEntry, at: datetime) -> Event:
    event = Event()
    # The same uid for every export of the entry, so that a calendar that imports it again updates its event.
    event.add("uid", f"{entry.id}@truth-time-tracker")
    event.add("sequence", entry.version - 1)
    event.add("dtstamp", at.replace(microsecond=0))
    event.add("created", entry.created_at.replace(microsecond=0))
    event.add("last-modified", entry.updated_at.replace(microsecond=0))
    # The format has whole seconds; an event must end after it starts (3.6.1).
    start = entry.started_at.replace(microsecond=0)
    event.add("dtstart", start)
    event.add("dtend", max((entry.ended_at or at).replace(microsecond=0), start + _SECOND))
    event.add("summary", _summary(entry))
    if categories := [*([entry.project.title] if entry.project else []), *entry.tags]:
        event.add("categories", categories)
    if entry.running:
        event.add("description", "Still running when this was exported.")
    event.add("status", "TENTATIVE" if entry.running else "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # the calendar does not show the person as busy
    return event


def _summary(entry: TimeEntry) -> str:
    work = ": ".join(part for part in (entry.project.title if entry.project else "", entry.note) if part)
    return f"{work or 'No project'}{' (running)' if entry.running else ''}"
