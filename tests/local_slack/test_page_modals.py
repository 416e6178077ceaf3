"""Modals on the page are drawn, filled in, refused and stacked as by Slack."""

from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Locator, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from local_slack.server import LocalSlack
from tests.local_slack.conftest import App
from tests.local_slack.samples import (
    button,
    input_block,
    marked,
    modal,
    open_modal,
    option,
    plain,
    push_modal,
    read_payload,
    read_values,
    row,
)

pytestmark = pytest.mark.browser

AT = int(datetime(2026, 3, 4, 8, 30, tzinfo=UTC).timestamp())
API, WEB = option("API"), option("Website")
NOTE = input_block("Note", {"type": "plain_text_input", "initial_value": "docs"})
FINDER = input_block(
    "Find",
    {"type": "external_select", "min_query_length": 0, "initial_option": API, "placeholder": plain("Look")},
    optional=True,
)
PREFILLED: list[tuple[str, dict[str, Any], object]] = [
    ("Note", {"type": "plain_text_input", "initial_value": "docs & <b>"}, "docs & <b>"),
    ("Story", {"type": "plain_text_input", "multiline": True, "initial_value": "one\ntwo"}, "one\ntwo"),
    ("Hours", {"type": "number_input", "is_decimal_allowed": True, "initial_value": "1.5"}, "1.5"),
    ("Mail", {"type": "email_text_input", "initial_value": "a@example.com"}, "a@example.com"),
    ("Link", {"type": "url_text_input", "initial_value": "https://example.com/"}, "https://example.com/"),
    ("Day", {"type": "datepicker", "initial_date": "2026-03-04"}, "2026-03-04"),
    ("Time", {"type": "timepicker", "initial_time": "09:30"}, "09:30"),
    ("Moment", {"type": "datetimepicker", "initial_date_time": AT}, AT),
    ("Way", {"type": "radio_buttons", "options": [API, WEB], "initial_option": WEB}, WEB),
    ("Ticks", {"type": "checkboxes", "options": [API, WEB], "initial_options": [API]}, [API]),
    ("Project", {"type": "static_select", "options": [API, WEB], "initial_option": API}, API),
    ("Finder", {"type": "external_select", "initial_option": WEB}, WEB),
    ("Who", {"type": "users_select", "initial_user": "U0BEN"}, "U0BEN"),
    ("Where", {"type": "channels_select", "initial_channel": "C0API"}, "C0API"),
    ("Talk", {"type": "conversations_select", "initial_conversation": "C0API"}, "C0API"),
    (
        "Tags",
        {"type": "multi_static_select", "options": [API, WEB], "initial_options": [API, WEB]},
        [API, WEB],
    ),
    ("Team", {"type": "multi_users_select", "initial_users": ["U0BEN", "U0ADA"]}, ["U0BEN", "U0ADA"]),
]


async def find_modal(page: Page) -> Locator:
    dialog = page.get_by_test_id("modal")
    await expect(dialog).to_be_visible()
    return dialog


async def submit(page: Page, dialog: Locator, button: str = "Save") -> None:
    async with page.expect_response("**/local-slack/submit"):
        await dialog.get_by_role("button", name=button).click()


async def test_what_was_prefilled_is_sent_untouched(
    local_slack: LocalSlack, page: Page, app: App, client: AsyncWebClient
) -> None:
    await open_modal(local_slack, client, *(input_block(label, element) for label, element, _ in PREFILLED))
    dialog = await find_modal(page)
    await expect(dialog).to_have_accessible_name("Edit")
    await expect(dialog.get_by_label("Moment")).to_have_value("2026-03-04T09:30")  # in Berlin
    await expect(dialog.get_by_label("Who")).to_have_value("Ben Okafor")
    await submit(page, dialog)
    assert read_values(app) == {label.lower(): value for label, _, value in PREFILLED}
    await expect(dialog).to_be_hidden()


async def test_what_was_entered_is_sent(
    local_slack: LocalSlack, page: Page, app: App, client: AsyncWebClient
) -> None:
    await open_modal(local_slack, client, *(input_block(label, element) for label, element, _ in PREFILLED))
    dialog = await find_modal(page)
    await dialog.get_by_label("Note").fill("entered")
    await dialog.get_by_label("Day").fill("2026-05-06")
    await dialog.get_by_label("Time").fill("23:45")
    await dialog.get_by_label("Moment").fill("2026-07-01T12:00")
    await dialog.get_by_role("radio", name="API").check()
    await dialog.get_by_role("checkbox", name="Website").check()
    await dialog.get_by_label("Project").fill("web")
    await expect(dialog.get_by_role("option")).to_have_text(["Website"])
    await dialog.get_by_label("Project").press("Enter")
    await dialog.get_by_label("Who").click()
    await dialog.get_by_role("option", name="Chika Mori").click()
    await dialog.get_by_role("button", name="Remove API").click()
    await submit(page, dialog)
    wanted = {
        "note": "entered",
        "day": "2026-05-06",
        "time": "23:45",
        "moment": int(datetime(2026, 7, 1, 10, 0, tzinfo=UTC).timestamp()),
        "way": API,
        "ticks": [API, WEB],
        "project": WEB,
        "who": "U0CHIKA",
        "tags": [WEB],
    }
    assert read_values(app) == {label.lower(): value for label, _, value in PREFILLED} | wanted


