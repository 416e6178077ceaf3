"""Shortcuts, channels with a project, and cards that others see."""

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Desktop

pytestmark = pytest.mark.browser


async def test_a_message_becomes_a_timer_that_leads_back_to_it(desktop: Desktop) -> None:
    page = desktop.page
    await desktop.open_channel("C0API")
    await desktop.type_command("here api", answer="tracks on API")
    await desktop.act_as("U0BEN")
    await page.fill("#composer", "The login page shows an old logo")
    await page.press("#composer", "Enter")
    message = page.get_by_test_id("message").filter(has_text="old logo")
    await expect(message).to_be_visible()
    await desktop.act_as("U0ADA")
    await message.hover()
    await message.get_by_role("button", name="Message shortcuts").click()
    await page.get_by_role("menuitem", name="Track time on this").click()
    card = desktop.last_message
    await expect(card).to_contain_text("Started")
    await expect(card).to_contain_text("API")
    await expect(card).to_contain_text("The login page shows an old logo")
    await expect(card.get_by_role("link", name="the message")).to_be_visible()
    await desktop.take_picture("message-shortcut")

    await desktop.choose_from_menu(card, "Share in this channel")
    await desktop.act_as("U0BEN")
    await desktop.open_channel("C0API")
    shared = page.get_by_test_id("message").filter(has_text="is working on")
    await expect(shared).to_contain_text("Ada")
    await desktop.press_button(shared, "Stop")
    await expect(desktop.last_message).to_contain_text("somebody else's card")
    await expect(shared).to_contain_text("is working on")


async def test_the_global_shortcut_answers_by_direct_message(desktop: Desktop) -> None:
    page = desktop.page
    await page.get_by_role("button", name="Shortcuts", exact=True).click()
    await page.get_by_role("menuitem", name="Start a timer").click()
    await desktop.modal.get_by_label("What are you working on?").fill("from anywhere")
    await desktop.press_button(desktop.modal, "Start")
    await page.locator("#dm").click()
    await expect(desktop.last_message).to_contain_text("from anywhere", timeout=10_000)
