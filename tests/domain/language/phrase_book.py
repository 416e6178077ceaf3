"""Who types the phrases of the tables, and when: Wednesday 2026-11-18, 15:40 in Berlin, the day before the month."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from domain.language.intervals import extract_interval
from domain.language.time_points import extract_time_point, parse_time_point, refuse_unread_time
from domain.time.intervals import conflict_search_span, resolve_interval
from domain.time.time_points import TimePoint, resolve_time_point

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 18, 14, 40, tzinfo=UTC)
TODAY = date(2026, 11, 18)


def started(
    typed: str, *, now: datetime = NOW, zone: ZoneInfo = BERLIN, day_first: bool = True
) -> tuple[str, str]:
    """What `start …` means: the local time, or nothing where it is now; and what is left for the note."""
    moment, rest = extract_time_point(typed)
    if moment is None:
        refuse_unread_time(rest)
        return "", rest
    return at(moment, now=now, zone=zone, day_first=day_first), rest


def stopped(typed: str, *, now: datetime = NOW, zone: ZoneInfo = BERLIN, day_first: bool = True) -> str:
    return at(parse_time_point(typed), now=now, zone=zone, day_first=day_first)


def logged(
    typed: str, *, now: datetime = NOW, zone: ZoneInfo = BERLIN, day_first: bool = True
) -> tuple[str, str]:
    """What `log …` means on free days: the local times of both ends, and what is left for the note."""
    stretch, rest = extract_interval(typed)
    conflict_search_span(stretch, now=now, zone=zone, day_first=day_first)
    span = resolve_interval(stretch, now=now, zone=zone, day_first=day_first, tracked=[])
    start, end = (instant.astimezone(zone) for instant in (span.start, span.end))
    return f"{start:%m-%d %H:%M}-{end:%H:%M}", rest


def at(moment: TimePoint, *, now: datetime, zone: ZoneInfo, day_first: bool) -> str:
    return (
        f"{resolve_time_point(moment, now=now, zone=zone, day_first=day_first).astimezone(zone):%m-%d %H:%M}"
    )
