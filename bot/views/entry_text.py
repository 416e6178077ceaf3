"""Texts about an entry: its name, work, interval and link, as plain text or mrkdwn."""

from datetime import datetime

from bot.views.blocks import clean_text, escape, format_instant
from domain.entries.entries import TimeEntry
from domain.identity.people import Person, ZoneSource
from domain.time.calendar import local_date
from domain.time.durations import format_time


def entry_name(entry: TimeEntry) -> str:
    """Return a name for the entry: its project's title, or its note."""
    return entry.project.title if entry.project else entry.note or "no project"


def format_work_mrkdwn(entry: TimeEntry, former_title: str | None = None) -> str:
    tags = " ".join(f"`+{escape(tag, 40)}`" for tag in entry.tags)
    project = f"*{escape(entry.project.title, 80)}*" if entry.project else ""
    if project and former_title:
        project += f" (was {escape(former_title, 80)})"
    note = escape(entry.note)
    return " · ".join(part for part in (project, note, tags) if part) or "_no project, no note_"


def format_work(entry: TimeEntry, former_title: str | None = None) -> str:
    """Format project and note as plain text; `former_title` is the project's old title, if the person typed that."""
    title = entry.project.title if entry.project else ""
    parts = (f"{title} (was {former_title})" if title and former_title else title, entry.note)
    # Slack reads the fallback text as mrkdwn too, so people's text in it is escaped.
    return escape(", ".join(clean_text(part, 200) for part in parts if part)) or "no project, no note"


def format_interval(entry: TimeEntry, person: Person, at: datetime) -> str:
    """Format "09:00–10:30" in every reader's own zone and clock."""
    until = entry.ended_at or at
    one_day = local_date(entry.started_at, person.zone) == local_date(until, person.zone)
    end = format_instant(until, person.zone) if one_day else format_since(until, person, at)
    return f"{format_since(entry.started_at, person, at)}–{end}"


def format_clock(instant: datetime, person: Person) -> str:
    """Format a time of day for plain text, which Slack does not convert; with "UTC" if the person's zone is unknown."""
    has_zone = person.zone_from is not ZoneSource.UNKNOWN
    return format_time(instant, person.zone) if has_zone else f"{format_time(instant, person.zone)} UTC"


def format_since(instant: datetime, person: Person, at: datetime) -> str:
    same_day = local_date(instant, person.zone) == local_date(at, person.zone)
    return format_instant(instant, person.zone, "{time}" if same_day else "{date_short_pretty} {time}")


def format_link(entry: TimeEntry) -> str:
    """Format a link to the message that the entry was started from, or to the source of its suggestion.

    The services check both when they store them.
    """
    if entry.link is None:
        return ""
    # Addresses of Slack messages contain it; other links came with a suggestion.
    what = "the message" if "/archives/" in entry.link else "where it is from"
    return f" · <{entry.link}|{what}>"
