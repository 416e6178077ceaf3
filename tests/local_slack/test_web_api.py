"""The Web API, as slack_sdk speaks it and as a plain client does."""

import json
from collections.abc import Awaitable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from local_slack.server import LocalSlack
from tests.local_slack.conftest import APP_TOKEN, BOT_TOKEN

Json = dict[str, Any]
METADATA = {"event_type": "t", "event_payload": {"id": "1"}}


async def refused(call: Awaitable[object]) -> str:
    with pytest.raises(SlackApiError) as error:
        await call
    return str(error.value.response["error"])


async def test_the_sdk_reads_and_writes(local_slack: LocalSlack, client: AsyncWebClient) -> None:
    who = await client.auth_test()
    assert (who["team_id"], who["bot_id"], who["user_id"]) == ("T0LOCAL", "B0TRACKER", "U0TRACKER")
    sent = await client.chat_postMessage(channel="U0ADA", text="hello", metadata=METADATA)
    assert sent["channel"] == local_slack.workspace.dm("U0ADA")
    assert sent["message"]["bot_id"] == who["bot_id"]
    opened = await client.conversations_open(users="U0ADA")
    assert opened["channel"]["id"] == sent["channel"]
    history = await client.conversations_history(channel=sent["channel"], include_all_metadata=True)
    assert history["messages"][0]["metadata"] == METADATA
    without = await client.conversations_history(channel=sent["channel"])
    assert "metadata" not in without["messages"][0]
    info = await client.conversations_info(channel="C0API")
    assert (info["channel"]["name"], info["channel"]["is_im"]) == ("api", False)


