"""Modals, Home, menus and shortcuts are opened, filled, sent and refused as by Slack."""

import json
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from local_slack.requests.places import Place
from local_slack.server import LocalSlack
from local_slack.workspace import BOT_USER, Message
from tests.local_slack.conftest import App, MovableClock
from tests.local_slack.samples import input_block, modal, open_modal, option, plain, read_payload

Json = dict[str, Any]


NOTE = input_block("Note", {"type": "plain_text_input", "initial_value": "docs"})
PROJECT = input_block("Project", {"type": "static_select", "options": [option("API"), option("Website")]})
WHEN = input_block("Start", {"type": "timepicker"}, optional=True)
FINDER = input_block("Find", {"type": "external_select", "min_query_length": 0}, optional=True)


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_a_trigger_opens_one_view_within_three_seconds(
    local_slack: LocalSlack, client: AsyncWebClient, clock: MovableClock
) -> None:
    trigger = local_slack.command_form("U0ADA", "x")["trigger_id"]
    await client.views_open(trigger_id=trigger, view=modal(NOTE))
    assert await refused(client.views_open(trigger_id=trigger, view=modal(NOTE))) == "exchanged_trigger_id"
    late = local_slack.command_form("U0ADA", "x")["trigger_id"]
    clock.ahead += 3.1
    assert await refused(client.views_open(trigger_id=late, view=modal(NOTE))) == "expired_trigger_id"
    assert await refused(client.views_open(trigger_id="1.2", view=modal(NOTE))) == "invalid_trigger_id"


async def test_a_stack_holds_three(local_slack: LocalSlack, client: AsyncWebClient) -> None:
    bottom = await open_modal(local_slack, client, NOTE)
    for _ in range(2):
        await client.views_push(
            trigger_id=local_slack.command_form("U0ADA", "x")["trigger_id"], view=modal(NOTE)
        )
    trigger = local_slack.command_form("U0ADA", "x")["trigger_id"]
    assert await refused(client.views_push(trigger_id=trigger, view=modal(NOTE))) == "push_limit_reached"
    top = local_slack.workspace.views.top("U0ADA")
    assert top is not None
    assert top.root_id == bottom.id


async def test_what_was_prefilled_and_what_was_entered_is_sent(
    local_slack: LocalSlack, client: AsyncWebClient, app: App
) -> None:
    view = await open_modal(local_slack, client, NOTE, PROJECT, WHEN, private_metadata="7:1")
    answer = await local_slack.screens.submit(view, {"Project": "Website"})
    assert (answer.status, answer.errors) == (200, ())
    sent = read_payload(app)
    assert sent["type"] == "view_submission"
    assert sent["view"]["private_metadata"] == "7:1"
    values = sent["view"]["state"]["values"]
    assert values["note"]["value"] == {"type": "plain_text_input", "value": "docs"}
    assert values["project"]["value"]["selected_option"]["value"] == "website"
    assert values["start"]["value"]["selected_time"] is None
    assert local_slack.workspace.views.top("U0ADA") is None


async def test_an_empty_required_field_is_never_sent(
    local_slack: LocalSlack, client: AsyncWebClient, app: App
) -> None:
    view = await open_modal(local_slack, client, NOTE, PROJECT)
    assert (await local_slack.screens.submit(view, {"Note": ""})).errors == ("incomplete",)
    assert set(view.errors) == {"note", "project"}
    assert app.received == []


async def test_errors_stand_at_their_fields_under_the_same_view(
    local_slack: LocalSlack, client: AsyncWebClient, app: App
) -> None:
    view = await open_modal(local_slack, client, NOTE)
    app.answers.append(
        web.json_response({"response_action": "errors", "errors": {"note": "Too long by a word."}})
    )
    await local_slack.screens.submit(view)
    assert view.errors == {"note": "Too long by a word."}
    assert local_slack.workspace.views.top("U0ADA") is view
    app.answers.append(web.json_response({"response_action": "errors", "errors": {"no_such": "x"}}))
    assert "invalid_arguments" in (await local_slack.screens.submit(view)).errors


async def test_a_submission_may_update_push_or_clear(
    local_slack: LocalSlack, client: AsyncWebClient, app: App
) -> None:
    view = await open_modal(local_slack, client, NOTE)
    app.answers += [
        web.json_response({"response_action": "update", "view": modal(NOTE, WHEN)}),
        web.json_response({"response_action": "push", "view": modal(WHEN)}),
        web.json_response({"response_action": "clear"}),
    ]
    await local_slack.screens.submit(view, {"Note": "entered"})
    assert len(view.blocks) == 2
    assert view.state["note"]["value"]["value"] == "entered"
    await local_slack.screens.submit(view)
    top = local_slack.workspace.views.top("U0ADA")
    assert top is not None
    assert top.previous_id == view.id
    await local_slack.screens.submit(top)
    assert local_slack.workspace.views.top("U0ADA") is None


