"""Builds the service and runs it. The only module that reads the clock and the environment; only tests import it."""

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
from bot.socket_mode import SocketModeConnection
from config import SECRETS, Settings, WrongSetting, load_settings
from domain.identity.accounts import SignUpRule
from domain.language.patterns import compile_patterns
from operate.command_line import read_verb
from operate.database import open_database
from operate.errors import CanNotStart
from operate.keys import secret_keys, webhook_keys
from operate.listener import build_listener, start_listener
from operate.local_projects import create_local_projects
from operate.logs import configure_logs
from operate.migrate import migrate
from operate.output import print_line
from operate.rotate_keys import rotate_keys
from operate.service import Service
from operate.slack import SlackConnection, connect_slack
from operate.workspace import register_workspace
from scheduler.jobs import list_jobs, list_membership_jobs
from scheduler.schedule import Schedule
from services.identity.passwords import OWASP_COST, HashCost
from services.operations.runner import DEADLINE_SECONDS
from services.services import Services
from storage.postgres.binaries import EmbeddedError
from storage.postgres.database import Database
from storage.postgres.migrate import UnfitDatabase


async def run(settings: Settings) -> None:
    """Runs the service until SIGTERM or SIGINT. This is the default verb."""
    webhook_keys(settings)  # raises for a wrong secret before anything else begins
    compile_patterns()  # compiling them later, in a thread, would delay the first commands
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with AsyncExitStack() as stack:
        slack = await connect_slack(settings, stack, time.time)
        service = await build_service(settings, await open_database(settings, stack), slack, stack)
        if slack.local_slack:
            await create_local_projects(service)
        service.schedule.start()
        page = slack.local_slack.url if slack.local_slack else None
        # Objects that exist now live until the end. Freezing them saves the garbage collector from visiting them
        # again.
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
    least_wait: float = 0.0,
    hash_cost: HashCost = OWASP_COST,
) -> Service:
    """Build one replica and let it listen; `stack` closes it.

    `clock` returns seconds since 1970, to check the timestamps of signatures. An operation may take `deadline` seconds.
    Raises CanNotConnect and CanNotStart.

    The rest is for tests: an answer to Slack that waits for the work after it waits for up to `least_wait` seconds at
    least, and `hash_cost` is the cost of hashing a password.
    """
    who = await find_identity(slack.client)
    block_support = BlockSupport()
    notifier = SlackNotifier(slack.client, slack.session, block_support)
    sign_up = SignUpRule.parse(settings.sign_up_words)
    services = Services(
        database, notifier, secret_keys(settings), deadline=deadline, sign_up=sign_up, hash_cost=hash_cost
    )
    stack.push_async_callback(services.close)
    workspace = await register_workspace(services, who, settings.slack_messages_a_minute)
    directory = SlackDirectory(slack.client, Home(team_id=who.team_id, enterprise_id=who.enterprise_id))
    address = ""  # the address is known once we listen, because PORT may be 0

    def public_url() -> str:
        return settings.public_url or address

    dispatcher = SlackDispatcher(
        services,
        slack.client,
        slack.session,
        directory,
        block_support,
        who,
        workspace,
        public_url,
        least_wait,
    )
    stack.push_async_callback(dispatcher.close)
    schedule = Schedule(
        (*list_jobs(services), *list_membership_jobs(services, workspace.id, directory)), clock
    )
    listener = build_listener(settings, slack, services, workspace, directory, dispatcher, schedule, clock)
    closers = [listener.stop]
    address = await start_listener(settings, listener)
    if slack.local_slack:
        slack.local_slack.request_url = f"{address}/slack/events"
    if slack.app_token:
        socket = SocketModeConnection(slack.app_token, slack.client, slack.session, dispatcher)
        await socket.connect()
        closers.append(socket.close)
    service = Service(services, workspace, directory, schedule, address, closers)
    stack.push_async_callback(service.close)
    return service


VERBS = {"run": run, "migrate": migrate, "rotate-keys": rotate_keys}


def main() -> int:
    verb = read_verb(VERBS, default="run")
    try:
        settings = load_settings(os.environ)
        for name in SECRETS:
            # Each is read once, above. Child processes such as PostgreSQL inherit the environment, and must not see
            # secrets.
            os.environ.pop(name, None)
        configure_logs(settings.log_level, settings.log_format, settings.secret_texts())
        asyncio.run(verb(settings))
    except (WrongSetting, UnfitDatabase, EmbeddedError, CanNotConnect, CanNotStart) as error:
        print(f"Can not start: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
