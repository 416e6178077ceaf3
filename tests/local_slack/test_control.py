"""The control interface: another process on this machine can do everything that a test in this one can."""

import asyncio
import signal
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from local_slack.server import LocalSlack
from tests.cast import PATIENCE_SECONDS
from tests.local_slack.conftest import App

Json = dict[str, Any]
STOP = {"type": "button", "text": {"type": "plain_text", "text": "Stop"}, "action_id": "stop"}
CARD = {"text": "running", "blocks": [{"type": "actions", "elements": [STOP]}]}


async def got(session: aiohttp.ClientSession, url: str) -> Any:
    async with session.get(url) as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def posted(session: aiohttp.ClientSession, url: str, body: object) -> Any:
    async with session.post(url, json=body) as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def test_a_command_and_a_press_from_outside(
    local_slack: LocalSlack, session: aiohttp.ClientSession, app: App
) -> None:
    base = f"{local_slack.url}/local-slack"
    app.answers = [web.json_response(CARD)]
    answer = await posted(session, f"{base}/command", {"user": "U0ADA", "text": "start"})
    assert (answer["status"], answer["errors"], answer["message"]["text"]) == (200, [], "running")
    place = {"channel": "C0GENERAL", "ts": answer["message"]["ts"]}
    pressed = await posted(session, f"{base}/press", {"user": "U0ADA", **place, "button": "Stop"})
    assert pressed["status"] == 200
    assert len(app.received) == 2
    async with session.post(f"{base}/press", json={"user": "U0ADA", **place, "button": "Go"}) as response:
        assert response.status == 404
        assert "['Stop']" in (await response.json())["error"]
    (message,) = await got(session, f"{base}/messages?channel=C0GENERAL")
    assert message["ephemeral_for"] == "U0ADA"


async def test_the_state_is_what_one_person_sees(
    local_slack: LocalSlack, session: aiohttp.ClientSession, app: App
) -> None:
    app.answers = [web.json_response(CARD)]
    await local_slack.command("U0ADA", "start")
    await posted(
        session,
        f"{local_slack.url}/local-slack/say",
        {"user": "U0ADA", "channel": "C0GENERAL", "text": "hello @Ben Okafor <b>"},
    )
    adas = await got(session, f"{local_slack.url}/local-slack/state?person=U0ADA")
    bens = await got(session, f"{local_slack.url}/local-slack/state?person=U0BEN")
    assert [one["text"] for one in adas["messages"]["C0GENERAL"]] == [
        "running",
        "hello <@U0BEN|ben.okafor> &lt;b&gt;",
    ]
    assert len(bens["messages"]["C0GENERAL"]) == 1
    assert local_slack.workspace.dm("U0ADA") not in bens["messages"]
    assert adas["completions"] == [{"usage": "start [project]", "about": "Start a timer."}]
    (traffic,) = adas["traffic"]
    assert (traffic["about"], traffic["outcome"], traffic["good"]) == ("/track start", "200", True)
    assert "running" in traffic["answer"]


async def test_people_faults_calls_and_a_new_beginning(
    local_slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    base = f"{local_slack.url}/local-slack"
    await posted(session, f"{base}/people", [{"id": "U0DORA", "name": "Dora Lind", "tz": "Europe/Stockholm"}])
    assert local_slack.workspace.people["U0DORA"].tz == "Europe/Stockholm"
    await posted(session, f"{base}/faults", {"rate_limited": 1.0, "methods": ["auth.test"]})
    headers = {"Authorization": f"Bearer {local_slack.bot_token}"}
    async with session.post(f"{local_slack.api_url}auth.test", headers=headers) as response:
        assert response.status == 429
    (call,) = await got(session, f"{base}/calls")
    assert (call["method"], call["outcome"]) == ("auth.test", "rate_limited")
    await posted(session, f"{base}/reset", {})
    assert await got(session, f"{base}/calls") == []
    assert local_slack.faults.rate_limited == 0.0


async def test_the_stream_tells_that_something_changed(
    local_slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    async with session.get(f"{local_slack.url}/local-slack/stream?person=U0ADA") as response:
        assert response.content_type == "text/event-stream"
        await posted(
            session, f"{local_slack.url}/local-slack/say", {"user": "U0ADA", "channel": "C0API", "text": "x"}
        )
        assert await asyncio.wait_for(response.content.readline(), PATIENCE_SECONDS) == b"data: changed\n"


ROUTES = ["/", "/static/app.js", "/local-slack/state", "/local-slack/calls", "/local-slack/stream"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
    ],
)
async def test_a_website_in_the_same_browser_can_not_drive_it(
    headers: dict[str, str], local_slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    for route in ROUTES:
        async with session.get(f"{local_slack.url}{route}", headers=headers) as response:
            assert response.status == 403, route
    async with session.post(f"{local_slack.url}/local-slack/reset", headers=headers, data="{}") as response:
        assert response.status == 403


async def test_the_machines_own_page_may(local_slack: LocalSlack, session: aiohttp.ClientSession) -> None:
    localhost = local_slack.url.replace("127.0.0.1", "localhost")
    for headers in ({}, {"Origin": local_slack.url}, {"Host": localhost[7:], "Origin": localhost}):
        async with session.get(f"{local_slack.url}/local-slack/state", headers=headers) as response:
            assert response.status == 200


async def test_the_page_asks_nothing_of_the_network(
    local_slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    async with session.get(local_slack.url) as response:
        policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    folder = Path(__file__).parents[2] / "local_slack" / "static"
    for path in folder.iterdir():
        async with session.get(f"{local_slack.url}/static/{path.name}") as response:
            assert response.status == 200
            text = await response.text()
        assert "https://" not in text
        assert "innerHTML" not in text
    async with session.get(f"{local_slack.url}/static/..%2Fserver.py") as response:
        assert response.status == 404


@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b'{"user": "U0NONE"}'])
async def test_nonsense_is_answered_not_raised(
    body: bytes, local_slack: LocalSlack, session: aiohttp.ClientSession
) -> None:
    for route in ("command", "press", "say", "event"):
        async with session.post(f"{local_slack.url}/local-slack/{route}", data=body) as response:
            assert response.status == 400


async def test_it_runs_as_a_process_of_its_own(root: Path, session: aiohttp.ClientSession) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "local_slack",
        "--bot-token",
        "xoxb-other",
        cwd=root,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), PATIENCE_SECONDS)).decode()
    url = line.removeprefix("Ready: ").strip()
    headers = {"Authorization": "Bearer xoxb-other"}
    async with session.get(f"{url}/api/auth.test", headers=headers) as response:
        assert (await response.json())["ok"]
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), PATIENCE_SECONDS) == 0
