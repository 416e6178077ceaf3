"""Makes everything, joins it, runs it. The only reader of the clock and of the environment."""

import argparse
import asyncio
import gc
import logging
import os
import secrets
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient

from bot.bolt_app import SlackDispatcher
from bot.commands.table import COMMANDS
from bot.features.shortcuts import SHORTCUTS
from bot.outbox.notifier import SlackNotifier
from bot.slack.addresses import open_session
from bot.slack.block_support import BlockSupport
from bot.slack.client import CanNotConnect, find_identity, make_client
from bot.slack.directory import Home, SlackDirectory
from bot.socket_mode import SocketDoor
from config import SECRETS, Settings, WrongSetting, load
from domain.identity.accounts import SignUpRule
from domain.identity.people import Workspace
from domain.language.extraction import warm_up
from domain.outbox.messages import POST_MESSAGE
from keyfile import NAME as KEY_FILE
from keyfile import add_key
from local_slack.screens import Shortcut
from local_slack.server import LocalSlack
from logs import configure
from scheduler.schedule import Schedule, jobs, membership_jobs
from services.operations import DEADLINE_SECONDS
from services.outages import patiently
from services.outbox.notifier import Members
from services.services import Services
from storage.postgres.binaries import EmbeddedError
from storage.postgres.database import Database, open_pool
from storage.postgres.embedded import EmbeddedPostgres
from storage.postgres.migrate import UnfitDatabase, migrate
from web.http.address_limits import AddressLimits
from web.http.hosts import Hosts
from web.listener import Listener
from web.routes import Doors, application
from web.slack import events_route
from web.webhooks.receive import Receiver
from web.webhooks.signatures import key_of

DATABASE = "tracker"
LOCAL_PROJECTS = ("API", "Website", "Support")
DRAIN_SECONDS, STOP_SECONDS = 5.0, 9.0


HOW_TO_ROTATE = """The keys are in SECRET_KEYS. To rotate them:
1. Make a new one:  openssl rand -base64 33
2. Put it behind the others, with a comma between, and restart every replica: now all of them recognize it.
   With one replica, leave this step out.
3. Put it in front of the others and restart every replica: now it makes whatever is made.
4. Leave the older ones behind it for as long as anything may be left that they made."""


log = logging.getLogger(__name__)


