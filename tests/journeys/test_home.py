"""The Home tab: true after every change, wherever it was made."""

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Desktop

pytestmark = pytest.mark.browser


async def test_home_shows_what_is_true_and_acts_on_it(desktop: Desktop) -> None:
    await desktop.open_home()
    await expect(desktop.home).to_contain_text("Hello Ada")
    await desktop.go_to("C0GENERAL")
    for typed in (
        "log 9-11 monday api review +client",
        "log 9-12:30 yesterday website new footer",
        "log 13-17 yesterday api deploy",
        "log 8:45-10:30 support tickets",
        "log 11-13 api review of the login +client",
    ):
        await desktop.track(typed, told="Recorded")
    await desktop.track("start 40 min ago api fix login", told="Started")
    await desktop.open_home()
    await expect(desktop.home).to_contain_text("fix login")
    await expect(desktop.home).to_contain_text("Website")
    await desktop.picture("home")

    await desktop.press(desktop.home, "Stop")
    await expect(desktop.home).to_contain_text("Nothing is running")
    await desktop.press(desktop.home, "Website")
    await expect(desktop.home.get_by_role("button", name="Stop")).to_be_visible()

    await desktop.home.get_by_role("button", name="More actions").first.click()
    await desktop.page.get_by_role("menuitem", name="Edit…").click()
    await desktop.modal.get_by_label("Note").fill("edited from Home")
    await desktop.press(desktop.modal, "Save")
    await expect(desktop.home).to_contain_text("edited from Home")
    await desktop.press(desktop.home, "Settings…")
    await expect(desktop.modal).to_contain_text("Daily digest")
