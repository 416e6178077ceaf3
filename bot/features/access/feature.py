"""Access from outside of Slack: a person's own tokens and linked account, and for admins those of others."""

from dataclasses import dataclass

from bot.features.access import views
from bot.features.access.views import END_LINK, END_TOKEN
from bot.interaction.button_values import read_id, read_ids
from bot.interaction.context import BotContext, Command
from bot.interaction.features import Button, Feature
from bot.interaction.interactions import Interaction
from bot.views.blocks import Response
from domain.errors import NotUnderstood
from domain.identity.tokens import DEFAULT_NAME, READING, READING_AND_WRITING, TokenParams


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeParams:
    """Parameters to revoke the person's own token with this name."""

    name: str


async def manage_tokens(
    context: BotContext, interaction: Interaction, params: TokenParams | RevokeParams
) -> Response:
    tokens, request = context.services.tokens, interaction.request
    if isinstance(params, RevokeParams):
        return Response(views.render_ended_token(await tokens.revoke(request, name=params.name)))
    secret, issued = await tokens.issue(request, params)
    return Response(views.render_new_token(secret, issued.token, replaced=issued.replaced))


def parse_token(rest: str) -> TokenParams | RevokeParams:
    match rest.lower().split():
        case ["off"]:
            return RevokeParams(name=DEFAULT_NAME)
        case ["off", name]:
            return RevokeParams(name=name)
        case []:
            return TokenParams()
        case ["read" | "write" as may]:
            return TokenParams(scopes=_SCOPES[may])
        case [name]:
            return TokenParams(name=name)
        case [name, "read" | "write" as may]:
            return TokenParams(name=name, scopes=_SCOPES[may])
    raise NotUnderstood(
        "I know `/track token`, `/track token backup read` and `/track token off backup`: a name is one word."
    )


_SCOPES = {"read": READING, "write": READING_AND_WRITING}


async def manage_link(context: BotContext, interaction: Interaction, end: bool) -> Response:
    """Create a code that links an account of the REST API, or with `end` remove the link."""
    if end:
        return Response(
            views.render_ended_link(await context.services.credentials.end_my_link(interaction.request))
        )
    code, _ = await context.services.links.issue(interaction.request)
    return Response(views.render_link_code(code))


def parse_link(rest: str) -> bool:
    """Return whether the person wants to end the link."""
    match rest.lower():
        case "":
            return False
        case "off":
            return True
    raise NotUnderstood(
        "I know `/track link`, which shows a code that links an account of the REST API to you, and `/track link off`, "
        "which ends that. Nothing was changed."
    )


async def revoke_token(context: BotContext, interaction: Interaction, value: str) -> Response:
    """Revoke a token of another person, for admins."""
    person_id, token_id = read_ids(value)
    found = await context.services.credentials.revoke_token(interaction.request, person_id, token_id)
    return Response(views.render_access(found, interaction.message_ref))


async def end_link(context: BotContext, interaction: Interaction, value: str) -> Response:
    """Remove the link to another person's account, for admins."""
    found = await context.services.credentials.end_link(interaction.request, read_id(value))
    return Response(views.render_access(found, interaction.message_ref))


FEATURE = Feature(
    commands=(
        Command(
            "token",
            "token [name] [read] or off [name]",
            "A new API token, to read and write or only to read; it is not shown again. "
            "One you had of that name stops.",
            ("token", "token backup read", "token off backup"),
            parse_token,
            manage_tokens,
        ),
        Command(
            "link",
            "link [off]",
            "A code, good for ten minutes, that joins an account of the REST API to you, with what it has tracked.",
            ("link", "link off"),
            parse_link,
            manage_link,
        ),
    ),
    buttons=(
        Button(END_TOKEN, revoke_token),
        Button(END_LINK, end_link),
    ),
)
