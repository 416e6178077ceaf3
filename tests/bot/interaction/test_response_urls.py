"""Answers through a response address: one answer stands once, whatever becomes of its reply."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from local_slack.faults import Faults
from local_slack.server import LocalSlack
from tests.cast import PATIENCE_SECONDS
from tests.replica import Replica, run_replica


@pytest_asyncio.fixture
async def app(empty_database_url: str, local_slack: LocalSlack) -> AsyncIterator[Replica]:
    """Its answers wait for what follows them no longer than the product's."""
    async with run_replica(empty_database_url, local_slack, least_wait=0.0) as running:
        yield running


def faults(**shares: float) -> Faults:
    return Faults(methods={"response_url"}, **shares)  # type: ignore[arg-type]


async def wait_until_stopped(app: Replica, presses: int) -> None:
    """Until the response address was called that often and the card is stopped, or another message says so; and a
    while longer, in which nothing more may come."""

    def count_calls() -> int:
        return sum(call.method == "response_url" for call in app.local_slack.calls)

    async with asyncio.timeout(PATIENCE_SECONDS):
        while count_calls() < presses or not app.list_messages()[-1].text.startswith("Stopped"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.2)


@pytest.mark.parametrize(
    "lost", [faults(lost_reply=1.0), faults(server_error=1.0, server_error_accepted=1.0)]
)
async def test_an_answer_whose_reply_is_lost_stands_once(app: Replica, lost: Faults) -> None:
    card = await app.type_command("start docs")
    app.local_slack.faults = lost
    await app.press_button(card, "Stop")
    app.local_slack.faults = Faults()
    await wait_until_stopped(app, 2)
    assert app.reload(card).text.startswith("Stopped: docs")
    assert len(app.list_messages()) == 1


async def test_a_replacement_that_did_not_arrive_is_repeated_in_its_place(app: Replica) -> None:
    card = await app.type_command("start docs")
    app.local_slack.faults = faults(server_error=1.0, server_error_accepted=0.0)
    await app.press_button(card, "Stop")
    assert app.reload(card).text.startswith("Started: docs")
    app.local_slack.faults = Faults()
    await wait_until_stopped(app, 2)
    assert app.reload(card).text.startswith("Stopped: docs")
    assert len(app.list_messages()) == 1


async def test_what_slack_refuses_to_replace_is_said_anew(app: Replica) -> None:
    card = await app.type_command("start docs")
    app.local_slack.faults = faults(rate_limited=1.0)
    await app.press_button(card, "Stop")
    await wait_until_stopped(app, 1)
    assert [one.text[:7] for one in app.list_messages()] == ["Started", "Stopped"]
