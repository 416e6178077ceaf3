"""Lengths and clock times in words, the same way everywhere."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


def whole_minutes(length: timedelta) -> int:
    return int(length.total_seconds()) // 60


def spoken(length: timedelta) -> str:
    """ "1 h 30 min", "45 min", "12 s": whole minutes rounded down, seconds only below a minute."""
    minutes = whole_minutes(length)
    if minutes == 0:
        return f"{int(length.total_seconds())} s"
    hours, minutes = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part
    )


def spoken_part(shown: timedelta) -> str:
    """The same for a part of a total, which was rounded with the others: "0 min" where nothing is left of it."""
    return spoken(shown) if shown else "0 min"


def clock(instant: datetime, zone: ZoneInfo) -> str:
    """ "09:05" on the wall clock of that zone."""
    return instant.astimezone(zone).strftime("%H:%M")


def clock_and_day(instant: datetime, zone: ZoneInfo, *, seen_at: datetime) -> str:
    """ "09:05", and the day where it is another one than the day of `seen_at`."""
    local = instant.astimezone(zone)
    if local.date() == seen_at.astimezone(zone).date():
        return f"{local:%H:%M}"
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"


def stretch_in_words(start: datetime, end: datetime | None, zone: ZoneInfo, *, seen_at: datetime) -> str:
    """ "09:00–10:30", with days where they are others than the day of `seen_at`, each once; `end` is None for now."""
    first = clock_and_day(start, zone, seen_at=seen_at)
    if end is None:
        return f"{first}–now"
    one_day = start.astimezone(zone).date() == end.astimezone(zone).date()
    return f"{first}–{clock(end, zone) if one_day else clock_and_day(end, zone, seen_at=seen_at)}"
