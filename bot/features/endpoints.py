"""Webhook endpoints: by command, and by the buttons of their list."""

from bot.commands.intents import Connect, Disconnect, EndpointIntent, ListEndpoints
from bot.interaction.context import BotContext, Interaction, id_in
from bot.views import endpoints as views
from bot.views.blocks import Response
from domain.webhooks.endpoints import Endpoint


async def answered(context: BotContext, interaction: Interaction, intent: EndpointIntent) -> Response:
    endpoints, request = context.services.endpoints, interaction.request
    match intent:
        case Connect(provider, name):
            secret, made = await endpoints.make(request, name=name, provider=provider)
            return Response(views.connected(made, secret, _address(context, made.endpoint)))
        case ListEndpoints():
            return Response(views.listed(await endpoints.all(request), interaction.message_ref))
        case Disconnect(name):
            return Response(views.disconnected(await endpoints.disconnect_named(request, name)))


async def secret_rotated(context: BotContext, interaction: Interaction, value: str) -> Response:
    secret, made = await context.services.endpoints.rotate(interaction.request, id_in(value))
    return Response(views.rotated(made, secret, _address(context, made.endpoint)))


async def disconnected(context: BotContext, interaction: Interaction, value: str) -> Response:
    return Response(
        views.disconnected(await context.services.endpoints.disconnect(interaction.request, id_in(value)))
    )


def _address(context: BotContext, endpoint: Endpoint) -> str:
    return f"{context.public_url()}/api/webhooks/{endpoint.id}"
