"""The page in a browser: what it shows, that it stays inert, and how it is used by keyboard."""

import asyncio

import pytest
from aiohttp import web
from playwright.async_api import Locator, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from local_slack.server import LocalSlack
from local_slack.workspace import BOT_USER, Message
from tests.local_slack.conftest import App
from tests.local_slack.samples import Json, button, marked, plain

pytestmark = pytest.mark.browser


async def post_message(local_slack: LocalSlack, page: Page, *blocks: Json, text: str = "x") -> Locator:
    local_slack.workspace.post(Message("C0GENERAL", "", BOT_USER, text, blocks))
    message = page.get_by_test_id("message").last
    await expect(message).to_be_visible()
    return message


async def test_markup_is_drawn_and_nothing_else(local_slack: LocalSlack, page: Page) -> None:
    words = (
        "*bold* _slanted_ ~struck~ `code *not bold*` 2 * 3 * 4 snake_case_name\n"
        "<https://example.com/?a=1&amp;b=2|a link> <@U0BEN> <#C0API|old> <!here> :white_circle: :no_such_one:\n"
        "&gt; quoted\n• first\n• second\n```\nfenced &lt;b&gt;\n```\n"
        "<img src=x onerror=alert(1)> &lt;script&gt;alert(2)&lt;/script&gt; <javascript:alert(3)|click>"
    )
    message = await post_message(local_slack, page, {"type": "section", "text": marked(words)})
    drawn = {"strong": "bold", "em": "slanted", "s": "struck", "blockquote": "quoted", "pre": "fenced <b>"}
    for tag, text in drawn.items():
        await expect(message.locator(f".text {tag}")).to_have_text(text)
    await expect(message.locator("code")).to_have_text("code *not bold*")
    await expect(message.locator("a")).to_have_attribute("href", "https://example.com/?a=1&b=2")
    await expect(message.locator(".mention")).to_have_text(["@Ben Okafor", "#api", "@here"])
    await expect(message.locator(".item")).to_have_count(2)
    await expect(message.get_by_role("img", name="white circle")).to_be_visible()
    for untouched in (
        "2 * 3 * 4 snake_case_name",
        ":no_such_one:",
        "<script>alert(2)</script>",
        "<img src=x",
    ):
        await expect(message).to_contain_text(untouched)
    assert await message.locator("script, img").count() == 0


async def test_instants_are_read_in_the_readers_zone(local_slack: LocalSlack, page: Page) -> None:
    message = await post_message(
        local_slack,
        page,
        {
            "type": "section",
            "text": marked("at <!date^1795010400^{date_num} {time}|then>, <!date^soon^{time}|fallback>"),
        },
    )
    await expect(message).to_contain_text("at 18/11/2026 15:00, fallback")
    await page.locator('[data-person="U0BEN"]').click()
    await expect(page.get_by_test_id("message").last).to_contain_text("at 11/18/2026 9:00 AM, fallback")
    await page.locator('[data-person="U0CHIKA"]').click()
    await expect(page.get_by_test_id("message").last).to_contain_text("23:00")


async def test_charts_and_tables_can_be_read_without_seeing_them(local_slack: LocalSlack, page: Page) -> None:
    data = [{"label": "API", "value": 1.5}, {"label": "Web", "value": 2}]
    bar = {
        "type": "bar",
        "series": [{"name": "Hours", "data": data}],
        "axis_config": {"categories": ["API", "Web"]},
    }
    charts = [
        {"type": "data_visualization", "title": "By project", "chart": bar},
        {"type": "data_visualization", "title": "Share", "chart": {"type": "pie", "segments": data}},
    ]
    rows = [
        [{"type": "raw_text", "text": text} for text in row] for row in (("Project", "Hours"), ("API", "1.5"))
    ]
    message = await post_message(local_slack, page, *charts, {"type": "table", "rows": rows})
    chart = message.get_by_role("img", name="By project", exact=True)
    await expect(chart).to_have_accessible_description("Hours: API 1.5, Web 2")
    await expect(message.get_by_role("img", name="Share")).to_have_accessible_description("API 1.5, Web 2")
    await expect(message.get_by_role("columnheader")).to_have_text(["Project", "Hours"])
    unknown = await post_message(local_slack, page, {"type": "hologram", "title": "of the future"})
    await expect(unknown).to_contain_text("of the future")


async def test_a_double_click_is_one_press(local_slack: LocalSlack, page: Page, app: App) -> None:
    async def slow(_request: web.Request) -> web.Response:
        await asyncio.sleep(0.3)
        return web.Response()

    app.answers = [slow, slow]
    message = await post_message(
        local_slack, page, {"type": "actions", "elements": [button("Stop"), button("Other")]}
    )
    await message.get_by_role("button", name="Stop").dblclick()
    await expect(message.get_by_role("button", name="Other")).to_be_disabled()
    await expect(message.get_by_role("button", name="Other")).to_be_enabled()
    assert len(app.received) == 1


