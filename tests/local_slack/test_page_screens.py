"""Home, menus, threads and shortcuts on the page."""

from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Locator, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from local_slack.screens import Shortcut
from local_slack.server import LocalSlack
from local_slack.workspace import BOT_USER, Message
from tests.local_slack.conftest import App, MovableClock
from tests.local_slack.samples import (
    button,
    home,
    input_block,
    marked,
    menu,
    modal,
    option,
    plain,
    read_payload,
    row,
)

pytestmark = pytest.mark.browser

ENTRIES = menu("entry", "Edit…", "Delete")
SHORTCUTS = (Shortcut("Start a timer", "start_timer", "global"), Shortcut("Track this", "track", "message"))


async def at_home(page: Page) -> Locator:
    await page.locator("#dm").click()
    await page.get_by_role("tab", name="Home").click()
    shown = page.get_by_test_id("home")
    await expect(shown).to_be_visible()
    return shown


async def pressed(page: Page, locator: Locator) -> None:
    async with page.expect_response("**/local-slack/press"):
        await locator.click()


def actions(app: App) -> list[dict[str, Any]]:
    sent = [read_payload(app, index) for index, (_, body) in enumerate(app.received) if b"payload=" in body]
    return [one["actions"][0] for one in sent if one["type"] == "block_actions"]


async def test_home_is_drawn_and_drawn_again_when_it_changes(
    page: Page, app: App, client: AsyncWebClient
) -> None:
    async def publish(_request: web.Request) -> web.Response:
        await client.views_publish(user_id="U0ADA", view=home(row("`09:00` *API*", ENTRIES, block_id="one")))
        return web.Response()

    app.answers = [publish]
    shown = await at_home(page)
    await expect(shown).to_contain_text("09:00 API")
    assert b"app_home_opened" in app.received[0][1]
    await expect(page.locator("#composer")).to_be_hidden()
    more = shown.get_by_role("button", name="More actions")
    await more.focus()
    await client.views_publish(
        user_id="U0ADA",
        view=home(row("`09:00` *API*", ENTRIES, block_id="one"), row("`10:00` *Web*", ENTRIES)),
    )
    await expect(shown).to_contain_text("10:00 Web")
    await expect(more.first).to_be_focused()
    await page.reload()
    await expect(page.get_by_role("tab", name="Home")).to_have_attribute("aria-selected", "true")
    await expect(shown).to_contain_text("10:00 Web")
    await page.locator('[data-person="U0BEN"]').click()
    await expect(shown).to_contain_text("has not published its Home")
    await page.get_by_role("tab", name="Home").press("ArrowRight")
    await expect(page.get_by_role("tab", name="Messages")).to_be_focused()
    await expect(page.locator("#composer")).to_be_visible()
    await expect(shown).to_be_hidden()


