"""Answers whose message is rewritten when what they are about changes."""

from datetime import date
from uuid import UUID


class LiveAnswer:
    """An answer about one entry or one day."""

    __slots__ = ()

    @property
    def live_subject(self) -> UUID | date | None:
        """The id of the entry, or the day; None where the answer is about none."""
        raise NotImplementedError
