"""Whether this workspace takes tables and charts: Slack rolls new blocks out workspace by workspace."""

import time
from collections.abc import Callable

AGAIN_AFTER_SECONDS = 24 * 3_600.0


class BlockSupport:
    """One for the notifier and the answers alike: what one of them was refused, the other need not try.

    A refusal is remembered by this process and holds for a day: then tables and charts are tried again, and what is
    refused once more costs that one message a second request. `seconds` is a clock that only goes forward.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._refused_at: float | None = None

    @property
    def plain(self) -> bool:
        """Whether messages are to be text alone."""
        return self._refused_at is not None and self._seconds() - self._refused_at < AGAIN_AFTER_SECONDS

    def refused(self) -> None:
        self._refused_at = self._seconds()
