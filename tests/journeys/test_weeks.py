"""A week goes to a lead, comes back with a reason, and is approved: from then on it stays as it is."""

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Desktop

pytestmark = pytest.mark.browser


async def test_a_week_is_returned_mended_and_approved(desktop: Desktop) -> None:
    page = desktop.page
    await desktop.act_as("U0BEN")
    await desktop.type_command("", answer="Nothing")
    await desktop.act_as("U0ADA")
    await desktop.type_command("team lead @Ben Okafor", answer="is a lead now")
    for said in ("log 9-12 9 nov api", "log 13-17 9 nov support", "log 9-15 11 nov api review"):
        await desktop.type_command(said, answer="Recorded")
    await desktop.type_command("submit last", answer="for approval")
    await desktop.act_as("U0BEN")
    await page.locator("#dm").click()
    asked = await desktop.follow(page.get_by_test_id("message").filter(has_text="9–15 Nov").last)
    await expect(asked.get_by_role("button", name="Approve", exact=True)).to_be_visible()
    await desktop.take_picture("submitted-week", of=asked)
    await desktop.press_button(asked, "Return…")
    await desktop.modal.get_by_label("What is to be changed?").fill("Tuesday's workshop is missing")
    await desktop.press_button(desktop.modal, "Return")
    await expect(asked).to_contain_text("Returned by you")

    await desktop.act_as("U0ADA")
    await page.locator("#dm").click()
    returned = await desktop.follow(
        page.get_by_test_id("message").filter(has_text="workshop is missing").last
    )
    await desktop.type_command("log 9-17 10 nov support workshop", answer="Recorded")
    await desktop.press_button(returned, "Submit again")
    await expect(returned).to_contain_text("21 h")
    await expect(returned).to_contain_text("for approval")

    await desktop.act_as("U0BEN")
    await page.locator("#dm").click()
    again = await desktop.follow(page.get_by_test_id("message").filter(has_text="21 h").last)
    await desktop.press_button(again, "Approve")
    await expect(again).to_contain_text("Approved by you")

    await desktop.act_as("U0ADA")
    await expect(returned).to_contain_text("Approved by Ben")
    await desktop.open_channel("C0GENERAL")
    await desktop.type_command("log 18-19 10 nov support", answer="is approved, by Ben")
