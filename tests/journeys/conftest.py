"""A browser on the local Slack's page: with the whole program as a newcomer starts it, `python app.py` in an empty
folder, or with a replica in this process whose day is always the same."""

import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, ViewportSize, async_playwright, expect

from operate.local_projects import create_local_projects
from tests.replica import make_local_slack, run_replica

# Without these Chromium talks to its maker at every start, which a closed network refuses many times over.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


BEGAN = datetime(2026, 11, 18, 14, 40, tzinfo=UTC)  # a Wednesday, 15:40 in Berlin

USUAL, TALL = ViewportSize(width=1280, height=860), ViewportSize(width=1280, height=1600)


@pytest.fixture
def newcomers_address(root: Path) -> Iterator[str]:
    with TemporaryDirectory(prefix="page-") as name:
        Path(name).chmod(0o755)
        process = subprocess.Popen(
            [sys.executable, str(root / "app.py")],
            env={"PATH": os.environ["PATH"], "PORT": "0"},
            cwd=name,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Ready: ")
        yield line.removeprefix("Ready: ").strip()
        process.terminate()
        process.communicate(timeout=15)
        assert process.returncode == 0


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        await browser.close()


@dataclass(frozen=True, slots=True)
class Desktop:
    """A person who uses the page. Pictures are kept in `artifacts/`."""

    page: Page
    pictures: Path

    @property
    def last_message(self) -> Locator:
        return self.page.get_by_test_id("message").last

    @property
    def modal(self) -> Locator:
        return self.page.get_by_test_id("modal").last

    @property
    def home(self) -> Locator:
        return self.page.get_by_test_id("home")

    async def type_command(self, text: str, *, answer: str) -> Locator:
        """Type `/track` and that text; return the message that answers, which must contain `answer`."""
        before = await self.page.get_by_test_id("message").count()
        await self.page.fill("#composer", f"/track {text}".strip())
        await self.page.press("#composer", "Enter")
        await expect(self.page.get_by_test_id("message")).to_have_count(before + 1)
        await expect(self.last_message).to_contain_text(answer)
        return await self.follow(self.last_message)

    async def follow(self, message: Locator) -> Locator:
        """Return a locator of that message which still finds it when others come after it."""
        return self.page.locator(f'[data-ts="{await message.get_attribute("data-ts")}"]')

    async def press_button(self, place: Locator, button: str) -> None:
        await place.get_by_role("button", name=button, exact=True).click()

    async def choose_from_menu(self, place: Locator, item: str) -> None:
        """Choose an item of the menu behind the three dots."""
        await place.get_by_role("button", name="More actions").click()
        await self.page.get_by_role("menuitem", name=item).click()

    async def act_as(self, slack_id: str) -> None:
        person = self.page.locator(f'[data-person="{slack_id}"]')
        await person.click()
        await expect(person).to_have_attribute("aria-pressed", "true")

    async def open_channel(self, channel: str) -> None:
        await self.page.locator(f'[data-channel="{channel}"]').click()

    async def open_home(self) -> None:
        await self.page.locator("#dm").click()
        await self.page.get_by_role("tab", name="Home").click()
        await expect(self.home).to_contain_text("This week")

    async def take_picture(self, name: str, of: Locator | None = None) -> None:
        path = self.pictures / f"{name}.png"
        if of is None:
            await self.page.screenshot(path=path)
            return
        await self.page.set_viewport_size(TALL)  # nothing lies over a long message then
        await of.screenshot(path=path)
        await self.page.set_viewport_size(USUAL)


@pytest_asyncio.fixture
async def address(empty_database_url: str) -> AsyncIterator[str]:
    """A replica whose clock begins on the same afternoon and goes on from there."""
    began = time.monotonic()

    def clock() -> datetime:
        return BEGAN + timedelta(seconds=time.monotonic() - began)

    local_slack = make_local_slack(lambda: clock().timestamp())
    await local_slack.start()
    async with run_replica(empty_database_url, local_slack, clock=clock) as running:
        await create_local_projects(running.service)
        running.service.schedule.start()
        yield local_slack.url
        await running.service.schedule.stop()
    await local_slack.stop()


@pytest_asyncio.fixture
async def desktop(browser: Browser, address: str, root: Path) -> AsyncIterator[Desktop]:
    async with _before_the_page(browser, address, root) as desktop:
        yield desktop


@pytest_asyncio.fixture
async def newcomer(browser: Browser, newcomers_address: str, root: Path) -> AsyncIterator[Desktop]:
    async with _before_the_page(browser, newcomers_address, root) as desktop:
        yield desktop


@asynccontextmanager
async def _before_the_page(browser: Browser, address: str, root: Path) -> AsyncIterator[Desktop]:
    pictures = root / "artifacts"
    pictures.mkdir(exist_ok=True)
    page = await browser.new_page(viewport=USUAL, reduced_motion="reduce")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    await page.goto(address)
    yield Desktop(page, pictures)
    await page.close()
    assert problems == []
