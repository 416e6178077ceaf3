"""Time that is taken: four ways, and each does what its preview said."""

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Desktop

pytestmark = pytest.mark.browser


async def test_room_is_made_as_the_preview_says_and_undone(desktop: Desktop) -> None:
    await desktop.type_command("log 9-12 yesterday api deep work", answer="Recorded")
    question = await desktop.type_command("log 10-11 yesterday support call", answer="You already tracked")
    for way in ("Trim", "Split", "Replace", "Cancel"):
        await expect(question.get_by_role("button", name=way, exact=True)).to_be_visible()
    await desktop.take_picture("overlap", of=question)
    await desktop.press_button(question, "Split")
    await expect(question).to_contain_text("Recorded")
    day = await desktop.type_command("yesterday", answer="3 h")
    for stretch in ("09:00–10:00", "10:00–11:00", "11:00–12:00"):
        await expect(day).to_contain_text(stretch)
    await desktop.press_button(question, "Undo")
    await expect(question).to_contain_text("Undone")
    day = await desktop.type_command("yesterday", answer="3 h")
    await expect(day).to_contain_text("09:00–12:00")
    await expect(day).not_to_contain_text("10:00–11:00")
