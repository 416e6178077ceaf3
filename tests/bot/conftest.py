"""Whatever a test in here is about: all that the app sent to Slack in it must be what Slack takes, and inert."""

from collections.abc import AsyncIterator

import pytest_asyncio

from local_slack.server import LocalSlack
from tests.bot.emitted import run_checked_replica, start_and_check
from tests.conftest import Clock
from tests.replica import Replica, make_local_slack


@pytest_asyncio.fixture
async def local_slack() -> AsyncIterator[LocalSlack]:
    async with start_and_check(make_local_slack()) as local_slack:
        yield local_slack


@pytest_asyncio.fixture
async def timed(empty_database_url: str, clock: Clock) -> AsyncIterator[Replica]:
    """A replica, and its Slack, for whom it is Wednesday, 18 November 2026, 15:40 in Berlin, until the clock is
    moved."""
    async with run_checked_replica(empty_database_url, clock) as running:
        yield running
