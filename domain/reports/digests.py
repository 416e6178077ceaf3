"""The rules for which days get a daily digest."""

from enum import StrEnum

from domain.reports.reports import DayReport


class DigestOutcome(StrEnum):
    """The outcome of a date's digest: it was queued, or the reason why not."""

    QUEUED = "queued"
    NOTHING_TRACKED = "nothing_tracked"
    TOO_LATE = "too_late"


def is_worth_sending(report: DayReport) -> bool:
    """Return whether a day gets a digest. A day with entries does. An empty day does if it is not a day off and
    either a working day or of a person who chose their own digest time."""
    return bool(report.lines) or (not report.off and (report.expected or report.person.digest.daily))