async def test_a_stale_hash_is_refused(local_slack: LocalSlack, client: AsyncWebClient) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = await client.views_publish(user_id="U0ADA", view=home)
    await client.views_publish(user_id="U0ADA", view=home, hash=first["view"]["hash"])
    stale = client.views_publish(user_id="U0ADA", view=home, hash=first["view"]["hash"])
    assert await refused(stale) == "hash_conflict"
    view = await open_modal(local_slack, client, NOTE)
    changed = client.views_update(view_id=view.id, view=modal(WHEN), hash="1.2")
    assert await refused(changed) == "hash_conflict"


async def test_closing_is_told_to_who_asked_for_it(
    local_slack: LocalSlack, client: AsyncWebClient, app: App
) -> None:
    await local_slack.screens.close(await open_modal(local_slack, client, NOTE))
    assert app.received == []
    await local_slack.screens.close(await open_modal(local_slack, client, NOTE, notify_on_close=True))
    assert read_payload(app)["type"] == "view_closed"


async def test_an_external_menu_asks_the_app(
    local_slack: LocalSlack, client: AsyncWebClient, app: App
) -> None:
    view = await open_modal(local_slack, client, FINDER)
    app.answers.append(web.json_response({"options": [option("API")]}))
    (found,) = await local_slack.screens.options("U0ADA", Place(view=view), "Find", "ap")
    assert (read_payload(app)["type"], read_payload(app)["value"]) == ("block_suggestion", "ap")
    await local_slack.screens.submit(view, {"Find": found})
    assert read_payload(app)["view"]["state"]["values"]["find"]["value"]["selected_option"]["value"] == "api"


async def test_a_menu_and_a_button_in_home_are_actions_with_the_view(
    local_slack: LocalSlack, client: AsyncWebClient, app: App
) -> None:
    menu = {"type": "overflow", "action_id": "entry", "options": [option("Edit…"), option("Delete")]}
    row = {"type": "section", "text": plain("api"), "accessory": menu}
    go = {"type": "actions", "elements": [{"type": "button", "action_id": "start", "text": plain("Start")}]}
    await client.views_publish(user_id="U0ADA", view={"type": "home", "blocks": [row, go]})
    home = local_slack.workspace.views.homes["U0ADA"]
    await local_slack.press("U0ADA", home, "entry", choice="Delete")
    (action,) = read_payload(app)["actions"]
    assert action["selected_option"]["value"] == "delete"
    await local_slack.press("U0ADA", home, "Start")
    sent = read_payload(app)
    assert sent["container"] == {"type": "view", "view_id": home.id}
    assert "response_url" not in sent


async def test_an_opened_home_is_an_event(local_slack: LocalSlack, app: App) -> None:
    await local_slack.screens.open_home("U0BEN")
    event = json.loads(app.received[0][1])["event"]
    assert (event["type"], event["user"], event["tab"]) == ("app_home_opened", "U0BEN", "home")


async def test_shortcuts_carry_what_slack_sends(local_slack: LocalSlack, app: App) -> None:
    await local_slack.screens.shortcut("U0ADA", "start_timer")
    sent = read_payload(app)
    assert sent["type"] == "shortcut"
    assert not {"channel", "response_url"} & sent.keys()
    parent = local_slack.workspace.post(Message("C0API", "", "U0BEN", "It is broken"))
    answer = local_slack.workspace.post(Message("C0API", "", "U0BEN", "Looking", thread_ts=parent.ts))
    await local_slack.screens.message_shortcut("U0ADA", answer, "track_message")
    sent = read_payload(app)
    assert (sent["type"], sent["message_ts"]) == ("message_action", answer.ts)
    assert sent["message"]["thread_ts"] == parent.ts
    assert sent["channel"]["id"] == "C0API"


async def test_a_message_has_a_permalink(local_slack: LocalSlack, client: AsyncWebClient) -> None:
    message = local_slack.workspace.post(Message("C0API", "", BOT_USER, "hello"))
    found = await client.chat_getPermalink(channel="C0API", message_ts=message.ts)
    assert found["permalink"].endswith(f"/archives/C0API/p{message.ts.replace('.', '')}")
    assert await refused(client.chat_getPermalink(channel="C0API", message_ts="1.2")) == "message_not_found"


@pytest.mark.parametrize(
    ("view", "what"),
    [
        (modal(NOTE) | {"title": plain("x" * 25)}, "less than 25"),
        ({key: value for key, value in modal(NOTE).items() if key != "submit"}, "submit"),
        (modal(NOTE, NOTE), "already exists"),
        (modal(NOTE) | {"private_metadata": "x" * 3_001}, "private_metadata"),
        (modal({"type": "data_visualization"}), "unsupported type"),
        ({"type": "home", "blocks": []}, "unsupported type: home"),
    ],
)
async def test_a_view_that_slack_would_refuse_is_refused(
    local_slack: LocalSlack, client: AsyncWebClient, view: Json, what: str
) -> None:
    trigger = local_slack.command_form("U0ADA", "x")["trigger_id"]
    with pytest.raises(SlackApiError) as caught:
        await client.views_open(trigger_id=trigger, view=view)
    assert any(what in said for said in caught.value.response["response_metadata"]["messages"])
