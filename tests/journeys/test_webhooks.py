"""A sender outside is connected in Slack, and what it sends shows up there."""

import json
import time

import aiohttp
import pytest
from playwright.async_api import expect

from tests.journeys.conftest import BEGAN, Desktop
from web.webhooks.signatures import decode_secret, sign

pytestmark = pytest.mark.browser


async def post(address: str, secret: str, kind: str, **data: object) -> int:
    """As a deployment would, minutes after the afternoon of these journeys began."""
    at, delivery_id = int(BEGAN.timestamp()), f"msg_{time.monotonic_ns()}"
    body = json.dumps({"type": kind, "timestamp": BEGAN.isoformat(), "data": data}).encode()
    headers = {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(at),
        "webhook-signature": sign([decode_secret(secret)], delivery_id, at, body),
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, data=body, headers=headers) as answer,
    ):
        return answer.status


async def test_an_endpoint_is_connected_and_its_events_show_up(desktop: Desktop) -> None:
    page = desktop.page
    made = await desktop.type_command("connect deploys", answer="deploys is connected")
    address, secret = await made.locator("pre").all_inner_texts()
    await desktop.take_picture("connected", of=made)
    started = await post(address, secret, "timer.start", user="U0ADA", project="api", description="deploy")
    assert started == 202
    assert await post(address, secret, "message.post", channel="C0GENERAL", text="Version 7 is out") == 202
    await expect(desktop.last_message).to_contain_text("Version 7 is out", timeout=10_000)
    await desktop.type_command("", answer="deploy")

    listed = await desktop.type_command("connect list", answer="2 accepted, 0 refused")
    await desktop.take_picture("endpoints", of=listed)
    await desktop.press_button(listed, "Rotate secret")
    await expect(listed).to_contain_text("deploys has a new secret")
    _, new_secret = await listed.locator("pre").all_inner_texts()
    for live in (secret, new_secret):
        assert await post(address, live, "timer.stop", user="U0ADA") == 202

    given = {"start_time": "2026-11-18T10:00:00Z", "end_time": "2026-11-18T11:30:00Z", "project": "api"}
    link = "https://example.com/pull/7"
    suggested = await post(
        address, secret, "time_entry.suggest", user="U0ADA", description="review of #7", link=link, **given
    )
    assert suggested == 202
    today = await desktop.type_command("today", answer="Suggested by deploys")
    await desktop.take_picture("suggestion", of=today)
    await desktop.press_button(today, "Accept")
    await expect(today).to_contain_text("11:00–12:30")
    await expect(today.get_by_role("button", name="Accept")).to_be_hidden()

    listed = await desktop.type_command("connect list", answer="5 accepted, 0 refused")
    await desktop.press_button(listed, "Disconnect")
    await page.locator("#confirm-yes").click()
    await expect(listed).to_contain_text("deploys is disconnected")
    assert await post(address, new_secret, "timer.stop", user="U0ADA") == 410
