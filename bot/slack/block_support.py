"""Tracks whether the workspace accepts tables and charts: Slack introduces new blocks workspace by workspace."""

import time
from collections.abc import Callable

AGAIN_AFTER_SECONDS = 24 * 3_600.0


class BlockSupport:
    """Remembers whether the workspace refuses tables and charts; notifier and answers share it.

    A refusal holds for a day in this process. Then the next message tries them again, and needs a second request if
    they are still refused. `seconds` is a monotonic clock.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._refused_at: float | None = None

    @property
    def plain(self) -> bool:
        """Return whether messages must be without tables and charts."""
        return self._refused_at is not None and self._seconds() - self._refused_at < AGAIN_AFTER_SECONDS

    def record_refusal(self) -> None:
        self._refused_at = self._seconds()