@pytest.mark.parametrize("way", ["query", "form", "json"])
async def test_arguments_are_alike_however_they_come(
    way: str, local_slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    blocks = [{"type": "divider"}]
    as_text = {"channel": "C0API", "text": "x", "blocks": json.dumps(blocks), "token": BOT_TOKEN}
    bearer = {"Authorization": f"Bearer {BOT_TOKEN}"}
    ways: dict[str, tuple[str, Json]] = {
        "query": ("GET", {"params": as_text}),
        "form": ("POST", {"data": as_text}),
        "json": ("POST", {"json": {"channel": "C0API", "text": "x", "blocks": blocks}, "headers": bearer}),
    }
    method, arguments = ways[way]
    async with session.request(method, f"{local_slack.api_url}chat.postMessage", **arguments) as response:
        assert (await response.json())["ok"]
    assert local_slack.workspace.messages("C0API")[0].blocks == ({"type": "divider"},)
    assert local_slack.calls[-1].arguments == {"channel": "C0API", "text": "x", "blocks": blocks}


async def test_people_have_zones_locales_and_addresses(
    local_slack: LocalSlack, client: AsyncWebClient
) -> None:
    user = (await client.users_info(user="U0CHIKA", include_locale=True))["user"]
    assert (user["tz"], user["tz_offset"], user["locale"]) == ("Asia/Tokyo", 32_400, "ja-JP")
    assert user["tz_label"] == "JST"
    assert (user["profile"]["email"], user["profile"]["display_name"]) == ("chika@example.com", "Chika")
    assert "locale" not in (await client.users_info(user="U0CHIKA"))["user"]
    assert (await client.users_lookupByEmail(email="Ben@example.com"))["user"]["id"] == "U0BEN"
    local_slack.workspace.add_person("U0DORA", "Dora Lind", "Europe/Stockholm", email="dora@example.com")
    listed = await client.users_list(limit=3)
    assert [one["id"] for one in listed["members"]] == ["U0ADA", "U0BEN", "U0CHIKA"]
    rest = await client.users_list(limit=3, cursor=listed["response_metadata"]["next_cursor"])
    assert [one["id"] for one in rest["members"]] == ["U0DORA"]


async def test_what_slack_refuses_is_refused_with_slacks_words(
    local_slack: LocalSlack, client: AsyncWebClient
) -> None:
    post = client.chat_postMessage
    assert await refused(post(channel="C0NONE", text="x")) == "channel_not_found"
    assert await refused(client.api_call("chat.postMessage", json={"channel": "C0API"})) == "no_text"
    assert await refused(post(channel="C0API", text="x" * 40_001)) == "msg_too_long"
    assert await refused(client.api_call("chat.explode")) == "unknown_method"
    assert await refused(client.users_info(user="U0NONE")) == "user_not_found"
    assert await refused(client.users_lookupByEmail(email="")) == "users_not_found"
    assert await refused(client.conversations_open(users="U0NONE")) == "user_not_found"
    assert await refused(client.chat_update(channel="C0API", ts="1.0", text="x")) == "message_not_found"
    assert await refused(client.chat_delete(channel="C0API", ts="1.0")) == "message_not_found"
    assert await refused(client.conversations_replies(channel="C0API", ts="1.0")) == "thread_not_found"
    assert (
        await refused(client.chat_postEphemeral(channel="C0API", user="U0NONE", text="x"))
        == "user_not_in_channel"
    )
    assert await refused(client.conversations_history(channel="C0API", oldest="soon")) == "invalid_ts_oldest"
    assert (
        await refused(client.api_call("conversations.history", params={"channel": "C0API", "limit": "all"}))
        == "invalid_limit"
    )
    assert (
        await refused(client.api_call("chat.postMessage", data={"channel": "C0API", "blocks": "{"}))
        == "invalid_blocks_format"
    )
    assert local_slack.workspace.messages("C0API") == []


async def test_invalid_blocks_are_named(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as error:
        await client.chat_postMessage(channel="C0API", text="x", blocks=[{"type": "divider", "color": "red"}])
    assert error.value.response["error"] == "invalid_blocks"
    assert error.value.response["response_metadata"]["messages"] == [
        "unknown field: color [json-pointer:/blocks/0]"
    ]


async def test_tokens_open_what_they_are_for(local_slack: LocalSlack) -> None:
    def client(token: str | None) -> AsyncWebClient:
        return AsyncWebClient(token=token, base_url=local_slack.api_url, retry_handlers=[])

    assert await refused(client(None).auth_test()) == "not_authed"
    assert await refused(client("xoxb-wrong").auth_test()) == "invalid_auth"
    assert await refused(client("xoxb-wrong").apps_connections_open(app_token="x")) == "invalid_auth"
    assert await refused(client(None).apps_connections_open(app_token=BOT_TOKEN)) == "not_allowed_token_type"
    assert await refused(client(APP_TOKEN).users_list()) == "not_allowed_token_type"
    assert (await client(APP_TOKEN).auth_test())["team_id"] == "T0LOCAL"
    assert (await client(None).api_test())["ok"]


async def test_history_comes_in_pages_between_two_instants(client: AsyncWebClient) -> None:
    stamps = [(await client.chat_postMessage(channel="C0API", text=str(number)))["ts"] for number in range(5)]
    assert stamps == sorted(set(stamps))

    async def texts(**given: Any) -> list[str]:
        found = await client.conversations_history(channel="C0API", **given)
        return [message["text"] for message in found["messages"]]

    page = await client.conversations_history(channel="C0API", limit=2)
    assert [message["text"] for message in page["messages"]] == ["4", "3"]
    assert page["has_more"]
    cursor = page["response_metadata"]["next_cursor"]
    assert await texts(oldest=stamps[0], cursor=cursor) == ["2", "1"]
    assert await texts(oldest=stamps[1], latest=stamps[3]) == ["2"]
    assert await texts(oldest=stamps[1], latest=stamps[3], inclusive=True) == ["3", "2", "1"]


async def test_a_thread_is_read_on_its_own(client: AsyncWebClient) -> None:
    first = await client.chat_postMessage(channel="C0API", text="first")
    await client.chat_postMessage(channel="C0API", text="reply", thread_ts=first["ts"], metadata=METADATA)
    assert len((await client.conversations_history(channel="C0API"))["messages"]) == 1
    thread = await client.conversations_replies(channel="C0API", ts=first["ts"], include_all_metadata=True)
    assert [message["text"] for message in thread["messages"]] == ["first", "reply"]
    assert thread["messages"][1]["metadata"] == METADATA


async def test_an_update_replaces_and_a_deletion_hides(
    local_slack: LocalSlack, client: AsyncWebClient
) -> None:
    blocks = [{"type": "divider"}]
    sent = await client.chat_postMessage(channel="C0API", text="x", blocks=blocks, metadata=METADATA)
    place = {"channel": sent["channel"], "ts": sent["ts"]}
    await client.chat_update(**place, text="y", blocks=blocks)
    (message,) = local_slack.workspace.messages("C0API")
    assert (message.text, message.edited, message.metadata) == ("y", False, METADATA)
    await client.chat_update(**place, text="z")
    (message,) = local_slack.workspace.messages("C0API")
    assert (message.blocks, message.edited) == ((), True)
    await client.chat_delete(**place)
    assert local_slack.workspace.messages("C0API") == []
    assert [one.deleted for one in local_slack.workspace.messages("C0API", deleted=True)] == [True]
    assert await refused(client.chat_update(**place, text="z")) == "message_not_found"


async def test_an_ephemeral_message_is_in_nobodys_history(
    local_slack: LocalSlack, client: AsyncWebClient
) -> None:
    sent = await client.chat_postEphemeral(channel="C0API", user="U0ADA", text="psst")
    assert (await client.conversations_history(channel="C0API"))["messages"] == []
    assert local_slack.workspace.messages("C0API")[0].ephemeral_for == "U0ADA"
    assert (
        await refused(client.chat_update(channel="C0API", ts=sent["message_ts"], text="x"))
        == "message_not_found"
    )


async def test_every_call_is_remembered_without_its_token(
    local_slack: LocalSlack, client: AsyncWebClient
) -> None:
    await client.auth_test()
    await client.chat_postMessage(channel="C0API", text="x")
    await refused(client.chat_postMessage(channel="C0NONE", text="x"))
    assert [(call.method, call.outcome) for call in local_slack.calls] == [
        ("auth.test", "ok"),
        ("chat.postMessage", "ok"),
        ("chat.postMessage", "channel_not_found"),
    ]
    assert BOT_TOKEN not in str(local_slack.calls)
