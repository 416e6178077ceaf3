"""Logs jobs that fail: with the traceback, and each failure at most once a minute."""

import logging
import secrets
from collections.abc import Callable

LOGGED_EVERY = 60.0  # seconds, for each job and error
MOST_REMEMBERED = 200

log = logging.getLogger(__name__)


class JobFailures:
    """Logs the same failure of a job at most once a minute, with the number of repetitions. `clock` is monotonic,
    in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._logged: dict[tuple[str, type[Exception]], tuple[float, int]] = {}

    def report(self, job: str, error: Exception) -> str | None:
        """Log the failure with its traceback and a reference, and return the reference; None if the same failure
        was logged less than a minute ago."""
        kind, now = (job, type(error)), self._clock()
        logged_at, skipped = self._logged.get(kind, (now - LOGGED_EVERY, 0))
        if now - logged_at < LOGGED_EVERY:
            self._logged[kind] = logged_at, skipped + 1
            return None
        reference = secrets.token_hex(4)
        log.error(
            "the job to %s failed with %s (reference %s%s); it runs again",
            job,
            type(error).__name__,
            reference,
            f", and {skipped} times since it was last told" if skipped else "",
            exc_info=error,
        )
        if len(self._logged) >= MOST_REMEMBERED:
            self._logged.clear()
        self._logged[kind] = now, 0
        return reference
