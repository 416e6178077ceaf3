"""A person's Home tab: what runs, today, the week, what they may want to start."""

from dataclasses import dataclass
from datetime import datetime

from domain.identity.people import Person
from domain.projects.projects import Project
from domain.reports.reports import DayReport, PeriodReport
from domain.reports.timesheets import WaitingWeek


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeTab:
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
