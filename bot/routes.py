"""Every listener on one screen. manifest.yml asks Slack for exactly these; a test compares them."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.commands import dispatch
from bot.features import buttons, forms, home, imports, shortcuts
from bot.interaction.context import BotContext
from bot.views.blocks import COMMAND

Payload = dict[str, Any]
# One pattern and a table behind it: Bolt tries its listeners one after the other.
ANYTHING = re.compile(r"[a-z_]+\d*")


def register(app: AsyncApp, context: BotContext) -> None:
    @app.command(COMMAND)
    async def track(ack: AsyncAck, command: Payload) -> None:
        answer = await dispatch.typed(context, command)
        await (ack(**answer, response_type="ephemeral") if answer else ack())

    @app.action(ANYTHING)
    async def pressed(ack: AsyncAck, body: Payload, action: Payload) -> None:
        await buttons.pressed(context, body, action)
        await ack()

    @app.view(ANYTHING)
    async def submitted(ack: AsyncAck, body: Payload) -> None:
        await ack(**await forms.submitted(context, body))

    @app.options(ANYTHING)
    async def offered(ack: AsyncAck, body: Payload) -> None:
        await ack(options=await forms.offered(context, body))

    @app.shortcut(shortcuts.START_TIMER)
    async def start_timer(ack: AsyncAck, body: Payload) -> None:
        await shortcuts.start_timer(context, body)
        await ack()

    @app.shortcut(shortcuts.TRACK_MESSAGE)
    async def track_message(ack: AsyncAck, body: Payload) -> None:
        await shortcuts.track_message(context, body)
        await ack()

    @app.event("app_home_opened")
    async def home_opened(ack: AsyncAck, event: Payload) -> None:
        await home.opened(context, event)
        await ack()

    @app.event("message")
    async def said_to_us(ack: AsyncAck, body: Payload) -> None:
        await imports.dropped(context, body)
        await ack()

    register_membership(app, context)


def register_membership(app: AsyncApp, context: BotContext) -> None:
    """Who comes, changes and goes."""

    @app.event("user_change")
    async def user_changed(ack: AsyncAck, event: Payload) -> None:
        said = context.directory.read(event["user"])
        await context.services.people.update_known(context.workspace.id, said, context.directory)
        await ack()

    @app.event("app_uninstalled")
    async def uninstalled(ack: AsyncAck) -> None:
        await context.services.membership.uninstalled(context.workspace.id, "app_uninstalled")
        await ack()

    @app.event("tokens_revoked")
    async def tokens_revoked(ack: AsyncAck, event: Payload) -> None:
        # Users' own tokens are listed beside the bot's, and this app has none of them.
        revoked = event.get("tokens")
        if isinstance(revoked, dict) and revoked.get("bot"):
            await context.services.membership.uninstalled(context.workspace.id, "tokens_revoked")
        await ack()
