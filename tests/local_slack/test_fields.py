"""The state of fields, the errors that Slack itself shows, and what the app gets of fields outside a form."""

from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from local_slack.forms import find_field_errors, initial_state, merge_state
from local_slack.server import LocalSlack
from local_slack.workspace import BOT_USER, Message
from tests.local_slack.conftest import App
from tests.local_slack.samples import Json, input_block, open_modal, option, read_payload

SHORT = {"type": "plain_text_input", "min_length": 3, "max_length": 5}
NUMBER = {"type": "number_input", "min_value": "1", "max_value": "8"}


@pytest.mark.parametrize(
    ("element", "held", "said"),
    [
        ({"type": "plain_text_input"}, None, "Please complete this required field."),
        (SHORT, "ab", "Please enter at least 3 characters."),
        (SHORT, "abcdef", "Please enter at most 5 characters."),
        (SHORT, "abcd", None),
        ({"type": "email_text_input"}, "ada", "Please enter a valid email address."),
        ({"type": "email_text_input"}, "ada@example.com", None),
        ({"type": "url_text_input"}, "example.com", "Please enter a valid URL."),
        ({"type": "url_text_input"}, "https://example.com", None),
        (NUMBER, "x", "Please enter a valid number."),
        (NUMBER, "1.5", "Please enter a whole number."),
        (NUMBER | {"is_decimal_allowed": True}, "1.5", None),
        (NUMBER, "0", "Please enter 1 or more."),
        (NUMBER, "9", "Please enter 8 or less."),
        ({"type": "multi_users_select"}, [], "Please complete this required field."),
        ({"type": "multi_channels_select"}, ["C0API"], None),
    ],
)
def test_slack_says_itself_what_a_field_does_not_take(element: Json, held: object, said: str | None) -> None:
    blocks = [input_block("Field", element)]
    state = initial_state(blocks)
    (key,) = state["field"]["value"].keys() - {"type"}
    state["field"]["value"][key] = held
    assert find_field_errors(blocks, state) == ({"field": said} if said else {})


def test_only_fields_that_are_there_are_taken_from_the_page() -> None:
    blocks = [input_block("Note", {"type": "plain_text_input", "initial_value": "docs"})]
    other = {"note": {"value": {"type": "datepicker", "selected_date": "2026-01-01"}}, "gone": {}}
    assert merge_state(blocks, other) == initial_state(blocks)


async def posted(session: aiohttp.ClientSession, local_slack: LocalSlack, route: str, **body: Any) -> Any:
    async with session.post(
        f"{local_slack.url}/local-slack/{route}", json={"user": "U0ADA", **body}
    ) as response:
        return await response.json()


async def test_a_press_in_a_message_carries_its_fields(
    local_slack: LocalSlack, session: aiohttp.ClientSession, app: App
) -> None:
    note = input_block("Note", {"type": "plain_text_input", "initial_value": "docs"}, dispatch_action=True)
    day = {"type": "datepicker", "action_id": "day"}
    blocks = (note, {"type": "actions", "elements": [day]})
    place = {
        "channel": "C0API",
        "ts": local_slack.workspace.post(Message("C0API", "", BOT_USER, "x", blocks)).ts,
    }
    async with session.get(f"{local_slack.url}/local-slack/state") as response:
        (shown,) = (await response.json())["messages"]["C0API"]
    state = shown["state"]
    assert state["note"]["value"]["value"] == "docs"
    state["note"]["value"]["value"] = "entered"
    await posted(session, local_slack, "press", **place, button="day", choice="2026-01-05", state=state)
    sent = read_payload(app)
    assert sent["actions"][0]["selected_date"] == "2026-01-05"
    assert sent["state"]["values"]["b1"]["day"]["selected_date"] == "2026-01-05"
    assert sent["state"]["values"]["note"]["value"]["value"] == "entered"
    await posted(session, local_slack, "press", **place, button="value", block_id="note", choice="more")
    assert read_payload(app)["actions"][0]["value"] == "more"


async def test_menus_of_the_same_action_are_told_apart_by_their_block(
    local_slack: LocalSlack, session: aiohttp.ClientSession, client: AsyncWebClient, app: App
) -> None:
    find: Json = {"type": "external_select", "min_query_length": 0}
    view = await open_modal(local_slack, client, input_block("One", find), input_block("Two", find))
    app.answers = [web.json_response({"options": [option("API")]})]
    answer = await posted(
        session, local_slack, "options", view=view.id, block_id="two", name="value", value="ap", state={}
    )
    assert answer["options"] == [option("API")]
    assert (read_payload(app)["block_id"], read_payload(app)["value"]) == ("two", "ap")


async def test_a_shortcut_that_fails_is_told(
    local_slack: LocalSlack, session: aiohttp.ClientSession, app: App
) -> None:
    app.answers = [web.Response(status=500)]
    answer = await posted(session, local_slack, "shortcut", callback_id="start_timer")
    assert (answer["errors"], answer["view"]) == (["dispatch_failed"], None)
    assert read_payload(app)["callback_id"] == "start_timer"
