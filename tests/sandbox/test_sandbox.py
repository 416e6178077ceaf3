"""The sandbox is as strict as Slack, and as unreliable as it is told to be."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.blocks import problems
from sandbox.server import Sandbox
from sandbox.workspace import Message
from tests.service import BOT_TOKEN

Json = dict[str, object]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def button(**more: object) -> Json:
    return {"type": "button", "text": plain(), "action_id": "a", **more}


def chart(**more: object) -> Json:
    data = [{"label": "a", "value": 1}]
    shape = {"type": "bar", "series": [{"name": "s", "data": data}], "axis_config": {"categories": ["a"]}}
    return {"type": "data_visualization", "title": "t", "chart": shape | more}


GOOD: list[Json] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "x"}},
    {"type": "section", "fields": [plain()] * 10, "accessory": button()},
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    {
        "type": "context",
        "elements": [plain(), {"type": "image", "image_url": "https://x.example", "alt_text": "a"}],
    },
    {"type": "actions", "elements": [button(value="v", style="danger")]},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]},
    chart(),
    {
        "type": "data_visualization",
        "title": "t",
        "chart": {"type": "pie", "segments": [{"label": "a", "value": 1}]},
    },
]
BAD: list[Json] = [
    {},
    {"type": "unknown"},
    {"type": "section"},
    {"type": "section", "text": plain("")},
    {"type": "section", "text": plain("x" * 3_001)},
    {"type": "section", "text": plain(), "color": "red"},
    {"type": "section", "fields": [plain()] * 11},
    {"type": "section", "fields": [plain("x" * 2_001)]},
    {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
    {"type": "header", "text": plain("x" * 151)},
    {"type": "context", "elements": []},
    {"type": "context", "elements": [plain()] * 11},
    {"type": "actions", "elements": []},
    {"type": "actions", "elements": [button(), button()]},
    {"type": "actions", "elements": [button(text=plain("x" * 76))]},
    {"type": "actions", "elements": [button(value="x" * 2_001)]},
    {"type": "actions", "elements": [button(style="green")]},
    {"type": "actions", "elements": [button(confirm={"title": plain()})]},
    {"type": "actions", "elements": [{"type": "button", "text": plain()}]},
    {"type": "divider", "block_id": "x" * 256},
    {"type": "image", "image_url": "https://x.example"},
    {"type": "table", "rows": []},
    {"type": "table", "rows": [[{"type": "raw_text", "text": ""}]]},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}], []]},
    {"type": "data_table", "caption": "c", "rows": [[{"type": "raw_text", "text": "x"}]]},
    chart(series=[]),
    chart(type="radar"),
    chart(axis_config={"categories": ["b"]}),
    {"type": "data_visualization", "title": "x" * 51, "chart": chart()["chart"]},
    {"type": "data_visualization", "title": "t", "chart": {"type": "pie", "segments": [{"label": "a", "value": 0}]}},
]  # fmt: skip


@pytest.mark.parametrize("block", GOOD, ids=lambda block: str(block.get("type")))
def test_a_good_block_is_taken(block: Json) -> None:
    assert problems([block]) == []


@pytest.mark.parametrize("block", BAD, ids=lambda block: str(block)[:60])
def test_a_bad_block_is_refused_with_its_place(block: Json) -> None:
    assert all("/blocks/0" in problem for problem in problems([block]))
    assert problems([block])


def test_too_many_blocks_equal_ids_and_no_list_are_refused() -> None:
    assert problems([{"type": "divider"}] * 51)
    assert problems([{"type": "divider", "block_id": "a"}] * 2)
    assert problems("blocks")


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token=BOT_TOKEN, base_url=sandbox.api_url, retry_handlers=[])


async def refused(call: object) -> str:
    with pytest.raises(SlackApiError) as error:
        await call  # type: ignore[misc]
    return str(error.value.response["error"])


async def test_the_sdk_reads_and_writes_by_get_form_and_json(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    assert (await client.auth_test())["team_id"] == "T0LOCAL"
    info = await client.users_info(user="U0ADA", include_locale=True)
    assert (info["user"]["tz"], info["user"]["locale"]) == ("Europe/Berlin", "de-DE")
    assert (await client.users_lookupByEmail(email="ben@example.com"))["user"]["id"] == "U0BEN"
    metadata = {"event_type": "t", "event_payload": {"id": "1"}}
    sent = await client.chat_postMessage(channel="U0ADA", text="hello", metadata=metadata)
    assert sent["channel"] == sandbox.workspace.dm("U0ADA")
    opened = await client.conversations_open(users="U0ADA")
    history = await client.conversations_history(channel=opened["channel"]["id"], include_all_metadata=True)
    assert history["messages"][0]["metadata"] == metadata
    without = await client.conversations_history(channel=opened["channel"]["id"])
    assert "metadata" not in without["messages"][0]
    await client.chat_update(channel=sent["channel"], ts=sent["ts"], text="changed")
    (message,) = sandbox.workspace.messages(sent["channel"])
    assert (message.text, message.edited) == ("changed", True)


async def test_what_slack_refuses_is_refused_with_slacks_words(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    assert await refused(client.chat_postMessage(channel="C0NONE", text="x")) == "channel_not_found"
    assert (
        await refused(client.chat_postMessage(channel="C0GENERAL", text="x", blocks=[{"type": "x"}]))
        == "invalid_blocks"
    )
    assert await refused(client.api_call("chat.explode")) == "unknown_method"
    assert await refused(client.users_info(user="U0NONE")) == "user_not_found"
    wrong = AsyncWebClient(token="xoxb-wrong", base_url=sandbox.api_url)
    assert await refused(wrong.auth_test()) == "invalid_auth"


async def test_history_comes_in_pages_from_an_instant_on(client: AsyncWebClient) -> None:
    stamps = [(await client.chat_postMessage(channel="C0API", text=str(number)))["ts"] for number in range(5)]
    page = await client.conversations_history(channel="C0API", limit=2)
    assert [message["text"] for message in page["messages"]] == ["4", "3"]
    rest = await client.conversations_history(
        channel="C0API", oldest=stamps[0], cursor=page["response_metadata"]["next_cursor"]
    )
    assert [message["text"] for message in rest["messages"]] == ["2", "1"]


async def test_faults_do_what_they_say(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.rate_limited = 1.0
    with pytest.raises(SlackApiError) as limited:
        await client.chat_postMessage(channel="C0GENERAL", text="never")
    assert limited.value.response.status_code == 429
    assert limited.value.response.headers["Retry-After"] == "1"
    sandbox.faults.rate_limited = 0.0
    sandbox.faults.lost_reply = 1.0
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C0GENERAL", text="accepted, and the reply is lost")
    sandbox.faults.lost_reply = 0.0
    sandbox.faults.server_error = 1.0
    sandbox.faults.server_error_accepted = 1.0
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="C0GENERAL", text="accepted, and 500")
    sandbox.faults.server_error_accepted = 0.0
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="C0GENERAL", text="not accepted")
    texts = [message.text for message in sandbox.workspace.messages("C0GENERAL")]
    assert texts == ["accepted, and the reply is lost", "accepted, and 500"]


async def test_a_response_url_works_five_times(sandbox: Sandbox) -> None:
    url = str(sandbox.command_form("U0ADA", "x")["response_url"])
    async with aiohttp.ClientSession() as session:
        statuses = []
        for _ in range(6):
            async with session.post(url, json={"text": "x"}) as response:
                statuses.append(response.status)
    assert statuses == [200] * 5 + [404]


async def test_an_ephemeral_message_is_in_nobodys_history(sandbox: Sandbox, client: AsyncWebClient) -> None:
    await client.chat_postEphemeral(channel="C0GENERAL", user="U0ADA", text="psst")
    assert (await client.conversations_history(channel="C0GENERAL"))["messages"] == []
    assert sandbox.workspace.messages("C0GENERAL")[0].ephemeral_for == "U0ADA"


async def test_the_control_interface_is_for_this_machines_page_alone(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        for headers, status in (
            ({}, 200),
            ({"Origin": sandbox.url}, 200),
            ({"Origin": "https://evil.example"}, 403),
            ({"Host": "evil.example"}, 403),
        ):
            async with session.get(f"{sandbox.url}/sandbox/state", headers=headers) as response:
                assert response.status == status
        async with session.post(f"{sandbox.url}/sandbox/command", data=b"{") as response:
            assert response.status == 400


def test_a_button_that_is_not_there_is_named_with_those_that_are() -> None:
    from sandbox.requests import button as find

    blocks = ({"type": "actions", "elements": [button(text=plain("Stop"))]},)
    message = Message(channel="C", ts="1", author="U", text="x", blocks=blocks)
    with pytest.raises(LookupError, match=r"\['Stop'\]"):
        find(message, "Resume")
