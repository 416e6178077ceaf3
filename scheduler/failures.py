"""Telling of jobs that fail: with the traceback, and without a flood."""

import logging
import secrets
from collections.abc import Callable

TOLD_EVERY = 60.0  # seconds, for each job and error
MOST_REMEMBERED = 200

log = logging.getLogger(__name__)


class JobFailures:
    """Logs each failure of a job once a minute, with how many of its kind came in between. `clock` is monotonic, in
    seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._told: dict[tuple[str, type[Exception]], tuple[float, int]] = {}

    def report(self, job: str, error: Exception) -> str | None:
        """Write the failure with its traceback and a reference; return the reference, or None where the same was
        written less than a minute ago."""
        kind, now = (job, type(error)), self._clock()
        told_at, silent = self._told.get(kind, (now - TOLD_EVERY, 0))
        if now - told_at < TOLD_EVERY:
            self._told[kind] = told_at, silent + 1
            return None
        reference = secrets.token_hex(4)
        log.error(
            "the job to %s failed with %s (reference %s%s); it runs again",
            job,
            type(error).__name__,
            reference,
            f", and {silent} times since it was last told" if silent else "",
            exc_info=error,
        )
        if len(self._told) >= MOST_REMEMBERED:
            self._told.clear()
        self._told[kind] = now, 0
        return reference
