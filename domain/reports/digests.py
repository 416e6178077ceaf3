"""Digests: which days are worth one."""

from enum import StrEnum

from domain.reports.reports import DayReport


class DigestOutcome(StrEnum):
    """What the ledger says of a date: its message was queued, or why there is none."""

    QUEUED = "queued"
    NOTHING_TRACKED = "nothing_tracked"
    TOO_LATE = "too_late"


def is_worth_sending(report: DayReport) -> bool:
    """A day on which something was tracked. Where it is no day off: also one on which they work, or any for who chose
    a time of their own."""
    return bool(report.lines) or (not report.off and (report.expected or report.person.digest.daily))