async def test_menus_and_pickers_in_home_tell_the_app_at_once(
    page: Page, app: App, client: AsyncWebClient
) -> None:
    select = {
        "type": "static_select",
        "action_id": "week",
        "placeholder": plain("Week"),
        "options": [option("This"), option("Last")],
    }
    day = {
        "type": "datepicker",
        "action_id": "day",
        "initial_date": "2026-03-04",
        "placeholder": plain("Day"),
    }
    view = home(row("<b>first</b>", ENTRIES), row("Which?", select), {"type": "actions", "elements": [day]})
    await client.views_publish(user_id="U0ADA", view=view)
    shown = await at_home(page)
    assert await shown.locator("b").count() == 0
    await shown.get_by_role("button", name="More actions").press("Enter")
    await expect(page.get_by_role("menuitem", name="Edit…")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    async with page.expect_response("**/local-slack/press"):
        await page.keyboard.press("Enter")
    await expect(page.get_by_role("menu")).to_have_count(0)
    await shown.get_by_role("combobox", name="Week").click()
    await pressed(page, shown.get_by_role("option", name="Last"))
    async with page.expect_response("**/local-slack/press"):
        await shown.get_by_label("Day").fill("2026-04-05")
    chosen = [one.get("selected_option", {}).get("value") or one["selected_date"] for one in actions(app)]
    assert chosen == ["delete", "last", "2026-04-05"]
    held = read_payload(app)["view"]["state"]["values"]
    assert [entry for inside in held.values() for entry in inside.values()] == [
        {"type": "static_select", "selected_option": option("Last")},
        {"type": "datepicker", "selected_date": "2026-04-05"},
    ]


async def test_menus_in_messages_and_their_question(local_slack: LocalSlack, page: Page, app: App) -> None:
    question = {
        "title": plain("Sure?"),
        "text": plain("It goes."),
        "confirm": plain("Go"),
        "deny": plain("Stay"),
    }
    clock = {"type": "timepicker", "action_id": "at", "initial_time": "09:00", "placeholder": plain("At")}
    blocks = (
        {"type": "actions", "elements": [menu("more", "Share", "Drop", confirm=question), clock]},
        input_block("Note", {"type": "plain_text_input"}, optional=True),
    )
    local_slack.workspace.post(Message("C0GENERAL", "", BOT_USER, "card", blocks))
    message = page.get_by_test_id("message")
    dialog = page.get_by_role("dialog", name="Sure?")
    await message.get_by_label("Note").fill("typed")
    for answer in ("Stay", "Go"):
        await message.get_by_role("button", name="More actions").click()
        await page.get_by_role("menuitem", name="Drop").click()
        await dialog.get_by_role("button", name=answer).click()
    await expect(message.get_by_role("button", name="More actions")).to_be_enabled()
    async with page.expect_response("**/local-slack/press"):
        await message.get_by_label("At").fill("10:15")
    dropped, timed = actions(app)
    assert (dropped["selected_option"]["value"], timed["selected_time"]) == ("drop", "10:15")
    held = read_payload(app)["state"]["values"]
    assert held["b0"]["at"]["selected_time"] == "10:15"
    assert held["note"]["value"]["value"] == "typed"


async def test_a_modal_that_a_press_opened_gives_the_focus_back(
    page: Page, app: App, client: AsyncWebClient
) -> None:
    async def opens(_request: web.Request) -> web.Response:
        note = input_block("Note", {"type": "plain_text_input"}, optional=True)
        await client.views_open(trigger_id=read_payload(app)["trigger_id"], view=modal(note))
        return web.Response()

    buttons = {"type": "actions", "elements": [button("Edit…"), button("Stop")]}
    await client.views_publish(user_id="U0ADA", view=home(buttons))
    shown = await at_home(page)
    app.answers = [opens]
    await shown.get_by_role("button", name="Edit…").click()
    await expect(page.get_by_test_id("modal").get_by_label("Note")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("modal")).to_be_hidden()
    await expect(shown.get_by_role("button", name="Edit…")).to_be_focused()


async def test_a_thread_is_read_and_answered_beside_the_channel(
    local_slack: LocalSlack, page: Page, app: App
) -> None:
    local_slack.shortcuts = SHORTCUTS
    root = local_slack.workspace.post(Message("C0GENERAL", "", "U0BEN", "It is broken"))
    local_slack.workspace.post(Message("C0GENERAL", "", BOT_USER, "Started", thread_ts=root.ts))
    channel, thread = page.get_by_role("log", name="Messages"), page.get_by_test_id("thread")
    await expect(channel.get_by_test_id("message")).to_have_count(1)
    await channel.get_by_role("button", name="1 reply").click()
    await expect(thread.get_by_test_id("message")).to_have_count(2)
    await expect(thread.get_by_label("Reply in the thread")).to_be_focused()
    await page.keyboard.type("Looking <b>")
    await page.keyboard.press("Enter")
    await expect(thread.get_by_test_id("message").last).to_contain_text("Looking <b>")
    await expect(channel.get_by_role("button", name="2 replies")).to_be_visible()
    await page.keyboard.type("/track stop")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("no commands in threads")
    assert app.received == []
    answer = thread.get_by_test_id("message").last
    await answer.get_by_role("button", name="Message shortcuts").click()
    async with page.expect_response("**/local-slack/shortcut"):
        await page.get_by_role("menuitem", name="Track this").click()
    sent = read_payload(app)
    assert (sent["type"], sent["callback_id"]) == ("message_action", "track")
    assert sent["message"]["text"] == "Looking &lt;b&gt;"
    assert sent["message"]["thread_ts"] == root.ts
    await page.reload()
    await expect(thread.get_by_test_id("message")).to_have_count(3)
    await thread.get_by_role("button", name="Close thread").click()
    await expect(thread).to_be_hidden()
    await expect(channel.get_by_role("button", name="2 replies")).to_be_focused()
    await channel.get_by_role("button", name="Reply in thread").click()
    await expect(thread).to_be_visible()


async def test_shortcuts_everywhere(
    local_slack: LocalSlack, page: Page, app: App, client: AsyncWebClient
) -> None:
    async def opens(_request: web.Request) -> web.Response:
        view = modal({"type": "section", "text": marked("Hello")})
        await client.views_open(trigger_id=read_payload(app)["trigger_id"], view=view)
        return web.Response()

    trigger = page.get_by_role("button", name="Shortcuts", exact=True)
    await expect(trigger).to_be_hidden()
    local_slack.shortcuts = SHORTCUTS
    local_slack.workspace.post(Message("C0GENERAL", "", BOT_USER, "just for you", ephemeral_for="U0ADA"))
    await expect(page.get_by_test_id("message")).to_be_visible()
    await expect(page.get_by_role("button", name="Message shortcuts")).to_have_count(0)
    app.answers = [opens, web.Response(status=500)]
    await trigger.click()
    await expect(page.get_by_role("menuitem")).to_have_count(1)
    await page.get_by_role("menuitem", name="Start a timer").click()
    await expect(page.get_by_test_id("modal")).to_contain_text("Hello")
    assert read_payload(app)["type"] == "shortcut"
    await page.keyboard.press("Escape")
    await trigger.click()
    await page.keyboard.press("Escape")
    await expect(trigger).to_be_focused()
    await trigger.click()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("could not be reached, or failed")


async def test_what_is_said_of_an_instant_goes_on_by_itself(
    local_slack: LocalSlack, page: Page, clock: MovableClock
) -> None:
    await page.clock.install()
    await page.reload()
    began = int(clock()) - 60
    words = marked(f"Since <!date^{began}^{{time}}|then> (<!date^{began}^{{ago}}|a while>)")
    local_slack.workspace.post(Message("C0GENERAL", "", BOT_USER, "x", ({"type": "section", "text": words},)))
    await expect(page.get_by_test_id("message")).to_contain_text("(1 minute ago)")
    await page.clock.fast_forward("04:05")
    await expect(page.get_by_test_id("message")).to_contain_text("(5 minutes ago)")


async def test_on_a_phone_home_modals_and_threads_fit(
    local_slack: LocalSlack, page: Page, client: AsyncWebClient
) -> None:
    root = local_slack.workspace.post(Message(local_slack.workspace.dm("U0ADA"), "", BOT_USER, "word " * 40))
    local_slack.workspace.post(Message(root.channel, "", "U0ADA", "answer " * 40, thread_ts=root.ts))
    long = row("word " * 60, {"type": "static_select", "action_id": "x", "options": [option("One")]})
    await client.views_publish(user_id="U0ADA", view=home(long, row("w" * 200, ENTRIES)))
    await at_home(page)
    await page.set_viewport_size({"width": 360, "height": 700})
    fits = "document.documentElement.scrollWidth <= innerWidth && home.scrollWidth <= home.clientWidth"
    assert await page.evaluate(fits)
    await page.get_by_role("tab", name="Messages").click()
    await page.get_by_role("button", name="1 reply").click()
    assert await page.evaluate("thread.getBoundingClientRect().width === innerWidth")
    trigger = local_slack.command_form("U0ADA", "x")["trigger_id"]
    note = input_block("Note", {"type": "plain_text_input"})
    await client.views_open(trigger_id=trigger, view=modal(long, note))
    await expect(page.get_by_test_id("modal")).to_be_visible()
    body = "document.getElementById('modal-body')"
    assert await page.evaluate(f"{body}.scrollWidth <= {body}.clientWidth")
