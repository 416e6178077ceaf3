"""The Home tab is opened: whoever is new is introduced, and the tab is kept true from then on."""

from typing import Any

from bot.interaction.context import BotContext
from bot.interaction.features import Event, Feature
from domain.errors import AccessEnded, NotFound

# How much of Slack's three seconds the event may wait for its tab.
WAIT_SECONDS = 1.0


async def open_home(context: BotContext, body: dict[str, Any]) -> None:
    """Raises Unreachable, so that Slack sends the event again."""
    event = body["event"]
    if event.get("tab", "home") != "home":
        return
    try:
        await context.introduce(event["user"])
        await context.services.live_messages.publish_home(context.workspace.id, event["user"])
    except (NotFound, AccessEnded):
        return  # a bot, a stranger, or somebody who is not a member any more
    await context.refresh_live_messages(wait=WAIT_SECONDS)


FEATURE = Feature(events=(Event("app_home_opened", open_home),))
