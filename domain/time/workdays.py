"""The days on which somebody works, and the target of such a day."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

LONGEST_TARGET = timedelta(hours=24)
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkWeek:
    """`days` are ISO weekdays, Monday is 1. `target` is how long they want to work on each; zero is no target."""

    days: tuple[int, ...] = (1, 2, 3, 4, 5)
    target: timedelta = timedelta(hours=8)

    def works_on(self, day: date) -> bool:
        return day.isoweekday() in self.days

    @property
    def in_words(self) -> str:
        """ "Mon–Thu, Sat": three or more days in a row are joined by a dash."""
        parts = []
        for _, run in groupby(enumerate(sorted(self.days)), key=lambda pair: pair[1] - pair[0]):
            names = [_NAMES[day - 1] for _, day in run]
            parts.append(f"{names[0]}–{names[-1]}" if len(names) > 2 else ", ".join(names))
        return ", ".join(parts) or "no days"


USUAL_WEEK = WorkWeek()


def is_working_day(day: date, week: WorkWeek, off: Set[date]) -> bool:
    """Whether that is a day of their week that they did not take off."""
    return week.works_on(day) and day not in off
