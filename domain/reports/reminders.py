"""Reminders of a day without entries. They are sent on a person's working days, at the time that the person chose."""

from collections.abc import Set
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from domain.time.calendar import next_due
from domain.time.workdays import WorkWeek, is_working_day


def next_reminder(
    after: datetime, at: time, zone: ZoneInfo, week: WorkWeek, off: Set[date]
) -> tuple[date, datetime] | None:
    """Return the first working day whose reminder is due later than `after`, with that instant (UTC); None if the
    person has no working days."""
    if not week.days:
        return None
    day, due = next_due(after, at, zone)
    while not is_working_day(day, week, off):
        day, due = next_due(due, at, zone)
    return day, due