async def test_errors_stand_at_their_fields(
    local_slack: LocalSlack, page: Page, app: App, client: AsyncWebClient
) -> None:
    when = input_block("When", {"type": "plain_text_input"}, hint=plain("As you would say it."))
    await open_modal(local_slack, client, NOTE, when)
    dialog = await find_modal(page)
    await submit(page, dialog)
    await expect(dialog.get_by_label("When")).to_be_focused()
    await expect(dialog.get_by_label("When")).to_have_accessible_description(
        "As you would say it. Please complete this required field."
    )
    assert app.received == []
    app.answers = [
        web.json_response({"response_action": "errors", "errors": {"when": "That is tomorrow."}}),
        web.Response(status=500),
    ]
    await dialog.get_by_label("When").fill("later")
    await dialog.get_by_label("When").press("Enter")
    await expect(dialog.get_by_test_id("field-error").last).to_have_text("That is tomorrow.")
    await expect(dialog.get_by_label("When")).to_have_value("later")
    await expect(dialog.get_by_label("Note")).not_to_have_attribute("aria-invalid", "true")
    await submit(page, dialog)
    await expect(dialog.get_by_role("alert")).to_have_text(
        "Truth Time Tracker could not be reached, or failed."
    )
    await expect(dialog.get_by_label("When")).to_have_value("later")


async def test_an_update_keeps_what_was_entered(
    local_slack: LocalSlack, page: Page, app: App, client: AsyncWebClient
) -> None:
    other = input_block("Other", {"type": "plain_text_input"}, optional=True)
    view = await open_modal(local_slack, client, NOTE, other)
    dialog = await find_modal(page)
    await dialog.get_by_label("Note").fill("half a wo")
    changed = NOTE | {"label": plain("Your note")}
    renamed = input_block("Other", {"type": "plain_text_input", "initial_value": "new"}) | {
        "block_id": "other|2"
    }
    await client.views_update(view_id=view.id, view=modal(changed, renamed, title=plain("Edit again")))
    await expect(dialog).to_have_accessible_name("Edit again")
    await expect(dialog.get_by_label("Other")).to_have_value("new")
    await expect(dialog.get_by_label("Your note")).to_be_focused()
    await page.keyboard.press("End")
    await page.keyboard.type("rd")
    await submit(page, dialog)
    assert read_values(app) == {"note": "half a word", "other|2": "new"}


async def test_three_deep_and_back(
    local_slack: LocalSlack, page: Page, app: App, client: AsyncWebClient
) -> None:
    await open_modal(local_slack, client, NOTE, notify_on_close=True)
    dialog = await find_modal(page)
    await dialog.get_by_label("Note").fill("kept below")
    await expect(dialog.get_by_role("button", name="Back")).to_be_hidden()
    for title in ("Second", "Third"):
        await push_modal(
            local_slack, client, NOTE, title=plain(title), close=plain("Not now"), notify_on_close=True
        )
        await expect(dialog).to_have_accessible_name(title)
    await dialog.get_by_role("button", name="Not now").click()
    await expect(dialog).to_have_accessible_name("Second")
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_accessible_name("Edit")
    await expect(dialog.get_by_label("Note")).to_have_value("kept below")
    await push_modal(local_slack, client, NOTE, title=plain("Second"))
    await expect(dialog).to_have_accessible_name("Second")
    await dialog.get_by_role("button", name="Back").click()
    await expect(dialog).to_have_accessible_name("Edit")
    await push_modal(local_slack, client, NOTE, title=plain("Second"))
    await expect(dialog).to_have_accessible_name("Second")
    await dialog.get_by_role("button", name="Dismiss").click()
    await expect(dialog).to_be_hidden()
    await expect(page.locator("#composer")).to_be_focused()
    assert [read_payload(app, index)["type"] for index in range(len(app.received))] == ["view_closed"] * 3
    assert read_payload(app)["is_cleared"] is True
    assert local_slack.workspace.views.top("U0ADA") is None


