"""A local Slack for each test, with a clock that can be moved."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Page, async_playwright, expect
from slack_sdk.web.async_client import AsyncWebClient

from local_slack.server import LocalSlack

BOT_TOKEN = "xoxb-sample"
APP_TOKEN = "xapp-sample"
SIGNING_SECRET = "sample-signing-secret"
# Without these Chromium talks to its maker at every start, which a closed network refuses many times over.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

Handler = Callable[[web.Request], Awaitable[web.Response]]


class MovableClock:
    """The machine's clock, `ahead` by so many seconds."""

    ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest_asyncio.fixture
async def local_slack(clock: MovableClock) -> AsyncIterator[LocalSlack]:
    local_slack = LocalSlack(
        clock=clock,
        signing_secret=SIGNING_SECRET,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        completions=[("start [project]", "Start a timer.")],
        retry_delays=(0.0, 0.0, 0.0),
    )
    await local_slack.start()
    yield local_slack
    await local_slack.stop()


@pytest_asyncio.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(local_slack: LocalSlack) -> AsyncWebClient:
    return AsyncWebClient(token=BOT_TOKEN, base_url=local_slack.api_url, retry_handlers=[])


class App:
    """An app that gives the answers that a test puts into `answers`, and keeps what it receives."""

    def __init__(self) -> None:
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[web.Response | Handler] = []

    async def handle(self, request: web.Request) -> web.Response:
        self.received.append((dict(request.headers), await request.read()))
        answer = self.answers.pop(0) if self.answers else web.Response()
        return answer if isinstance(answer, web.Response) else await answer(request)


@pytest_asyncio.fixture
async def app(local_slack: LocalSlack) -> AsyncIterator[App]:
    app = App()
    server = web.Application()
    server.router.add_post("/slack/events", app.handle)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    local_slack.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield app
    await runner.cleanup()


@pytest_asyncio.fixture
async def page(local_slack: LocalSlack, app: App) -> AsyncIterator[Page]:
    assert app
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        page = await browser.new_page(viewport={"width": 1200, "height": 800}, reduced_motion="reduce")
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        await page.goto(local_slack.url)
        await expect(page.get_by_text("Track your first minute")).to_be_visible()
        yield page
        await browser.close()
        assert problems == []
