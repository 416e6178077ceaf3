"""Faults happen as often as they are set, and the record of calls has what really happened."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from local_slack.faults import Fault, Faults
from local_slack.server import LocalSlack


def texts(local_slack: LocalSlack) -> list[str]:
    return [message.text for message in local_slack.workspace.messages("C0API")]


async def test_a_rate_limit_says_when_to_come_back(local_slack: LocalSlack, client: AsyncWebClient) -> None:
    local_slack.faults = Faults(rate_limited=1.0, retry_after=7)
    with pytest.raises(SlackApiError) as limited:
        await client.chat_postMessage(channel="C0API", text="x")
    assert limited.value.response.status_code == 429
    assert limited.value.response.headers["Retry-After"] == "7"
    assert texts(local_slack) == []
    assert local_slack.calls[-1].outcome == "rate_limited"


async def test_a_reply_lost_after_acceptance_leaves_the_message_in_history(
    local_slack: LocalSlack, client: AsyncWebClient
) -> None:
    local_slack.faults.lost_reply = 1.0
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel="C0API", text="here all the same")
    history = await client.conversations_history(channel="C0API")
    assert [message["text"] for message in history["messages"]] == ["here all the same"]


@pytest.mark.parametrize(("share", "stored"), [(1.0, ["x"]), (0.0, [])])
async def test_an_internal_error_may_or_may_not_have_stored_the_message(
    share: float, stored: list[str], local_slack: LocalSlack, client: AsyncWebClient
) -> None:
    local_slack.faults = Faults(server_error=1.0, server_error_accepted=share)
    with pytest.raises(SlackApiError) as error:
        await client.chat_postMessage(channel="C0API", text="x")
    assert error.value.response.status_code == 500
    assert texts(local_slack) == stored


async def test_other_methods_are_spared(local_slack: LocalSlack, client: AsyncWebClient) -> None:
    local_slack.faults = Faults(rate_limited=1.0, methods={"users.info"})
    await client.chat_postMessage(channel="C0API", text="x")
    with pytest.raises(SlackApiError):
        await client.users_info(user="U0ADA")


async def test_a_workspace_may_not_know_the_newest_blocks_yet(
    local_slack: LocalSlack, client: AsyncWebClient
) -> None:
    local_slack.faults.unknown_blocks = {"divider"}
    with pytest.raises(SlackApiError) as error:
        await client.chat_postMessage(channel="C0API", text="x", blocks=[{"type": "divider"}])
    assert error.value.response["error"] == "invalid_blocks"


def test_the_same_seed_draws_the_same_faults_in_the_shares_asked_for() -> None:
    def drawn(seed: int) -> list[Fault]:
        faults = Faults(rate_limited=0.2, server_error=0.2, lost_reply=0.1, seed=seed)
        return [faults.draw("chat.postMessage") for _ in range(2_000)]

    assert drawn(5) == drawn(5) != drawn(6)
    assert 300 < drawn(5).count(Fault.RATE_LIMITED) < 500
    assert 120 < drawn(5).count(Fault.ACCEPTED_THEN_500) < 280
    assert 120 < drawn(5).count(Fault.ACCEPTED_THEN_CUT) < 280
    assert 900 < drawn(5).count(Fault.NONE) < 1_100
