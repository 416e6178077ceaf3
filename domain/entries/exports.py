"""A person's entries as a file: what was asked for, what it will hold, what it holds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.entries.entries import TimeEntry
from domain.identity.people import Person
from domain.time.periods import DateRange, PeriodPhrase

MOST_EXPORTED = 20_000  # entries: a busy year has some 5 000


class ExportFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    ICS = "ics"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWish:
    said: PeriodPhrase
    format: ExportFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportConfirmation:
    """What was understood, counted at the instant `at` (UTC).

    An entry is in the file of the day on which it began, and whole: so monthly files hold each entry once. `reaching`
    says how many share time with the period and with what lies beside it; a report cuts those, a file does not.
    """

    person: Person
    dates: DateRange
    format: ExportFormat
    at: datetime
    entries: int
    total: timedelta
    reaching: int
    running: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What the file holds: the person's entries that began in those dates, oldest first, as they are at `at` (UTC)."""

    person: Person
    dates: DateRange
    format: ExportFormat
    at: datetime
    entries: tuple[TimeEntry, ...]

    @property
    def total(self) -> timedelta:
        return sum((entry.length(self.at) for entry in self.entries), timedelta())
