"""Looks for secrets and people's words in everything that is logged, as operators would read it at LOG_LEVEL=DEBUG.

On for the whole suite with TRACKER_LOG_CANARIES=1; the test of the main journeys always asks.
"""

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from operate.logs import RedactingFormatter, is_worth_logging
from operate.redaction import Redactor
from tests.replica import APP_TOKEN, BOT_TOKEN, OLD_WEBHOOK_SECRET, SETTINGS, SIGNING_SECRET, WEBHOOK_SECRET
from tests.web.client import PASSWORD

WORDS = ("Fix login", "secret plan", "quarterly layoffs", "new footer", "sprint review")
# By forms of their own, and not by those that the log hides: what that does not know is found here.
_FOUND = re.compile(
    "|".join(
        [
            *map(
                re.escape,
                (SIGNING_SECRET, BOT_TOKEN, APP_TOKEN, WEBHOOK_SECRET, OLD_WEBHOOK_SECRET, PASSWORD),
            ),
            "sample-key-",
            "sample-password",
            *map(re.escape, WORDS),
            r"tt_\w{12}",
            r"ttr_[\w-]{12}",
            r"whsec_\w",
            r"xox[a-z]-\w",
            r"xapp-\w",
            r"eyJ\w",
            r"earer \w",
            r"/response/\w",
            r"\.local-slack\b",
            r"v0=[0-9a-f]{8}",
            r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b",
        ]
    )
)
_SECRETS = [*SETTINGS.secret_texts(), SIGNING_SECRET, BOT_TOKEN, APP_TOKEN]


class Canaries(logging.Handler):
    """Writes every record as the service would, and keeps the lines in which something is found."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = 0
        self.found: list[str] = []
        self._formatter = RedactingFormatter(Redactor(_SECRETS), json=True)
        self.addFilter(is_worth_logging)

    def emit(self, record: logging.LogRecord) -> None:
        line = self._formatter.format(record)
        self.lines += 1
        if _FOUND.search(line):
            self.found.append(line)


@contextmanager
def watch_log() -> Iterator[Canaries]:
    """Listens to every logger at DEBUG."""
    root, handler = logging.getLogger(), Canaries()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield handler
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


@pytest.fixture(scope="module", autouse=True)
def no_secret_in_the_log() -> Iterator[None]:
    """Nothing that a module's tests made the service log holds a secret or somebody's words."""
    if not os.environ.get("TRACKER_LOG_CANARIES"):
        yield
        return
    with watch_log() as listening:
        yield
    assert listening.found == []
