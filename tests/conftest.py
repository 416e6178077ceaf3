"""What every test needs and costs nothing. The other fixtures are in `tests/fixtures.py`."""

import gc
from datetime import UTC, datetime

import pytest

TEMPLATE = "template_tracker"

gc.disable()  # until everything is imported: what is made meanwhile stays


def pytest_collection_finish() -> None:
    """What was made so far stays for good: collections need not walk it again and again, as in the service."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_configure(config: pytest.Config) -> None:
    """Import the service and its fixtures, but not into the process that only hands tests out to workers: that takes
    longer than a second."""
    if hasattr(config, "workerinput") or config.getoption("dist", "no") == "no":
        config.pluginmanager.import_plugin("tests.fixtures")


class Clock:
    """The database's clock of a test: it stands until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 18, 14, 40, tzinfo=UTC))  # a Wednesday, 15:40 in Berlin
