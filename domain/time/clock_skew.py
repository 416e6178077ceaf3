"""Clocks of others that are a little ahead of the database's."""

from datetime import datetime, timedelta

AHEAD = timedelta(seconds=5)


def not_ahead(instant: datetime, now: datetime) -> datetime:
    """Take an instant that is at most five seconds ahead for now: its sender's clock is. Others stay as they are."""
    return now if now < instant <= now + AHEAD else instant
