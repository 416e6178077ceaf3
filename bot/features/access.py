"""What lets people in from outside of Slack: tokens and links, one's own, and for admins another person's."""

from uuid import UUID

from bot.commands.intents import Access, EndMyLink, MakeLinkCode, MakeToken, RevokeToken, ShowAccess
from bot.interaction.context import OUT_OF_DATE, BotContext, Interaction, id_in
from bot.views import access
from bot.views.blocks import Response
from domain.errors import Refusal


async def answer_access(context: BotContext, interaction: Interaction, intent: Access) -> Response:
    request, services = interaction.request, context.services
    match intent:
        case MakeToken(wish):
            secret, issued = await services.tokens.issue(request, wish)
            return Response(access.token(secret, issued.token, replaced=issued.replaced))
        case RevokeToken(name):
            return Response(access.token_off(await services.tokens.revoke(request, name=name)))
        case MakeLinkCode():
            code, _ = await services.links.issue(request)
            return Response(access.link_code(code))
        case EndMyLink():
            return Response(access.link_off(await services.credentials.end_my_link(request)))
        case ShowAccess(who):
            return Response(
                access.of_person(await services.credentials.of(request, who=who), interaction.message_ref)
            )


async def revoke_token(context: BotContext, interaction: Interaction, value: str) -> Response:
    """A button beside a token of another person, for admins."""
    person_id, token_id = _ids_in(value)
    found = await context.services.credentials.revoke_token(interaction.request, person_id, token_id)
    return Response(access.of_person(found, interaction.message_ref))


async def end_link(context: BotContext, interaction: Interaction, value: str) -> Response:
    """The same for their link."""
    found = await context.services.credentials.end_link(interaction.request, id_in(value))
    return Response(access.of_person(found, interaction.message_ref))


def _ids_in(value: str) -> tuple[UUID, UUID]:
    first, _, second = value.partition(" ")
    if not second:
        raise Refusal(OUT_OF_DATE)
    return id_in(first), id_in(second)
