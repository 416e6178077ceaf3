"""The Home tab: introduce new people when they open it, and publish it."""

from typing import Any

from bot.interaction.context import BotContext
from bot.interaction.features import Event, Feature
from domain.errors import AccessEnded, NotFound

# The event waits for at most this long for its tab: a part of Slack's three seconds.
WAIT_SECONDS = 1.0


async def open_home(context: BotContext, body: dict[str, Any]) -> None:
    """Publish the Home tab of the person who opened it. Raises Unreachable, so that Slack sends the event again."""
    event = body["event"]
    if event.get("tab", "home") != "home":
        return
    try:
        await context.introduce(event["user"])
        await context.services.live_messages.publish_home(context.workspace.id, event["user"])
    except (NotFound, AccessEnded):
        return  # a bot, or a person who is unknown or no longer a member
    await context.refresh_live_messages(wait=WAIT_SECONDS)


FEATURE = Feature(events=(Event("app_home_opened", open_home),))
