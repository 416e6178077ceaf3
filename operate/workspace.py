"""Stores the Slack workspace to which the token belongs."""

from bot.slack.client import Identity
from domain.identity.people import Workspace
from domain.outbox.slack_methods import POST_MESSAGE
from services.outages import retry_transient
from services.services import Services


async def register_workspace(services: Services, who: Identity, messages_a_minute: int) -> Workspace:
    """Find or create the workspace, and allow messages to it at that pace."""
    workspace = await retry_transient(
        services.people.remember_workspace,
        enterprise_id=who.enterprise_id,
        team_id=who.team_id,
        name=who.team,
    )
    paces = {POST_MESSAGE: messages_a_minute}
    await retry_transient(services.slack_rate_limits.open, workspace.id, paces)
    return workspace
