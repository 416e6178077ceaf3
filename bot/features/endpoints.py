"""Webhook endpoints: by command, and by the buttons of their list."""

from bot.commands.intents import Connect, Disconnect, EndpointIntent, ListEndpoints
from bot.interaction.context import Desk, Visit, id_in
from bot.views import endpoints as views
from bot.views.blocks import Told
from domain.webhooks.endpoints import Endpoint


async def answered(desk: Desk, visit: Visit, intent: EndpointIntent) -> Told:
    endpoints, act = desk.tracker.endpoints, visit.act
    match intent:
        case Connect(provider, name):
            secret, made = await endpoints.make(act, name=name, provider=provider)
            return Told(views.connected(made, secret, _address(desk, made.endpoint)))
        case ListEndpoints():
            return Told(views.listed(await endpoints.all(act), visit.origin))
        case Disconnect(name):
            return Told(views.disconnected(await endpoints.disconnect_named(act, name)))


async def secret_rotated(desk: Desk, visit: Visit, value: str) -> Told:
    secret, made = await desk.tracker.endpoints.rotate(visit.act, id_in(value))
    return Told(views.rotated(made, secret, _address(desk, made.endpoint)))


async def disconnected(desk: Desk, visit: Visit, value: str) -> Told:
    return Told(views.disconnected(await desk.tracker.endpoints.disconnect(visit.act, id_in(value))))


def _address(desk: Desk, endpoint: Endpoint) -> str:
    return f"{desk.public_url()}/api/webhooks/{endpoint.id}"
