"""Corrects instants from senders whose clocks are a little ahead of the database's clock."""

from datetime import datetime, timedelta

LARGEST_SKEW = timedelta(seconds=5)


def correct_clock_skew(instant: datetime, now: datetime) -> datetime:
    """Return `now` for an instant up to five seconds ahead of it, and every other instant unchanged."""
    return now if now < instant <= now + LARGEST_SKEW else instant
