"""Checks all that the service sent to Slack in a test: Slack takes it, and nobody's words become a mention or link."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

from bot.routes import BUTTONS, FORMS
from bot.views.forms import NOTICE
from bot.views.message_refs import read_block_id
from local_slack.forms import action_elements
from local_slack.judge.blocks import find_problems, find_view_problems
from local_slack.judge.elements import OPTIONS
from local_slack.server import LocalSlack
from tests.cast import PATIENCE_SECONDS
from tests.conftest import Clock
from tests.replica import Replica, make_local_slack, run_replica

Json = dict[str, Any]

# What we write into mrkdwn ourselves: an instant in the reader's own zone, a channel, the way back to a message or to
# where a suggestion is from.
_OURS = re.compile(
    r"<!date\^\d+\^[^|<>]*\|[^<>]*>|<#C[A-Z0-9]+>|<https://[\w.-]+/archives/[^\s<>|]+\|the message>"
    r"|<https?://[^\s<>|]+\|where it is from>"
)
_ACTION_IDS = {row.action_id for row in BUTTONS}
_VIEW_IDS = {*(row.form_id for row in FORMS), NOTICE, "home"}
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00-\x09\x0b-\x1f\x7f]")
_LONGEST_TEXT = 3_000


@asynccontextmanager
async def start_and_check(local_slack: LocalSlack) -> AsyncIterator[LocalSlack]:
    """Run this local Slack, and check all that was sent to it when its visitors have left."""
    await local_slack.start()
    yield local_slack
    await local_slack.stop()
    check_emitted(local_slack)


@asynccontextmanager
async def run_checked_replica(
    database_url: str, clock: Clock, *, least_wait: float = PATIENCE_SECONDS
) -> AsyncIterator[Replica]:
    """Run a replica and a checked local Slack, for both of which the time is that clock's."""
    async with (
        start_and_check(make_local_slack(lambda: clock().timestamp())) as local_slack,
        run_replica(database_url, local_slack, clock=clock, least_wait=least_wait) as running,
    ):
        yield running


def check_emitted(local_slack: LocalSlack) -> None:
    """Check what was sent, and forget it: the local Slack itself remembers the last 200 answers only."""
    assert find_problems_in(local_slack) == []
    local_slack.calls.clear()
    local_slack.deliveries.clear()


def find_problems_in(local_slack: LocalSlack) -> list[str]:
    """Return a sentence for each thing that is wrong with what was sent."""
    found: list[str] = []
    for message in list_emitted_messages(local_slack):
        found += _find_message_problems(message)
    for view in list_emitted_views(local_slack):
        found += _find_view_problems(view)
    for options in list_emitted_options(local_slack):
        # Slack takes an empty menu, and says that nothing was found.
        found += OPTIONS(options, "/options") if options else []
        found += [said for one in options for said in _find_markup(one["text"]["text"], plain=True)]
    return found


def list_emitted_messages(local_slack: LocalSlack) -> Iterator[Json]:
    """Posted, updated, through response addresses, and as answers to commands."""
    for call in local_slack.calls:
        if call.method.startswith("chat.") and call.method != "chat.getPermalink":
            yield call.arguments
        if call.method == "files.completeUploadExternal":
            yield {"text": call.arguments["initial_comment"]}
        if call.method == "response_url":
            yield call.arguments
    for answer in _list_answers(local_slack):
        if "text" in answer or answer.get("blocks"):
            yield answer


def list_emitted_views(local_slack: LocalSlack) -> Iterator[Json]:
    for call in local_slack.calls:
        if call.method.startswith("views."):
            yield call.arguments["view"]
    for answer in _list_answers(local_slack):
        if "view" in answer:
            yield answer["view"]
        for sentence in answer.get("errors", {}).values():
            assert sentence.strip()


def list_emitted_options(local_slack: LocalSlack) -> Iterator[list[Json]]:
    for answer in _list_answers(local_slack):
        if "options" in answer:
            yield answer["options"]


def _list_answers(local_slack: LocalSlack) -> Iterator[Json]:
    for delivery in local_slack.deliveries:
        if delivery.answer.startswith("{"):
            yield json.loads(delivery.answer)


def _find_message_problems(message: Json) -> list[str]:
    text, blocks = message.get("text") or "", message.get("blocks") or []
    found = find_problems(blocks)
    if not text.strip() or len(text) > _LONGEST_TEXT:
        found.append(f"a fallback text of {len(text)} characters: {blocks}")
    found += _find_markup(text)
    for block, element in action_elements(blocks):
        found += _find_unhandled(element)
        if read_block_id(block.get("block_id", "")) is None:
            found.append(f"nobody would know whose message it is when {element['action_id']} is pressed")
    return found + _find_markup_inside(blocks)


def _find_view_problems(view: Json) -> list[str]:
    found = find_view_problems(view, view["type"])
    if view.get("callback_id") not in _VIEW_IDS:
        found.append(f"nobody handles the form {view.get('callback_id')}")
    for block, element in action_elements(view["blocks"]):
        if block["type"] != "input":  # a field is read when the form is sent
            found += _find_unhandled(element)
    return found + _find_markup_inside(view)


def _find_unhandled(element: Json) -> list[str]:
    name = re.sub(r"_?\d+$", "", element["action_id"])
    return [] if name in _ACTION_IDS else [f"nobody handles {element['action_id']}"]


def _find_markup_inside(value: object) -> list[str]:
    """In every text object, cell and label, however deep."""
    if isinstance(value, list):
        return [said for one in value for said in _find_markup_inside(one)]
    if not isinstance(value, dict):
        return []
    found = []
    for name, inside in value.items():
        if name == "text" and isinstance(inside, str):
            found += _find_markup(inside, plain=value.get("type") != "mrkdwn")
        elif name in {"initial_value", "title", "label", "name"} and isinstance(inside, str):
            found += _find_markup(inside, plain=True) if name != "initial_value" else []
        else:
            found += _find_markup_inside(inside)
    return found


def _find_markup(text: str, *, plain: bool = False) -> list[str]:
    """`plain` is for where Slack reads no markup: only characters that are not seen count there."""
    found = []
    if "Something went wrong on our side" in text:
        found.append("an error was not foreseen")
    if character := _INVISIBLE.search(text):
        found.append(f"an invisible character {character.group()!r} in {text[:80]!r}")
    if not plain and (alive := re.search(r"<[^<>]*>?", _OURS.sub("", text))):
        found.append(f"{alive.group()[:60]!r} comes alive")
    return found