async def test_who_types_while_the_app_answers_a_press_keeps_the_focus(
    local_slack: LocalSlack, page: Page, app: App, client: AsyncWebClient
) -> None:
    typed = asyncio.Event()

    async def change_message(_request: web.Request) -> web.Response:
        await typed.wait()
        actions = {"type": "actions", "elements": [button("Resume")]}
        await client.chat_update(channel="C0GENERAL", ts=ts, text="Stopped", blocks=[actions])
        return web.Response()

    app.answers = [change_message]
    message = await post_message(local_slack, page, {"type": "actions", "elements": [button("Stop")]})
    ts = await message.get_attribute("data-ts") or ""
    await message.get_by_role("button", name="Stop").click()
    await page.fill("#composer", "/track start api")
    typed.set()
    await expect(message.get_by_role("button", name="Resume")).to_be_visible()
    # What the page does once it has drawn the message happens before the next frame but one.
    await page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    await expect(page.locator("#composer")).to_be_focused()


async def test_a_confirm_dialog_is_asked_first(local_slack: LocalSlack, page: Page, app: App) -> None:
    question = {
        "title": plain("Sure?"),
        "text": marked("*12 min* go."),
        "confirm": plain("Discard"),
        "deny": plain("Keep"),
    }
    message = await post_message(
        local_slack, page, {"type": "actions", "elements": [button("Delete", confirm=question)]}
    )
    dialog = page.get_by_role("dialog", name="Sure?")
    for answer in ("Keep", "Escape"):
        await message.get_by_role("button", name="Delete").click()
        await expect(dialog).to_contain_text("12 min go.")
        if answer == "Keep":
            await dialog.get_by_role("button", name="Keep").click()
        else:
            await page.keyboard.press("Escape")
        await expect(dialog).to_be_hidden()
    assert app.received == []
    await message.get_by_role("button", name="Delete").click()
    async with page.expect_response("**/local-slack/press"):
        await dialog.get_by_role("button", name="Discard").click()
    assert len(app.received) == 1


async def test_the_composer_is_used_by_keyboard(local_slack: LocalSlack, page: Page, app: App) -> None:
    composer, offers = page.locator("#composer"), page.get_by_role("option")
    await expect(composer).to_be_focused()
    await page.keyboard.type("/tr")
    await expect(offers).to_have_text(["/track start [project]Start a timer."])
    await page.keyboard.press("Escape")
    await expect(offers).to_have_count(0)
    await page.keyboard.type("ack s")
    await page.keyboard.press("ArrowDown")
    await expect(composer).to_have_attribute("aria-activedescendant", "suggestion-0")
    await page.keyboard.press("Enter")
    await expect(composer).to_have_value("/track start ")
    await expect(page.locator("#hint")).to_contain_text("Start a timer.")
    app.answers = [web.Response(text="Started"), web.Response(status=500)]
    await page.keyboard.type("api")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("message").last).to_contain_text("Only visible to you")
    await expect(page.get_by_test_id("message").last).to_contain_text("Started")
    await page.keyboard.press("ArrowUp")
    await expect(composer).to_have_value("/track start api")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("message").last).to_contain_text(
        "failed with the error “dispatch_failed”"
    )
    await page.keyboard.type("/remind me")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("/remind is not a command here")
    assert [one.payload["text"] for one in local_slack.deliveries] == ["start api", "start api"]


async def test_what_others_get_is_marked_and_what_was_sent_is_listed(
    local_slack: LocalSlack, page: Page, app: App
) -> None:
    assert app
    local_slack.workspace.post(Message(local_slack.workspace.dm("U0ADA"), "", BOT_USER, "to Ada"))
    await expect(page.locator("#dm")).to_contain_text("1")
    await page.locator("#dm").click()
    await expect(page.get_by_test_id("message")).to_contain_text("to Ada")
    await expect(page.locator("#dm .count")).to_have_count(0)
    await page.fill("#composer", "/track today")
    await page.press("#composer", "Enter")
    await page.get_by_role("button", name="What was sent").click()
    entry = page.get_by_test_id("traffic").get_by_role("listitem")
    await expect(entry).to_contain_text("/track today")
    await entry.locator("summary").click()
    await expect(entry).to_contain_text('"channel_name": "directmessage"')
    await page.locator('[data-person="U0BEN"]').click()
    await expect(page.get_by_text("You are Ben Okafor, in New York.")).to_be_visible()


async def test_on_a_phone_the_sidebar_is_behind_a_button(local_slack: LocalSlack, page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 780})
    await post_message(local_slack, page, {"type": "section", "text": marked("word " * 60)})
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await expect(page.locator('[data-person="U0BEN"]')).to_be_hidden()
    await page.get_by_role("button", name="Channels and people").click()
    await page.locator('[data-channel="C0API"]').click()
    await expect(page.locator("#place")).to_contain_text("api")
    await expect(page.locator('[data-person="U0BEN"]')).to_be_hidden()
