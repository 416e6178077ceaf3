"""From the evening's digest to a day that is true, without leaving the message."""

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Desktop

pytestmark = pytest.mark.browser


async def test_from_the_digest_to_a_true_day(desktop: Desktop) -> None:
    for typed in (
        "log 8:30-10:15 api review of the login +client",
        "log 10:15-11 support tickets",
        "log 12:30-14:45 website new footer",
        "start 30 min ago api deploy",
    ):
        await desktop.type_command(typed, answer="API" if " api" in typed else "Today")
    await desktop.type_command("digest now", answer="direct messages")
    await desktop.page.locator("#dm").click()
    digest = await desktop.follow(desktop.last_message)
    await expect(digest).to_contain_text("Your day", timeout=10_000)
    await expect(digest).to_contain_text("of 8 h")
    await expect(digest).to_contain_text("Empty: 11:00–12:30")
    await expect(digest.get_by_role("button", name="Confirm day")).to_be_hidden()  # it goes on
    await desktop.take_picture("digest", of=digest)
    for gap, told in (("14:45–15:10", "coffee with the client"), ("11:00–12:30", "lunch and a walk")):
        await digest.get_by_role("button", name=f"Fill {gap}…").click()
        form = desktop.modal
        stretch = gap.replace("–", "-")
        await expect(form.get_by_label("How long, or from when to when")).to_have_value(stretch)
        await form.get_by_label("What did you work on?").fill(told)
        await desktop.press_button(form, "Log")
        await expect(digest).to_contain_text(told)
    await desktop.press_button(digest, "Stop")
    await expect(digest.get_by_role("button", name="Resume")).to_be_visible()
    await digest.get_by_role("button", name="12:30 Website…").click()
    await desktop.modal.get_by_label("Note").fill("new footer, and its links")
    await desktop.press_button(desktop.modal, "Save")
    await expect(digest).to_contain_text("and its links")
    await desktop.press_button(digest, "Confirm day")
    await expect(digest).to_contain_text("Confirmed 15:4")
    await desktop.take_picture("true-day", of=digest)
    await desktop.page.locator('[data-channel="C0GENERAL"]').click()
    await desktop.type_command("undo", answer="Undone")
    await desktop.page.locator("#dm").click()
    await expect(digest).to_contain_text("Changed since you confirmed it", timeout=10_000)
    await desktop.press_button(digest, "Confirm again")
    await expect(digest.get_by_role("button", name="Reopen")).to_be_visible()