class CanNotStart(Exception):
    """One sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Slack:
    """Where Slack is and how it trusts us. `local_slack` is the local workspace that stands in for it."""

    client: AsyncWebClient
    session: aiohttp.ClientSession
    signing_secret: str | None
    app_token: str | None
    local_slack: LocalSlack | None


@dataclass(frozen=True, slots=True)
class Service:
    """Everything joined and listening; the schedule is not started yet. `doors` close one each."""

    services: Services
    workspace: Workspace
    members: Members
    schedule: Schedule
    address: str
    doors: Sequence[Callable[[], Awaitable[None]]]

    async def close(self) -> None:
        """Takes nothing new, and lets what is under way come to its end: all doors at once, within nine seconds. What
        is not done by then is taken up by another replica, or comes again."""
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await asyncio.gather(self.schedule.stop(), *(close() for close in self.doors))
        except TimeoutError:
            log.warning(
                "something was still under way after %.0f seconds; it is taken up again", STOP_SECONDS
            )


async def run(settings: Settings) -> None:
    """Runs the service until SIGTERM or SIGINT. This is what happens without a verb."""
    _webhook_keys(settings)  # a wrong one ends the start before anything else begins
    warm_up()  # beside the first commands, in a thread, it would make them late
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with AsyncExitStack() as stack:
        slack = await _slack(settings, stack)
        service = await join(settings, await _database(settings, stack), slack, stack)
        if slack.local_slack:
            for title in LOCAL_PROJECTS:
                await service.services.projects.ensure(service.workspace.id, title)
        service.schedule.start()
        page = slack.local_slack.url if slack.local_slack else None
        # What was made so far stays for good: collections need not walk it again and again.
        gc.collect()
        gc.freeze()
        _say(f"Ready: {page or settings.public_url or service.address}")
        await stopping.wait()


async def join(
    settings: Settings,
    database: Database,
    slack: Slack,
    stack: AsyncExitStack,
    *,
    clock: Callable[[], float] = time.time,
    deadline: float = DEADLINE_SECONDS,
    patience: float = 0.0,
) -> Service:
    """Makes the rooms of one replica and opens its doors; `stack` closes them. `clock`, in seconds since 1970, is what
    the timestamps of signatures are compared with; an act may take `deadline` seconds, and an answer to
    Slack waits `patience` seconds at least for what follows it."""
    who = await find_identity(slack.client)
    drawing = BlockSupport()
    services = Services(
        database,
        SlackNotifier(slack.client, slack.session, drawing),
        settings.keys(),
        deadline=deadline,
        sign_up=SignUpRule.of(settings.sign_up_words),
    )
    stack.push_async_callback(services.close)
    workspace = await patiently(
        lambda: services.people.remember_workspace(
            enterprise_id=who.enterprise_id, team_id=who.team_id, name=who.team
        )
    )
    paces = {POST_MESSAGE: settings.slack_messages_a_minute}
    await patiently(lambda: services.lanes.open(workspace.id, paces))
    directory = SlackDirectory(slack.client, Home(team_id=who.team_id, enterprise_id=who.enterprise_id))
    address = ""  # until we listen: the port may be any

    def public_url() -> str:
        return settings.public_url or address

    door = SlackDispatcher(
        services, slack.client, slack.session, directory, drawing, who, workspace, public_url, patience
    )
    stack.push_async_callback(door.close)
    schedule = Schedule((*jobs(services), *membership_jobs(services, workspace.id, directory)), clock)
    secret, address_limits = slack.signing_secret, AddressLimits(clock)
    doors = Doors(
        services=services,
        receiver=Receiver(services, directory, workspace.id, _webhook_keys(settings), address_limits, clock),
        address_limits=address_limits,
        slack_events=events_route(secret.encode(), door.dispatch, clock) if secret else None,
        ticking=schedule.ticking,
        home=slack.local_slack.url if slack.local_slack else None,
        origins=settings.cors_origins,
        proxies=settings.proxies(),
        hosts=Hosts(settings.host, settings.public_url, settings.allowed_hosts),
        https=(settings.public_url or "").startswith("https://"),
    )
    listener = Listener(application(doors), drain=DRAIN_SECONDS)
    closing = [listener.stop]
    address = await _listen(settings, listener)
    if slack.local_slack:
        slack.local_slack.request_url = f"{address}/slack/events"
    if slack.app_token:
        socket = SocketDoor(slack.app_token, slack.client, slack.session, door)
        await socket.connect()
        closing.append(socket.close)
    service = Service(services, workspace, directory, schedule, address, closing)
    stack.push_async_callback(service.close)
    return service


async def migrate_only(settings: Settings) -> None:
    """Brings the database up to date and exits."""
    async with AsyncExitStack() as stack:
        await _database(settings, stack)
        _say("The database is up to date.")


async def rotate_keys(settings: Settings) -> None:
    """Puts a new secret key in front of those there are: it makes whatever is made from now on, and what the older ones
    made is still recognized. With SECRET_KEYS set, says how to do it there."""
    if settings.secret_keys:
        _say(HOW_TO_ROTATE)
        return
    count = add_key(settings.data_dir)
    _say(
        f"A new key was put in front in {settings.data_dir / KEY_FILE}; there are {count} now. Restart the service."
    )


async def _database(settings: Settings, stack: AsyncExitStack) -> Database:
    if settings.database_url:
        url = settings.database_url.get_secret_value()
        owner = settings.database_owner_url
        owner_url = owner.get_secret_value() if owner else url
        login = urlsplit(url).username if owner else None
    else:
        server = EmbeddedPostgres(settings.data_dir / "postgres")
        await server.start()
        stack.push_async_callback(server.stop)
        await server.ensure_database(DATABASE)
        url, owner_url = server.service_url(DATABASE), server.owner_url(DATABASE)
        login = "tracker"
    role = await migrate(owner_url, service_login=login)
    pool = await open_pool(url, role=role)
    stack.callback(pool.terminate)
    return Database(pool)


async def _slack(settings: Settings, stack: AsyncExitStack) -> Slack:
    session = await stack.enter_async_context(open_session())
    if settings.local:
        local_slack = LocalSlack(
            clock=time.time,
            signing_secret=secrets.token_hex(16),
            bot_token=f"xoxb-local-{secrets.token_hex(8)}",
            completions=[(command.usage, command.about) for command in COMMANDS],
            shortcuts=[Shortcut(one.name, one.callback_id, one.kind) for one in SHORTCUTS],
        )
        try:
            await local_slack.start(port=settings.port + 1 if settings.port else 0)
        except OSError as error:
            raise CanNotStart(
                f"The port after PORT can not be used for the page: {error.strerror}."
            ) from None
        stack.push_async_callback(local_slack.stop)
        client = make_client(local_slack.bot_token, local_slack.api_url, session)
        return Slack(client, session, local_slack.signing_secret, None, local_slack)
    return Slack(
        client=make_client(_text(settings.slack_bot_token), settings.slack_api_url, session),
        session=session,
        signing_secret=_text(settings.slack_signing_secret),
        app_token=_text(settings.slack_app_token),
        local_slack=None,
    )


def _text(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


async def _listen(settings: Settings, listener: Listener) -> str:
    try:
        port = await listener.start(settings.host, settings.port)
    except OSError as error:
        raise CanNotStart(f"HOST and PORT can not be used: {error.strerror}.") from None
    return f"http://{settings.host}:{port}"


def _webhook_keys(settings: Settings) -> list[bytes]:
    try:
        return [key_of(secret.get_secret_value()) for secret in settings.webhook_secret]
    except ValueError as error:
        raise WrongSetting(f"WEBHOOK_SECRET is wrong: {error}.") from None


def _say(line: str) -> None:
    print(line, flush=True)


VERBS = {"run": run, "migrate": migrate_only, "rotate-keys": rotate_keys}


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
        settings = load(os.environ)
        for name in SECRETS:
            # Read once: neither PostgreSQL, our child, nor a library has any business with them.
            os.environ.pop(name, None)
        configure(settings.log_level, settings.log_format, settings.secret_texts())
        asyncio.run(verb(settings))
    except (WrongSetting, UnfitDatabase, EmbeddedError, CanNotConnect, CanNotStart) as error:
        print(f"Can not start: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
