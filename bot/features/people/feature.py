"""People: the team's running timers, roles, and members who join, change or leave in Slack."""

import re
from dataclasses import dataclass
from typing import Any

from bot.features.access import views as access_views
from bot.features.people import views
from bot.interaction.context import BotContext, Command
from bot.interaction.features import Event, Feature
from bot.interaction.interactions import Interaction
from bot.views.blocks import Response
from domain.errors import NotUnderstood
from domain.identity.people import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleParams:
    """Parameters to change a role; `to` is the person's Slack id."""

    to: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessParams:
    """Parameters to show another person's tokens and linked account; `who` is their Slack id. For admins."""

    who: str


async def manage_team(
    context: BotContext, interaction: Interaction, params: RoleParams | AccessParams | None
) -> Response:
    """Change a role or show a person's access; without parameters, show who tracks what now."""
    team, request = context.services.team, interaction.request
    match params:
        case RoleParams(to=to, role=role):
            return Response(views.render_role_change(await team.give_role(request, to=to, role=role)))
        case AccessParams(who=who):
            found = await context.services.credentials.show(request, who=who)
            return Response(access_views.render_access(found, interaction.message_ref))
        case None:
            return Response(views.render_team(await team.report(request)))


def parse_team(rest: str) -> RoleParams | AccessParams | None:
    if not rest:
        return None
    if alone := _MENTION.fullmatch(rest.strip()):
        return AccessParams(who=alone["id"])
    verb, _, whom = rest.partition(" ")
    found = _MENTION.fullmatch(whom.strip())
    if "@" in rest and "<@" not in rest:
        name = rest[rest.index("@") :][:60]
        raise NotUnderstood(
            f"I don't know who “{name}” is: choose the name from the list that Slack shows after the @. "
            "Nothing was changed."
        )
    if verb.lower() not in set(Role) or not found:
        raise NotUnderstood(
            "I know `/track team`, and for admins `/track team lead @name`, `/track team admin @name`, "
            "`/track team member @name`, and `/track team @name`, which shows their tokens and their link."
        )
    return RoleParams(to=found["id"], role=Role(verb.lower()))


_MENTION = re.compile(r"<@(?P<id>[UW][A-Z0-9]{2,20})(?:\|[^<>]*)?>")


async def update_person(context: BotContext, body: dict[str, Any]) -> None:
    profile = context.directory.read(body["event"]["user"])
    await context.services.people.update_known(context.workspace.id, profile, context.directory)


async def close_workspace(context: BotContext, _body: dict[str, Any]) -> None:
    """Close the workspace, because somebody has uninstalled the app from it."""
    await context.services.membership.end_installation(context.workspace.id, "app_uninstalled")


async def close_without_token(context: BotContext, body: dict[str, Any]) -> None:
    # Slack lists users' tokens and the bot's; this app has only the bot's.
    revoked = body["event"].get("tokens")
    if isinstance(revoked, dict) and revoked.get("bot"):
        await context.services.membership.end_installation(context.workspace.id, "tokens_revoked")


FEATURE = Feature(
    commands=(
        Command(
            "team",
            "team [lead, admin, member @name] or @name",
            "Who tracks what now: you, and for leads and admins everybody. "
            "Admins give roles, and end tokens and links.",
            ("team",),
            parse_team,
            manage_team,
            mentions=True,
        ),
    ),
    events=(
        Event("user_change", update_person),
        Event("app_uninstalled", close_workspace),
        Event("tokens_revoked", close_without_token),
    ),
)
