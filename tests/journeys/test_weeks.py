"""A week goes to a lead, comes back with a reason, and is approved: from then on it stays as it is."""

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Desktop

pytestmark = pytest.mark.browser


async def test_a_week_is_returned_mended_and_approved(desktop: Desktop) -> None:
    page = desktop.page
    await desktop.act_as("U0BEN")
    await desktop.track("", told="Nothing")
    await desktop.act_as("U0ADA")
    await desktop.track("team lead @Ben Okafor", told="is a lead now")
    for said in ("log 9-12 9 nov api", "log 13-17 9 nov support", "log 9-15 11 nov api review"):
        await desktop.track(said, told="Recorded")
    await desktop.track("submit last", told="for approval")
    await desktop.act_as("U0BEN")
    await page.locator("#dm").click()
    asked = await desktop.this(page.get_by_test_id("message").filter(has_text="9–15 Nov").last)
    await expect(asked.get_by_role("button", name="Approve", exact=True)).to_be_visible()
    await desktop.picture("submitted-week", of=asked)
    await desktop.press(asked, "Return…")
    await desktop.modal.get_by_label("What is to be changed?").fill("Tuesday's workshop is missing")
    await desktop.press(desktop.modal, "Return")
    await expect(asked).to_contain_text("Returned by you")

    await desktop.act_as("U0ADA")
    await page.locator("#dm").click()
    returned = await desktop.this(page.get_by_test_id("message").filter(has_text="workshop is missing").last)
    await desktop.track("log 9-17 10 nov support workshop", told="Recorded")
    await desktop.press(returned, "Submit again")
    await expect(returned).to_contain_text("21 h")
    await expect(returned).to_contain_text("for approval")

    await desktop.act_as("U0BEN")
    await page.locator("#dm").click()
    again = await desktop.this(page.get_by_test_id("message").filter(has_text="21 h").last)
    await desktop.press(again, "Approve")
    await expect(again).to_contain_text("Approved by you")

    await desktop.act_as("U0ADA")
    await expect(returned).to_contain_text("Approved by Ben")
    await desktop.go_to("C0GENERAL")
    await desktop.track("log 18-19 10 nov support", told="is approved, by Ben")
