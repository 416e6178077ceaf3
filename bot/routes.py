"""Every listener on one screen. manifest.yml asks Slack for exactly these; a test compares them."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.buttons import Press, pressed
from bot.desk import Desk
from bot.directory import profile_of
from bot.grammar import COMMAND
from bot.replies import Replies

Payload = dict[str, Any]
ANY_BUTTON = re.compile(r"[a-z_]+")


def register(app: AsyncApp, desk: Desk, replies: Replies) -> None:
    @app.command(COMMAND)
    async def track(ack: AsyncAck, command: Payload) -> None:
        act = desk.act("command", command["trigger_id"], command["user_id"])
        await ack(**await desk.command(act, command.get("text", "")), response_type="ephemeral")

    # One pattern and a table behind it: Bolt tries its listeners one after the other.
    @app.action(ANY_BUTTON)
    async def button(ack: AsyncAck, body: Payload, action: Payload) -> None:
        place = body.get("container", {}).get("message_ts", "")
        key = f"{place}:{action['action_id']}:{action['action_ts']}:{body['user']['id']}"
        press = Press(desk.act("press", key, body["user"]["id"]), action.get("value", ""))
        answer = await desk.told(press.act, lambda: pressed(desk, press, action["action_id"]))
        await replies.replace(body, answer)
        await ack()

    @app.event("user_change")
    async def user_changed(ack: AsyncAck, event: Payload) -> None:
        await desk.tracker.people.update_known(desk.workspace.id, profile_of(event["user"]))
        await ack()
