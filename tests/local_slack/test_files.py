"""Files in the local Slack: uploaded by the app, dropped by people, downloaded by whoever may."""

from dataclasses import replace

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from local_slack.faults import Faults
from local_slack.server import LocalSlack
from tests.local_slack.conftest import BOT_TOKEN
from tests.local_slack.test_web_api import refused


async def test_a_file_goes_up_once_and_is_seen_once_it_is_completed(
    local_slack: LocalSlack, client: AsyncWebClient, session: aiohttp.ClientSession
) -> None:
    dm = local_slack.workspace.dm("U0ADA")
    ticket = await client.files_getUploadURLExternal(filename="a.csv", length=3)
    url, file = ticket["upload_url"], {"id": ticket["file_id"], "title": "A"}
    assert await refused(client.files_completeUploadExternal(files=[file], channel_id=dm)) == "file_not_found"
    async with session.post(url, data=b"too long") as answer:
        assert answer.status == 400
    async with session.post(url, data=b"a,b") as answer:  # the address was used
        assert answer.status == 400
    ticket = await client.files_getUploadURLExternal(filename="a.csv", length=3)
    url, file = ticket["upload_url"], {"id": ticket["file_id"], "title": "A"}
    async with session.post(url, data=b"a,b") as answer:
        assert answer.status == 200
    assert local_slack.workspace.messages(dm) == []
    told = await client.files_completeUploadExternal(files=[file], channel_id=dm, initial_comment="Here.")
    assert told["files"] == [file]
    assert await refused(client.files_completeUploadExternal(files=[file], channel_id=dm)) == "file_not_found"
    (shown,) = (await client.conversations_history(channel=dm))["messages"]
    (shared,) = shown["files"]
    assert (shown["text"], shared["name"], shared["title"], shared["size"], shared["mimetype"]) == (
        "Here.", "a.csv", "A", 3, "text/csv",
    )  # fmt: skip
    for method, given in (
        ("files.getUploadURLExternal", {"filename": "a.csv"}),
        ("files.getUploadURLExternal", {"filename": "", "length": 1}),
        ("files.completeUploadExternal", {"files": []}),
    ):
        assert await refused(client.api_call(method, params=given)) == "invalid_arguments"


async def test_only_the_token_opens_a_file(local_slack: LocalSlack, session: aiohttp.ClientSession) -> None:
    message, _ = await local_slack.screens.drop("U0ADA", "n.csv", b"x", channel="C0API")
    url = message.files[0].as_json()["url_private_download"]
    for headers, status in (
        ({}, 302),
        ({"Authorization": "Bearer xoxb-other"}, 302),
        ({"Authorization": f"Bearer {BOT_TOKEN}"}, 200),
    ):
        async with session.get(url, headers=headers, allow_redirects=False) as answer:
            assert answer.status == status
    async with session.get(f"{local_slack.url}/local-slack/file/{message.files[0].id}") as answer:
        assert await answer.read() == b"x"
        assert "attachment" in answer.headers["Content-Disposition"]
    async with session.get(f"{local_slack.url}/local-slack/file/F0") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    ("faults", "shown"),
    [(Faults(rate_limited=1.0), 0), (Faults(server_error=1.0, server_error_accepted=0.0), 0),
     (Faults(server_error=1.0, server_error_accepted=1.0), 1), (Faults(lost_reply=1.0), 1)],
)  # fmt: skip
async def test_faults_work_on_files_too(
    local_slack: LocalSlack,
    client: AsyncWebClient,
    session: aiohttp.ClientSession,
    faults: Faults,
    shown: int,
) -> None:
    ticket = await client.files_getUploadURLExternal(filename="a.csv", length=3)
    async with session.post(ticket["upload_url"], data=b"a,b"):
        pass
    local_slack.faults = replace(faults, methods={"files.completeUploadExternal"})
    client.retry_handlers = []
    with pytest.raises((SlackApiError, aiohttp.ClientError)):
        await client.files_completeUploadExternal(files=[{"id": ticket["file_id"]}], channel_id="C0API")
    assert len(local_slack.workspace.messages("C0API")) == shown
