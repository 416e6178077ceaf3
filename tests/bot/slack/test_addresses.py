"""What we send goes to Slack's addresses and nowhere else, whatever a payload or an answer says."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.addresses import NotSlack, ResponseUrls, SlackAddresses, open_session
from bot.slack.downloads import Downloads
from bot.slack.errors import FAILURES
from domain.errors import Refusal
from local_slack.requests.encoding import encode_interaction
from tests.replica import Replica

SLACK = SlackAddresses(AsyncWebClient(base_url="https://slack.com/api/"))
LOCAL = SlackAddresses(AsyncWebClient(base_url="http://127.0.0.1:3001/api/"))

THEIRS = [
    "https://hooks.slack.com/commands/T1/1/x",
    "https://HOOKS.slack.com:443/actions/T1/1/x",
    "https://hooks.slack-gov.com/actions/T1/1/x",
]
OTHERS = [
    "http://hooks.slack.com/commands/T1/1/x",
    "https://hooks.slack.com:8443/x",
    "https://hooks.slack.com.evil.example/x",
    "https://evil.example/hooks.slack.com",
    "https://hooks.slack.com@evil.example/x",
    "https://hooks.slack.com:443@evil.example/x",
    "https://evil.example\\@hooks.slack.com/x",
    "https://evil.example#@hooks.slack.com/x",
    "https://evil.example?@hooks.slack.com/x",
    "https://hooks.sl\u0430ck.com/x",  # a Cyrillic letter
    "https://hooks\u3002slack\u3002com/x",  # an ideographic full stop
    "https://xn--a/x",
    "https://hooks.slack.com./x",
    "https://hooks.slack.com/x\r\nHost: evil.example",
    " https://hooks.slack.com/x",
    "//hooks.slack.com/x",
    "ftp://hooks.slack.com/x",
    "https://[::1]/x",
    "http://127.0.0.1:3000/api",
    "http://0x7f000001:3001/x",
    "https://files.slack.com/x",
    "",
]


@pytest.mark.parametrize("url", THEIRS)
def test_slacks_own_addresses_are_posted_to(url: str) -> None:
    assert SLACK.is_response_url(url)


@pytest.mark.parametrize("url", OTHERS)
def test_an_address_elsewhere_is_not_posted_to(url: str) -> None:
    assert not SLACK.is_response_url(url)
    assert not LOCAL.is_response_url(url)


def test_the_configured_api_is_where_it_was_configured_and_nowhere_beside_it() -> None:
    assert LOCAL.is_response_url("http://127.0.0.1:3001/response/x")
    assert LOCAL.is_file_url("http://127.0.0.1:3001/files/x")
    assert not LOCAL.is_response_url("https://127.0.0.1:3001/response/x")
    assert not SLACK.is_response_url("http://slack.com/x")
    six = SlackAddresses(AsyncWebClient(base_url="http://[::1]:3001/api/"))
    assert six.is_response_url("http://[::1]:3001/response/x")
    assert not six.is_response_url("http://[::2]:3001/response/x")


def test_files_are_only_fetched_from_where_the_token_belongs() -> None:
    assert SLACK.is_file_url("https://files.slack.com/files-pri/T1-F1/a.csv")
    assert SLACK.is_file_url("https://files.slack-gov.com/files-pri/T1-F1/a.csv")
    for url in (*OTHERS[:-2], "https://hooks.slack.com/x", "https://evil.slack.com.example/x"):
        assert not SLACK.is_file_url(url), url


@dataclass
class Elsewhere:
    """A server of somebody else's: what came there, and a path that leads on to another one."""

    url: str = ""
    came: list[str] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.came.append(await request.text())
        return web.Response(text="ok")

    async def lead_on(self, _request: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": f"{self.url}/take"})


@pytest_asyncio.fixture
async def elsewhere() -> AsyncIterator[Elsewhere]:
    them = Elsewhere()
    application = web.Application()
    application.router.add_route("*", "/take", them.take)
    application.router.add_route("*", "/lead-on", them.lead_on)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    them.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield them
    await runner.cleanup()


async def test_no_redirect_is_followed_with_a_message_or_the_token(elsewhere: Elsewhere) -> None:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token="xoxb-sample", base_url=f"{elsewhere.url}/api/", session=session)
        posted = await ResponseUrls(client, session).post(
            f"{elsewhere.url}/lead-on", {"text": "private"}, seconds=5
        )
        assert posted.status == 307
        with pytest.raises(Refusal):
            await Downloads(client, session).fetch(f"{elsewhere.url}/lead-on", name="a.csv")
        with pytest.raises(NotSlack):
            await ResponseUrls(client, session).post("https://evil.example/", {"text": "private"}, seconds=5)
    assert elsewhere.came == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_of_the_web_api_takes_a_message_or_the_token_elsewhere(
    elsewhere: Elsewhere, status: int
) -> None:
    async def lead_on(_request: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": f"{elsewhere.url}/take"})

    application = web.Application()
    application.router.add_route("*", "/api/{method}", lead_on)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(runner.cleanup)
        session = await stack.enter_async_context(open_session())
        base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
        client = AsyncWebClient(token="xoxb-sample", base_url=base_url, session=session, retry_handlers=[])
        for call in (
            client.chat_postMessage(channel="C0GENERAL", text="private"),
            client.users_info(user="U0ADA"),
            client.auth_test(),
        ):
            with pytest.raises(FAILURES):
                await call
    assert elsewhere.came == []


async def test_a_press_that_names_another_host_is_answered_without_it(
    app: Replica, elsewhere: Elsewhere
) -> None:
    card = await app.type_command("start docs secret plan")
    payload = app.local_slack.press_payload("U0ADA", card, "Stop")
    payload["response_url"] = f"{elsewhere.url}/take"
    answer = await app.local_slack.deliver(encode_interaction(payload))
    assert answer.status == 200
    assert elsewhere.came == []
    assert app.reload(card).text.startswith("Started: docs")
    assert app.list_messages()[-1].text.startswith(
        "Stopped: docs"
    )  # said by name, where the address is not Slack's
