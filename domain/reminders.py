"""When to ask somebody who has tracked nothing yet: on working days, at the time they chose."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from domain.calendar import next_due

_SATURDAY = 5


def next_reminder(after: datetime, at: time, zone: ZoneInfo) -> tuple[date, datetime]:
    """The first working day, with its due instant (UTC), whose due instant is later than `after`."""
    day, due = next_due(after, at, zone)
    while day.weekday() >= _SATURDAY:
        day, due = next_due(due, at, zone)
    return day, due
