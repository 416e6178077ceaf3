"""Builds and starts the HTTP listener: its routes, and the address on which it listens."""

from collections.abc import Callable

from bot.bolt_app import SlackDispatcher
from bot.slack.directory import SlackDirectory
from config import Settings
from domain.identity.people import Workspace
from operate.errors import CanNotStart
from operate.keys import webhook_keys
from operate.slack import SlackConnection
from scheduler.schedule import Schedule
from services.services import Services
from web.http.address_limits import AddressLimits
from web.http.hosts import Hosts
from web.listener import Listener
from web.routes import RouteTargets, build_application
from web.slack_events import make_events_route
from web.webhooks.receiver import WebhookReceiver

DRAIN_SECONDS = 5.0


def build_listener(
    settings: Settings,
    slack: SlackConnection,
    services: Services,
    workspace: Workspace,
    directory: SlackDirectory,
    dispatcher: SlackDispatcher,
    schedule: Schedule,
    clock: Callable[[], float],
) -> Listener:
    """Build the listener of one replica. It has Slack's route only if Slack's requests can be verified. Raises
    WrongSetting."""
    keys, secret, address_limits = webhook_keys(settings), slack.signing_secret, AddressLimits(clock)
    targets = RouteTargets(
        services=services,
        receiver=WebhookReceiver(services, directory, workspace.id, keys, address_limits, clock),
        address_limits=address_limits,
        slack_events=make_events_route(secret.encode(), dispatcher.dispatch, clock) if secret else None,
        ticking=schedule.is_running,
        home=slack.local_slack.url if slack.local_slack else None,
        origins=settings.cors_origins,
        proxies=settings.trusted_networks(),
        hosts=Hosts(settings.host, settings.public_url, settings.allowed_hosts),
        https=(settings.public_url or "").startswith("https://"),
    )
    return Listener(build_application(targets), drain=DRAIN_SECONDS)


async def start_listener(settings: Settings, listener: Listener) -> str:
    """Listen on HOST and PORT, and return the base address. Raises CanNotStart."""
    try:
        port = await listener.start(settings.host, settings.port)
    except OSError as error:
        raise CanNotStart(f"HOST and PORT can not be used: {error.strerror}.") from None
    return f"http://{settings.host}:{port}"
