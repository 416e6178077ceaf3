"""The Home tab is opened: whoever is new is introduced, and the tab is kept true from then on."""

from typing import Any

from bot.interaction.context import Desk
from domain.errors import AccessEnded, NotFound

# How much of Slack's three seconds the event may wait for its tab.
WAIT_SECONDS = 1.0


async def opened(desk: Desk, event: dict[str, Any]) -> None:
    """Raises Unreachable, so that Slack sends the event again."""
    if event.get("tab", "home") != "home":
        return
    try:
        await desk.introduce(event["user"])
        await desk.tracker.surfaces.opened_home(desk.workspace.id, event["user"])
    except (NotFound, AccessEnded):
        return  # a bot, a stranger, or somebody who is not a member any more
    await refresh(desk, wait=WAIT_SECONDS)


async def refresh(desk: Desk, *, wait: float) -> None:
    """What has changed is seen at once; the clock's next tick would see to it too."""

    async def work() -> None:
        await desk.tracker.surfaces.refresh_due()

    await desk.afterwards.run(work(), wait=wait)
