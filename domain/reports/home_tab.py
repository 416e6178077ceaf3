"""The contents of a person's Home tab."""

from dataclasses import dataclass
from datetime import datetime

from domain.identity.people import Person
from domain.projects.projects import Project
from domain.reports.period_reports import PeriodReport
from domain.reports.reports import DayReport
from domain.reports.timesheets import WaitingWeek


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeTab:
    """The Home tab at the instant `at` (UTC). `recent` are the projects that the person worked on lately, the
    latest first. `first_time` is true until they have tracked something. `waiting` are submitted weeks on which
    they may decide."""

    person: Person
    at: datetime
    today: DayReport
    week: PeriodReport
    recent: tuple[Project, ...]
    first_time: bool
    waiting: tuple[WaitingWeek, ...] = ()
