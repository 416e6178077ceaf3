"""A person's Home tab: what runs, today, the week, what they may want to start."""

from dataclasses import dataclass
from datetime import datetime

from domain.people import Person
from domain.projects import Project
from domain.reports import DayReport, PeriodReport
from domain.timesheets import WaitingWeek


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Seen at the instant `at` (UTC). `recent` are the projects worked on lately, the latest first.
    `first_time` is true until something was tracked. `waiting` are
    weeks that they may decide on."""

    person: Person
    at: datetime
    today: DayReport
    week: PeriodReport
    recent: tuple[Project, ...]
    first_time: bool
    waiting: tuple[WaitingWeek, ...] = ()
