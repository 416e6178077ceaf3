"""Formats durations and clock times as text, the same way everywhere."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


def whole_minutes(length: timedelta) -> int:
    return int(length.total_seconds()) // 60


def format_duration(length: timedelta) -> str:
    """Format a length in whole minutes, rounded down, and in seconds only below a minute: "1 h 30 min", "45 min",
    "12 s"."""
    minutes = whole_minutes(length)
    if minutes == 0:
        return f"{int(length.total_seconds())} s"
    hours, minutes = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part
    )


def format_rounded_duration(rounded: timedelta) -> str:
    """Format a part of a total that was rounded with the other parts: "0 min" in place of "0 s"."""
    return format_duration(rounded) if rounded else "0 min"


def format_time(instant: datetime, zone: ZoneInfo) -> str:
    """Format an instant as local time in that zone: "09:05"."""
    return instant.astimezone(zone).strftime("%H:%M")


def format_time_and_day(instant: datetime, zone: ZoneInfo, *, seen_at: datetime) -> str:
    """Format an instant as local time: "09:05", or "Mon 16 Nov, 09:05" if its day is not that of `seen_at`."""
    local = instant.astimezone(zone)
    if local.date() == seen_at.astimezone(zone).date():
        return f"{local:%H:%M}"
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"


def format_time_range(start: datetime, end: datetime | None, zone: ZoneInfo, *, seen_at: datetime) -> str:
    """Format a range of local times: "09:00–10:30". Each day other than that of `seen_at` is named once. `end` is
    None for "now"."""
    first = format_time_and_day(start, zone, seen_at=seen_at)
    if end is None:
        return f"{first}–now"
    one_day = start.astimezone(zone).date() == end.astimezone(zone).date()
    return f"{first}–{format_time(end, zone) if one_day else format_time_and_day(end, zone, seen_at=seen_at)}"
