"""Short ways to do in the local Slack what a person does, and to read what they see."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from local_slack.answers import Answer
from local_slack.forms import STATES, action_elements
from local_slack.requests.encoding import encode_form
from local_slack.requests.places import Place
from local_slack.views import View
from local_slack.workspace import Message
from tests.bot.judge import judged
from tests.cast import PATIENCE_SECONDS
from tests.conftest import Clock
from tests.service import WEBHOOK_SECRET, Replica, make_local_slack, replica
from web.webhooks.signatures import decode_secret, sign

Json = dict[str, Any]


@asynccontextmanager
async def standing(
    database_url: str, clock: Clock, *, patience: float = PATIENCE_SECONDS
) -> AsyncIterator[Replica]:
    """A replica and a Slack whose clocks stand where that one does."""
    async with (
        judged(make_local_slack(lambda: clock().timestamp())) as local_slack,
        replica(database_url, local_slack, clock=clock, patience=patience) as running,
    ):
        yield running


async def typed(app: Replica, text: str, user: str = "U0ADA", channel: str = "C0GENERAL") -> Message:
    """What the person is shown for `/track` and this text in that channel."""
    answer = await app.local_slack.command(user, text, channel)
    assert answer.status == 200, answer
    assert not answer.errors, answer.errors
    assert answer.message is not None
    return now(app, answer.message)


def now(app: Replica, message: Message) -> Message:
    """How that message stands by now."""
    current = app.local_slack.current(message)
    assert current is not None
    return current


async def pressed(
    app: Replica, place: Message | View, button: str, user: str = "U0ADA", **how: Any
) -> Answer:
    answer = await app.local_slack.press(user, place, button, **how)
    assert answer.status == 200, answer
    return answer


async def chosen(app: Replica, message: Message, row: int, words: str, user: str = "U0ADA") -> Message:
    """What the message says after something was chosen in its menu, the first being row 0."""
    blocks = [
        block for block, one in action_elements(Place(message).blocks) if one["action_id"] == "entry_menu"
    ]
    await pressed(app, message, "entry_menu", user, choice=words, block_id=blocks[row]["block_id"])
    return now(app, message)


def form(app: Replica, user: str = "U0ADA") -> View:
    """The modal in front of that person."""
    view = app.local_slack.workspace.views.top(user)
    assert view is not None, "no form is open"
    return view


def no_form(app: Replica, user: str = "U0ADA") -> bool:
    return app.local_slack.workspace.views.top(user) is None


async def opened(app: Replica, place: Message | View, button: str, user: str = "U0ADA", **how: Any) -> View:
    """The form that the button opens."""
    await pressed(app, place, button, user, **how)
    return form(app, user)


async def sent(app: Replica, view: View, given: Mapping[str, object] | None = None) -> Answer:
    """The form is filled, fields by their labels, and sent."""
    answer = await app.local_slack.screens.submit(view, given)
    assert (answer.status, answer.errors) == (200, ()), (answer, view.errors)
    return answer


def home(app: Replica, user: str = "U0ADA") -> View:
    return app.local_slack.workspace.views.homes[user]


def fields(view: View) -> dict[str, Any]:
    """What stands in the fields of a form, by label."""
    found = {}
    for block, element in action_elements(view.blocks):
        if block["type"] == "input":
            held = view.state[block["block_id"]][element["action_id"]][STATES[element["type"]][0]]
            found[block["label"]["text"]] = held["text"]["text"] if isinstance(held, dict) else held
    return found


def errors(view: View) -> dict[str, str]:
    """The sentences at the fields, by label."""
    labels = {block["block_id"]: block["label"]["text"] for block in view.blocks if block["type"] == "input"}
    return {labels[block_id]: said for block_id, said in view.errors.items()}


def words(place: Message | View) -> str:
    """All that can be read there, instants as the fallback says them."""
    inside = place.blocks if isinstance(place, View) else [*place.blocks]
    return instants(" | ".join([*([place.text] if isinstance(place, Message) else []), *_texts(inside)]))


def instants(text: str) -> str:
    return re.sub(r"<!date[^|]*\|([^>]*)>", r"\1", text)


def _texts(value: object) -> list[str]:
    if isinstance(value, list | tuple):
        return [text for one in value for text in _texts(one)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if isinstance(value.get("text"), str) else []
    return own + [text for inside in value.values() if not isinstance(inside, str) for text in _texts(inside)]


def buttons(place: Message | View) -> list[str]:
    """The words on everything that can be pressed."""
    inside = place.blocks if isinstance(place, View) else Place(place).blocks
    return [
        one["text"]["text"] if "text" in one else one["action_id"]
        for block, one in action_elements(inside)
        if block["type"] != "input"
    ]


def messages(app: Replica, channel: str = "C0GENERAL") -> list[Message]:
    return app.local_slack.workspace.messages(channel)


def direct(app: Replica, user: str = "U0ADA") -> list[Message]:
    return messages(app, app.local_slack.workspace.dm(user))


def calls(app: Replica, method: str) -> list[Json]:
    return [call.arguments for call in app.local_slack.calls if call.method == method]


async def rewritten(app: Replica) -> None:
    """What the clock does each second: whatever changed is written anew where it stands."""
    await _unhurried(app)
    while await app.service.services.live_messages.refresh_due():
        await _unhurried(app)


async def delivered(app: Replica) -> None:
    """And what waits to be sent is sent."""
    await _unhurried(app)
    while await app.service.services.outbox.send_due():
        await _unhurried(app)


async def _unhurried(app: Replica) -> None:
    """As if a minute had passed for Slack's patience: the clock of a test may stand."""
    async with app.database.transaction(app.service.workspace.id) as tx:
        await tx.connection.execute("update messages set sent_at = sent_at - interval '1 minute'")
        await tx.connection.execute("update lanes set next_at = next_at - interval '1 minute'")


async def day(app: Replica, named: str = "today", user: str = "U0ADA") -> list[str]:
    """Each entry of that day, "09:00–10:00 docs": what is true in the database, by the report."""
    asked = app.local_slack.command_form(user, named)
    del asked["response_url"]  # so that the answer comes back at once, and in words
    report = (await app.local_slack.deliver(encode_form(asked))).json
    assert report is not None
    line = re.compile(r"`(\d\d:\d\d–(?:\d\d:\d\d|now))`  (.*) · [^·]*")
    found = [line.fullmatch(text) for text in _texts(report["blocks"])]
    return [
        f"{one[1]} {re.sub(r'[*]|:[a-z_]+: |_(?=no )|(?<=project)_', '', one[2])}" for one in found if one
    ]


async def hooked(app: Replica, kind: str, delivery_id: str, **data: object) -> int:
    """A signed webhook of that kind; the status it is answered with."""
    seconds = int(app.local_slack.workspace.clock())
    at = datetime.fromtimestamp(seconds, UTC).isoformat()
    body = json.dumps({"type": kind, "timestamp": at, "data": {"user": "U0ADA", **data}}).encode()
    headers = {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": sign([decode_secret(WEBHOOK_SECRET)], delivery_id, seconds, body),
    }
    url = f"{app.service.address}/api/webhooks"
    async with app.session.post(url, data=body, headers=headers) as response:
        return response.status
