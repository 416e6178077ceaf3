"""A newcomer's first minute: greeted, a timer, a day, a digest."""

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Desktop

pytestmark = pytest.mark.browser


async def test_a_newcomer_tracks_a_first_minute(newcomer: Desktop) -> None:
    desktop, page = newcomer, newcomer.page
    await page.get_by_text("/track start api fix login").click()
    card = desktop.last_message
    await expect(card).to_contain_text("Hello Ada")
    await expect(card).to_contain_text("Your clock is Europe/Berlin")
    await expect(card).to_contain_text("Started")
    await expect(card).to_contain_text("fix login")
    await desktop.take_picture("greeting", of=card)
    await desktop.press_button(card, "Stop")
    await expect(card).to_contain_text("Stopped")
    await desktop.type_command("today", answer="Today,")

    await page.fill("#composer", "/track re")
    await page.press("#composer", "Tab")
    await expect(page.locator("#composer")).to_have_value("/track resume ")
    await page.press("#composer", "Enter")
    await expect(desktop.last_message).to_contain_text("Resumed")

    await desktop.type_command("digest now", answer="direct messages")
    await page.locator("#dm").click()
    digest = desktop.last_message
    await expect(digest).to_contain_text("Your day", timeout=10_000)
    await expect(digest.get_by_role("table")).to_contain_text("fix login")
    await desktop.press_button(digest, "Stop")
    await expect(digest.get_by_role("button", name="Resume")).to_be_visible()
    await desktop.take_picture("digest-stopped")

    await desktop.act_as("U0BEN")
    await desktop.open_channel("C0GENERAL")
    await expect(page.get_by_text("Track your first minute")).to_be_visible()  # Ada's cards are hers alone
    await page.get_by_role("button", name="What was sent").click()
    await expect(page.get_by_test_id("traffic")).to_contain_text("chat.postMessage")
