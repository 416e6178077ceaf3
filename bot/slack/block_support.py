"""Whether this workspace takes tables and charts: Slack rolls new blocks out workspace by workspace."""

import time
from collections.abc import Callable

AGAIN_AFTER_SECONDS = 24 * 3_600.0


class BlockSupport:
    """Remembers whether the workspace refuses tables and charts; shared by notifier and answers.

    A refusal holds for a day in this process. Then they are tried again, which costs one message a second request where
    they are refused once more. `seconds` is a clock that only goes forward.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._refused_at: float | None = None

    @property
    def plain(self) -> bool:
        """Return whether messages are to be text alone."""
        return self._refused_at is not None and self._seconds() - self._refused_at < AGAIN_AFTER_SECONDS

    def refused(self) -> None:
        self._refused_at = self._seconds()
