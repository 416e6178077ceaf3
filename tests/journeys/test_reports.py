"""Reports and teams as three people in three zones see them."""

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Desktop

pytestmark = pytest.mark.browser


async def test_a_week_is_drawn_and_said_in_words(desktop: Desktop) -> None:
    for typed in (
        "log 9-11 yesterday api review +client",
        "log 13-16:30 yesterday website new footer +client",
        "log 45 min support tickets",
    ):
        await desktop.type_command(typed, answer="Recorded")
    for typed in ("week by tag", "month by day", "report last 30 days by person", "week"):
        answer = await desktop.type_command(typed, answer="6 h 15 min")
        await expect(answer).to_contain_text("As of 15:40")
        await expect(answer.get_by_role("table")).to_be_visible()
    await expect(answer).to_contain_text("Website")
    await expect(answer.get_by_role("img", name="Hours by day")).to_be_visible()
    await expect(answer.get_by_role("columnheader")).to_have_text(["Project", "Time", "Share"])
    await desktop.take_picture("week", of=answer)
    day = await desktop.type_command("yesterday", answer="5 h 30 min")
    await expect(day.get_by_role("img", name="Hours by project")).to_be_visible()
    await desktop.take_picture("day", of=day)
    await desktop.choose_from_menu(day.locator(".section").filter(has_text="review"), "Edit…")
    await expect(desktop.modal.get_by_label("Note")).to_have_value("review")
    await desktop.page.keyboard.press("Escape")
    await expect(desktop.modal).to_be_hidden()


async def test_a_team_in_three_zones_sees_who_works_on_what(desktop: Desktop) -> None:
    await desktop.type_command("", answer="Hello Ada")
    for person, work in (("U0BEN", "25 min ago api deploy"), ("U0CHIKA", "since 22:00 website launch")):
        await desktop.act_as(person)
        await desktop.type_command(f"start {work}", answer="Started")
        await desktop.type_command("team", answer="only yourself")
    await desktop.act_as("U0ADA")
    team = await desktop.type_command("team", answer="2 tracking now")
    await expect(team).to_contain_text("Ben")
    await expect(team).to_contain_text("Chika")
    await desktop.take_picture("team", of=team)
