"""Builds everything and runs it. The only reader of the clock and of the environment; only tests import it."""

import argparse
import asyncio
import gc
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack

from bot.bolt_app import SlackDispatcher
from bot.outbox.notifier import SlackNotifier
from bot.slack.block_support import BlockSupport
from bot.slack.client import CanNotConnect, find_identity
from bot.slack.directory import Home, SlackDirectory
from bot.socket_mode import SocketDoor
from config import SECRETS, Settings, WrongSetting, load_settings
from domain.identity.accounts import SignUpRule
from domain.language.patterns import compile_patterns
from domain.outbox.slack_methods import POST_MESSAGE
from operate.database import open_database
from operate.errors import CanNotStart
from operate.keys import secret_keys, webhook_keys
from operate.logs import configure_logs
from operate.migrate import migrate
from operate.output import print_line
from operate.rotate_keys import rotate_keys
from operate.service import Service
from operate.slack import SlackConnection, connect_slack
from scheduler.jobs import list_jobs, list_membership_jobs
from scheduler.schedule import Schedule
from services.identity.passwords import OWASP_COST, HashCost
from services.operations.runner import DEADLINE_SECONDS
from services.outages import retry_transient
from services.services import Services
from storage.postgres.binaries import EmbeddedError
from storage.postgres.database import Database
from storage.postgres.migrate import UnfitDatabase
from web.http.address_limits import AddressLimits
from web.http.hosts import Hosts
from web.listener import Listener
from web.routes import RouteTargets, build_application
from web.slack_events import make_events_route
from web.webhooks.receiver import WebhookReceiver

LOCAL_PROJECTS = ("API", "Website", "Support")  # what the local Slack's workspace begins with
DRAIN_SECONDS = 5.0


async def run(settings: Settings) -> None:
    """Runs the service until SIGTERM or SIGINT. This is what happens without a verb."""
    webhook_keys(settings)  # a wrong one ends the start before anything else begins
    compile_patterns()  # later, in a thread, it would delay the first commands
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with AsyncExitStack() as stack:
        slack = await connect_slack(settings, stack, time.time)
        service = await build_service(settings, await open_database(settings, stack), slack, stack)
        if slack.local_slack:
            for title in LOCAL_PROJECTS:
                await service.services.projects.ensure(service.workspace.id, title)
        service.schedule.start()
        page = slack.local_slack.url if slack.local_slack else None
        # What exists by now lives until the end: freezing it keeps the collector from walking it again and again.
        gc.collect()
        gc.freeze()
        print_line(f"Ready: {page or settings.public_url or service.address}")
        await stopping.wait()


async def build_service(
    settings: Settings,
    database: Database,
    slack: SlackConnection,
    stack: AsyncExitStack,
    *,
    clock: Callable[[], float] = time.time,
    deadline: float = DEADLINE_SECONDS,
    patience: float = 0.0,
    hash_cost: HashCost = OWASP_COST,
) -> Service:
    """Build one replica and let it listen; `stack` closes it.

    `clock`, in seconds since 1970, is what the timestamps of signatures are compared with. An operation may take
    `deadline` seconds. `patience` is how many seconds an answer to Slack waits at least for the work that follows it.
    `hash_cost` is for tests that are not about passwords.
    Raises CanNotConnect and CanNotStart.
    """
    who = await find_identity(slack.client)
    block_support = BlockSupport()
    notifier = SlackNotifier(slack.client, slack.session, block_support)
    sign_up = SignUpRule.parse(settings.sign_up_words)
    services = Services(
        database, notifier, secret_keys(settings), deadline=deadline, sign_up=sign_up, hash_cost=hash_cost
    )
    stack.push_async_callback(services.close)
    workspace = await retry_transient(
        services.people.remember_workspace,
        enterprise_id=who.enterprise_id,
        team_id=who.team_id,
        name=who.team,
    )
    paces = {POST_MESSAGE: settings.slack_messages_a_minute}
    await retry_transient(services.slack_rate_limits.open, workspace.id, paces)
    directory = SlackDirectory(slack.client, Home(team_id=who.team_id, enterprise_id=who.enterprise_id))
    address = ""  # known once we listen, because the port may be any

    def public_url() -> str:
        return settings.public_url or address

    dispatcher = SlackDispatcher(
        services, slack.client, slack.session, directory, block_support, who, workspace, public_url, patience
    )
    stack.push_async_callback(dispatcher.close)
    schedule = Schedule(
        (*list_jobs(services), *list_membership_jobs(services, workspace.id, directory)), clock
    )
    secret, address_limits = slack.signing_secret, AddressLimits(clock)
    doors = RouteTargets(
        services=services,
        receiver=WebhookReceiver(
            services, directory, workspace.id, webhook_keys(settings), address_limits, clock
        ),
        address_limits=address_limits,
        slack_events=make_events_route(secret.encode(), dispatcher.dispatch, clock) if secret else None,
        ticking=schedule.is_running,
        home=slack.local_slack.url if slack.local_slack else None,
        origins=settings.cors_origins,
        proxies=settings.trusted_networks(),
        hosts=Hosts(settings.host, settings.public_url, settings.allowed_hosts),
        https=(settings.public_url or "").startswith("https://"),
    )
    listener = Listener(build_application(doors), drain=DRAIN_SECONDS)
    closers = [listener.stop]
    address = await _listen(settings, listener)
    if slack.local_slack:
        slack.local_slack.request_url = f"{address}/slack/events"
    if slack.app_token:
        socket = SocketDoor(slack.app_token, slack.client, slack.session, dispatcher)
        await socket.connect()
        closers.append(socket.close)
    service = Service(services, workspace, directory, schedule, address, closers)
    stack.push_async_callback(service.close)
    return service


async def _listen(settings: Settings, listener: Listener) -> str:
    try:
        port = await listener.start(settings.host, settings.port)
    except OSError as error:
        raise CanNotStart(f"HOST and PORT can not be used: {error.strerror}.") from None
    return f"http://{settings.host}:{port}"


VERBS = {"run": run, "migrate": migrate, "rotate-keys": rotate_keys}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="app.py", description="Time tracking in Slack whose numbers are true."
    )
    verbs = parser.add_subparsers(dest="verb", metavar="verb")
    for name, does in VERBS.items():
        about = " ".join((does.__doc__ or "").split())
        verbs.add_parser(name, help=about, description=about)
    verb = VERBS[parser.parse_args().verb or "run"]
    try:
        settings = load_settings(os.environ)
        for name in SECRETS:
            # Read once: neither PostgreSQL, our child, nor a library has any business with them.
            os.environ.pop(name, None)
        configure_logs(settings.log_level, settings.log_format, settings.secret_texts())
        asyncio.run(verb(settings))
    except (WrongSetting, UnfitDatabase, EmbeddedError, CanNotConnect, CanNotStart) as error:
        print(f"Can not start: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
