"""Exports of a person's entries: the request, its confirmation, and the contents of the file."""

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
class ExportParams:
    period: PeriodPhrase
    format: ExportFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportConfirmation:
    """A summary of the file to come, counted at the instant `at` (UTC).

    The file holds every entry that began in the period, as a whole, so that monthly files hold each entry once.
    `reaching` is the number of entries that cross an end of the period; a report cuts them there, a file does not.
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
    """The contents of the file: the person's entries that began on those dates, oldest first, read at the instant
    `at` (UTC)."""

    person: Person
    dates: DateRange
    format: ExportFormat
    at: datetime
    entries: tuple[TimeEntry, ...]

    @property
    def total(self) -> timedelta:
        return sum((entry.length(self.at) for entry in self.entries), timedelta())
