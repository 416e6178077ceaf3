"""The Home tab is opened: whoever is new is introduced, and the tab is kept true from then on."""

from typing import Any

from bot.interaction.context import BotContext
from domain.errors import AccessEnded, NotFound

# How much of Slack's three seconds the event may wait for its tab.
WAIT_SECONDS = 1.0


async def opened(context: BotContext, event: dict[str, Any]) -> None:
    """Raises Unreachable, so that Slack sends the event again."""
    if event.get("tab", "home") != "home":
        return
    try:
        await context.introduce(event["user"])
        await context.services.surfaces.opened_home(context.workspace.id, event["user"])
    except (NotFound, AccessEnded):
        return  # a bot, a stranger, or somebody who is not a member any more
    await refresh(context, wait=WAIT_SECONDS)


async def refresh(context: BotContext, *, wait: float) -> None:
    """What has changed is seen at once; the clock's next tick would see to it too."""

    async def work() -> None:
        await context.services.surfaces.refresh_due()

    await context.background.run(work(), wait=wait)
