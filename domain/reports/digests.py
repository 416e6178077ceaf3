"""Daily digests: the days that get one."""

from enum import StrEnum

from domain.reports.reports import DayReport


class DigestOutcome(StrEnum):
    """What is stored of a date: its digest was queued, or why there is none."""

    QUEUED = "queued"
    NOTHING_TRACKED = "nothing_tracked"
    TOO_LATE = "too_late"


def is_worth_sending(report: DayReport) -> bool:
    """Whether a day gets a digest: one with entries does. So does, if it is no day off, a working day, and any day for
    people who chose a time of their own."""
    return bool(report.lines) or (not report.off and (report.expected or report.person.digest.daily))