async def test_an_external_menu_is_searched_by_typing(
    local_slack: LocalSlack, page: Page, app: App, client: AsyncWebClient
) -> None:
    async def found(_request: web.Request) -> web.Response:
        typed = read_payload(app)["value"]
        made = [option(f"Make “{typed}”")] if typed else []
        return web.json_response({"options": [API, WEB, *made]})

    app.answers = [found, found]
    await open_modal(local_slack, client, FINDER, NOTE)
    dialog = await find_modal(page)
    finder, offers = dialog.get_by_role("combobox", name="Find"), dialog.get_by_role("option")
    await expect(finder).to_have_value("API")
    await finder.press("ArrowDown")
    await expect(offers).to_have_text(["API", "Website"])
    await expect(offers.first).to_have_attribute("aria-selected", "true")
    await page.keyboard.type("docs", delay=20)
    await expect(offers).to_have_text(["API", "Website", "Make “docs”"])
    asked_for = [read_payload(app, index)["value"] for index in range(len(app.received))]
    assert asked_for == ["", "docs"], "letters in quick succession are one question"
    await page.keyboard.press("ArrowUp")
    await expect(finder).to_have_attribute(
        "aria-activedescendant", await offers.last.get_attribute("id") or ""
    )
    await page.keyboard.press("Enter")
    await expect(finder).to_have_value("Make “docs”")
    await expect(finder).to_have_attribute("aria-expanded", "false")
    await submit(page, dialog)
    assert read_values(app)["find"]["value"] == "make “docs”"


async def test_an_external_menu_can_be_left_and_emptied(
    local_slack: LocalSlack, page: Page, app: App, client: AsyncWebClient
) -> None:
    app.answers = [web.json_response({"options": [API]}), web.Response(status=500)]
    await open_modal(local_slack, client, FINDER, NOTE)
    dialog = await find_modal(page)
    finder = dialog.get_by_role("combobox", name="Find")
    await finder.fill("zzz")
    await expect(dialog.get_by_role("option")).to_have_text(["API"])
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_visible()
    await expect(finder).to_have_value("API")
    await finder.fill("x")
    await expect(dialog.get_by_role("status")).to_have_text("The app’s list could not be loaded.")
    await page.keyboard.press("Tab")
    await expect(finder).to_have_value("API")
    await dialog.get_by_role("button", name="Clear").click()
    await expect(finder).to_have_attribute("placeholder", "Look")
    await submit(page, dialog)
    assert read_values(app) == {"find": None, "note": "docs"}


async def test_presses_in_a_modal_carry_what_was_entered(
    local_slack: LocalSlack, page: Page, app: App, client: AsyncWebClient
) -> None:
    confirm = {
        "title": plain("Sure?"),
        "text": plain("It goes."),
        "confirm": plain("Go"),
        "deny": plain("Stay"),
    }
    which = {"type": "static_select", "action_id": "pick", "options": [API, WEB], "initial_option": API}
    await open_modal(
        local_slack,
        client,
        {"type": "alert", "level": "warning", "text": marked("That time is *taken*.")},
        row("Which?", which | {"confirm": confirm, "placeholder": plain("Another")}, block_id="which"),
        NOTE,
        {"type": "actions", "elements": [button("Delete", style="danger")]},
    )
    dialog = await find_modal(page)
    await expect(dialog.get_by_role("note")).to_have_text("Warning: That time is taken.")
    await dialog.get_by_label("Note").fill("entered")
    menu, question = dialog.get_by_role("combobox", name="Another"), page.get_by_role("dialog", name="Sure?")
    await menu.click()
    await dialog.get_by_role("option", name="Website").click()
    await question.get_by_role("button", name="Stay").click()
    await expect(menu).to_have_value("API")
    await menu.click()
    await dialog.get_by_role("option", name="Website").click()
    async with page.expect_response("**/local-slack/press"):
        await question.get_by_role("button", name="Go").click()
    await expect(menu).to_have_value("Website")
    await expect(dialog.get_by_role("button", name="Delete")).to_be_enabled()
    (action,) = read_payload(app)["actions"]
    assert (action["action_id"], action["selected_option"]) == ("pick", WEB)
    assert read_values(app)["note"] == "entered"
    assert len(app.received) == 1
    async with page.expect_response("**/local-slack/press"):
        await dialog.get_by_role("button", name="Delete").click()
    assert read_payload(app)["actions"][0]["action_id"] == "delete"
    assert read_values(app) == {"which": WEB, "note": "entered"}


async def test_hostile_words_in_a_modal_are_words(
    local_slack: LocalSlack, page: Page, app: App, client: AsyncWebClient
) -> None:
    bad = "<img src=x onerror=document.title=1>"
    radio = {
        "type": "radio_buttons",
        "options": [option(bad, description=plain(bad))],
        "initial_option": option(bad, description=plain(bad)),
    }
    select = {"type": "static_select", "options": [option(bad)], "placeholder": plain(bad)}
    await open_modal(
        local_slack,
        client,
        input_block(bad, {"type": "plain_text_input", "initial_value": bad}, hint=plain(bad)),
        input_block("Radio", radio),
        input_block("Select", select),
        title=plain("<b>title</b>"),
    )
    dialog = await find_modal(page)
    await expect(dialog).to_have_accessible_name("<b>title</b>")
    await dialog.get_by_label("Select").click()
    await expect(dialog.get_by_role("option", name=bad)).to_be_visible()
    app.answers = [web.json_response({"response_action": "errors", "errors": {bad.lower(): bad}})]
    await dialog.get_by_role("option").click()
    await submit(page, dialog)
    await expect(dialog.get_by_test_id("field-error").first).to_have_text(bad)
    assert await dialog.locator("img, b").count() == 0
    assert await page.title() != "1"
