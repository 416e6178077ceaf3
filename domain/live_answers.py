"""Answers whose Slack message is rewritten when the entry or day that they show changes."""

from datetime import date
from uuid import UUID


class LiveAnswer:
    """An answer about one entry or one day."""

    __slots__ = ()

    @property
    def live_subject(self) -> UUID | date | None:
        """Return the id of the entry, or the day; None if the answer is about neither."""
        raise NotImplementedError
