"""Webhook endpoints, to which other systems send signed webhooks. For admins."""

from dataclasses import dataclass

from bot.features.webhooks import views
from bot.features.webhooks.views import DISCONNECT, ROTATE
from bot.interaction.button_values import read_id
from bot.interaction.context import BotContext, Command
from bot.interaction.features import Button, Feature
from bot.interaction.interactions import Interaction
from bot.interaction.parsers import unquote
from bot.views.blocks import Response
from domain.errors import NotUnderstood
from domain.webhooks.endpoints import Endpoint, Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectParams:
    """Parameters to make an endpoint; `name` is what people call it."""

    provider: Provider
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisconnectParams:
    name: str


async def connect(
    context: BotContext, interaction: Interaction, params: ConnectParams | DisconnectParams | None
) -> Response:
    """Make or disconnect an endpoint; without parameters, list the endpoints."""
    endpoints, request = context.services.endpoints, interaction.request
    match params:
        case ConnectParams(provider=provider, name=name):
            secret, created = await endpoints.make(request, name=name, provider=provider)
            return Response(views.render_new_endpoint(created, secret, _address(context, created.endpoint)))
        case DisconnectParams(name=name):
            return Response(views.render_disconnected(await endpoints.disconnect_named(request, name)))
        case None:
            return Response(
                views.render_endpoints(await endpoints.list_connected(request), interaction.message_ref)
            )


async def rotate_secret(context: BotContext, interaction: Interaction, value: str) -> Response:
    secret, created = await context.services.endpoints.rotate(interaction.request, read_id(value))
    return Response(views.render_new_secret(created, secret, _address(context, created.endpoint)))


async def disconnect(context: BotContext, interaction: Interaction, value: str) -> Response:
    closed = await context.services.endpoints.disconnect(interaction.request, read_id(value))
    return Response(views.render_disconnected(closed))


def _address(context: BotContext, endpoint: Endpoint) -> str:
    return f"{context.public_url()}/api/webhooks/{endpoint.id}"


def parse_connect(rest: str) -> ConnectParams | DisconnectParams | None:
    first, _, more = rest.partition(" ")
    word, name = first.lower(), unquote(more)
    if word == "list":
        if more:
            raise NotUnderstood(
                "`/track connect list` stands alone: it shows all endpoints. Nothing was changed."
            )
        return None
    if word == "off":
        if not name:
            raise NotUnderstood(
                "Which one? `/track connect off deploys` ends the one of that name; `/track connect list` shows all."
            )
        return DisconnectParams(name=name)
    if word in _OTHER_SENDERS:
        raise NotUnderstood(
            f"I can't read what {_OTHER_SENDERS[word]} sends by itself: only Standard Webhooks are understood. "
            "`/track connect` makes an address that a script or a CI job of yours can post to; docs/api.md, "
            "“Endpoints of your own”, has one ready to copy. Nothing was changed."
        )
    if word in set(Provider):
        return ConnectParams(provider=Provider(word), name=name or word)
    return ConnectParams(provider=Provider.STANDARD, name=unquote(rest) or Provider.STANDARD.value)


# These systems sign in their own way, so their webhooks would fail our check.
_OTHER_SENDERS = {
    "github": "GitHub",
    "gitlab": "GitLab",
    "gitea": "Gitea",
    "bitbucket": "Bitbucket",
    "jira": "Jira",
    "linear": "Linear",
}


FEATURE = Feature(
    commands=(
        Command(
            "connect",
            "connect [name], list, off name",
            "An address that takes signed webhooks, and its secret, which is not shown again. Admins only.",
            ("connect", "connect deploys", "connect list", "connect off deploys"),
            parse_connect,
            connect,
        ),
    ),
    buttons=(
        Button(ROTATE, rotate_secret, answered_once=True),
        Button(DISCONNECT, disconnect),
    ),
)
