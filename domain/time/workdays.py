"""A person's working days, and the target of each."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

LONGEST_TARGET = timedelta(hours=24)
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkWeek:
    """A person's working days. `days` are ISO weekdays, Monday is 1. `target` is the time that they want to work on
    each; zero is no target."""

    days: tuple[int, ...] = (1, 2, 3, 4, 5)
    target: timedelta = timedelta(hours=8)

    def works_on(self, day: date) -> bool:
        return day.isoweekday() in self.days

    @property
    def day_names(self) -> str:
        """Format the days: "Mon–Thu, Sat". A dash joins three or more consecutive days."""
        parts = []
        for _, run in groupby(enumerate(sorted(self.days)), key=lambda pair: pair[1] - pair[0]):
            names = [_NAMES[day - 1] for _, day in run]
            parts.append(f"{names[0]}–{names[-1]}" if len(names) > 2 else ", ".join(names))
        return ", ".join(parts) or "no days"


USUAL_WEEK = WorkWeek()


def is_working_day(day: date, week: WorkWeek, off: Set[date]) -> bool:
    """Return whether that is a day of their week that they did not take off."""
    return week.works_on(day) and day not in off
