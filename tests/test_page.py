"""The local workspace's page, as a newcomer uses it: `make run` in a fresh folder and a browser."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.async_api import Page, async_playwright, expect

pytestmark = pytest.mark.browser

# Without these Chromium talks to its maker at every start, which a closed network refuses many times over.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture
def address(root: Path) -> Iterator[str]:
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


async def typed(page: Page, text: str) -> None:
    await page.fill("#composer", text)
    await page.press("#composer", "Enter")


async def test_a_newcomer_tracks_a_first_minute(address: str, root: Path) -> None:
    pictures = root / "artifacts"
    pictures.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        page = await browser.new_page(viewport={"width": 1280, "height": 860})
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto(address)
        await page.get_by_text("/track start api fix login").click()
        card = page.get_by_test_id("message").last
        await expect(card).to_contain_text("Started")
        await expect(card).to_contain_text("fix login")
        await card.get_by_role("button", name="Stop").click()
        await expect(card).to_contain_text("Stopped")
        await typed(page, "/track today")
        await expect(page.get_by_test_id("message").last).to_contain_text("Today,")

        await page.fill("#composer", "/track re")
        await page.press("#composer", "Tab")
        await expect(page.locator("#composer")).to_have_value("/track resume ")
        await page.press("#composer", "Enter")
        await expect(page.get_by_test_id("message").last).to_contain_text("Resumed")

        await typed(page, "/track digest now")
        await page.locator("#dm").click()
        digest = page.get_by_test_id("message").last
        await expect(digest).to_contain_text("Your day", timeout=10_000)
        await expect(digest.get_by_role("img", name="by project")).to_be_visible()
        await digest.get_by_role("button", name="Stop").click()
        await expect(digest.get_by_role("button", name="Resume")).to_be_visible()
        await page.screenshot(path=pictures / "digest.png")

        await page.locator('[data-person="U0BEN"]').click()
        await page.locator('[data-channel="C0GENERAL"]').click()
        await expect(
            page.get_by_text("Track your first minute")
        ).to_be_visible()  # Ada's cards are hers alone
        await page.get_by_role("button", name="What was sent").click()
        await expect(page.get_by_test_id("traffic")).to_contain_text("chat.postMessage")
        assert problems == []
        await browser.close()
