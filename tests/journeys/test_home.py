"""The Home tab: true after every change, wherever it was made."""

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Desktop

pytestmark = pytest.mark.browser


async def test_home_shows_what_is_true_and_acts_on_it(desktop: Desktop) -> None:
    await desktop.open_home()
    await expect(desktop.home).to_contain_text("Hello Ada")
    await desktop.open_channel("C0GENERAL")
    for typed in (
        "log 9-11 monday api review +client",
        "log 9-12:30 yesterday website new footer",
        "log 13-17 yesterday api deploy",
        "log 8:45-10:30 support tickets",
        "log 11-13 api review of the login +client",
    ):
        await desktop.type_command(typed, answer="Recorded")
    await desktop.type_command("start 40 min ago api fix login", answer="Started")
    await desktop.open_home()
    await expect(desktop.home).to_contain_text("fix login")
    await expect(desktop.home).to_contain_text("Website")
    await desktop.take_picture("home")

    await desktop.press_button(desktop.home, "Stop")
    await expect(desktop.home).to_contain_text("Nothing is running")
    await desktop.press_button(desktop.home, "Website")
    await expect(desktop.home.get_by_role("button", name="Stop")).to_be_visible()

    await desktop.home.get_by_role("button", name="More actions").first.click()
    await desktop.page.get_by_role("menuitem", name="Edit…").click()
    await desktop.modal.get_by_label("Note").fill("edited from Home")
    await desktop.press_button(desktop.modal, "Save")
    await expect(desktop.home).to_contain_text("edited from Home")
    await desktop.press_button(desktop.home, "Settings…")
    await expect(desktop.modal).to_contain_text("Daily digest")
