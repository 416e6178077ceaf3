"""Exports: the answer to an order, and the texts that come with the file."""

from datetime import timedelta

from bot.views.blocks import Message, context, message, section
from bot.views.period import format_dates
from domain.entries.exports import Export, ExportConfirmation
from domain.time.days import format_date
from domain.time.durations import format_duration, format_time
from files.exports import file_format_of


def render_order(order: ExportConfirmation) -> Message:
    """Render the answer to `/track export`: the days and the format. The file comes as a direct message."""
    what = f"{file_format_of(order.format).name}, {format_amount(order.entries, order.total)}"
    text = f"{format_dates(order.dates)}: {what}."
    notes = ["It comes in our direct messages in a moment."]
    if order.running:
        notes.append("A running timer is in it with its length so far, marked as running.")
    if order.reaching:
        notes.append(
            "Each entry counts whole, on the day on which it began, so the total can differ from a report's."
        )
    lead = "Your export is on its way."
    return message(f"{lead} {text}", [section(f"*{lead}*\n{text}"), context(" ".join(notes))])


def format_comment(export: Export) -> str:
    """Return the text above the file."""
    as_of = format_time(export.at, export.person.zone)
    running = " One of them is still running." if any(entry.running for entry in export.entries) else ""
    what = format_amount(len(export.entries), export.total)
    return f"Your export: {format_dates(export.dates)}, as of {as_of}. {what}.{running}"


def format_title(export: Export) -> str:
    """Return the title that Slack shows for the file."""
    first, last = format_date(export.dates.first), format_date(export.dates.last)
    return f"Time of {export.person.name}, {first}" + ("" if first == last else f" to {last}")


def format_amount(entries: int, total: timedelta) -> str:
    return f"{entries:,} {'entry' if entries == 1 else 'entries'}, {format_duration(total)}"
