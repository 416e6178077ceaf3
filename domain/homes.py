"""A person's Home tab: what runs, today, the week, what they may want to start."""

from dataclasses import dataclass
from datetime import datetime

from domain.people import Person
from domain.projects import Project
from domain.reports import DayReport, PeriodReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Seen at the instant `at` (UTC). `recent` are the projects worked on lately, the latest first. `next_digest` and
    `next_reminder` are None where they are off. `first_time` is true until something was tracked."""

    person: Person
    at: datetime
    today: DayReport
    week: PeriodReport
    recent: tuple[Project, ...]
    next_digest: datetime | None
    next_reminder: datetime | None
    first_time: bool
