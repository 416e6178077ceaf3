"""A whole replica in this process: the real doors, a real PostgreSQL, and the local Slack for Slack."""

import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import aiohttp
import asyncpg
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient

from app import build_service
from bot.routes import COMMANDS, SHORTCUTS
from bot.slack.addresses import open_session
from config import Settings
from local_slack.answers import Answer
from local_slack.screens import Shortcut
from local_slack.server import LocalSlack
from local_slack.workspace import Message
from operate.service import Service
from operate.slack import SlackConnection
from storage.postgres.database import Database
from tests.cast import CHEAP, PATIENCE_SECONDS
from tests.postgres import patient_pool

SIGNING_SECRET = "sample-signing-secret"
BOT_TOKEN = "xoxb-sample"
APP_TOKEN = "xapp-sample"
WEBHOOK_SECRET = "whsec_c2FtcGxlLXNlY3JldC1zYW1wbGUtc2VjcmV0LTAw"
OLD_WEBHOOK_SECRET = "whsec_b2xkZXItc2VjcmV0LW9sZGVyLXNlY3JldC0wMDAw"
SETTINGS = Settings(
    _env_file=None,
    port=0,
    secret_keys=(SecretStr("sample-key-sample-key-sample-key-00"),),
    webhook_secret=(SecretStr(WEBHOOK_SECRET), SecretStr(OLD_WEBHOOK_SECRET)),
)


def make_local_slack(clock: Callable[[], float] = time.time) -> LocalSlack:
    local_slack = LocalSlack(
        clock=clock,
        signing_secret=SIGNING_SECRET,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        completions=[(command.usage, command.about) for command in COMMANDS],
        shortcuts=[Shortcut(one.name, one.callback_id, one.kind) for one in SHORTCUTS],
        retry_delays=(0.0, 0.0, 0.0),
        reply_seconds=5.0,
    )
    local_slack.answer_seconds = PATIENCE_SECONDS
    return local_slack


class WarmPools:
    """Pools of connections to the database that one replica after the other is started on.

    A service of a test is new in everything but this: its connections know the tables and every statement already,
    and that takes PostgreSQL longer than most tests take. A pool is lent to one replica at a time.
    """

    def __init__(self) -> None:
        self._kept: set[str] = set()
        self._resting: defaultdict[str, list[asyncpg.Pool[asyncpg.Record]]] = defaultdict(list)

    def keep(self, url: str) -> None:
        """From now on pools of that database are kept; those of any other are opened and closed for each replica."""
        self._kept.add(url)

    @asynccontextmanager
    async def lend(self, url: str) -> "AsyncIterator[asyncpg.Pool[asyncpg.Record]]":
        resting = self._resting[url]
        pool = resting.pop() if resting else await patient_pool(url, size=5)
        try:
            yield pool
        finally:
            # Who still has a connection has not ended: their pool ends with them, and nobody else meets them.
            if url in self._kept and pool.get_idle_size() == pool.get_size():
                resting.append(pool)
            else:
                pool.terminate()

    def terminate(self) -> None:
        for resting in self._resting.values():
            while resting:
                resting.pop().terminate()
        self._kept.clear()


WARM_POOLS = WarmPools()


@dataclass
class Replica:
    """One replica and the Slack it talks to."""

    service: Service
    local_slack: LocalSlack
    session: aiohttp.ClientSession
    database: Database

    async def typed(self, text: str, user: str = "U0ADA") -> Message:
        """What the person is shown for `/track` and this text."""
        answer = await self.local_slack.command(user, text)
        assert answer.status == 200, answer
        assert not answer.errors, answer.errors
        assert answer.message is not None
        return answer.message

    async def pressed(self, message: Message, button: str, user: str = "U0ADA") -> Message:
        """What the message says after its button was pressed."""
        answer: Answer = await self.local_slack.press(user, message, button)
        assert answer.status == 200, answer
        now = self.local_slack.current(message)
        assert now is not None
        return now


@asynccontextmanager
async def replica(
    database_url: str,
    local_slack: LocalSlack,
    *,
    clock: Callable[[], datetime] | None = None,
    socket: bool = False,
    settings: Settings = SETTINGS,
    patience: float = PATIENCE_SECONDS,
) -> AsyncIterator[Replica]:
    """`patience` is how long an answer waits for what follows it; 0 is for tests of what is not waited for."""
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(WARM_POOLS.lend(database_url))
        session = await stack.enter_async_context(open_session())
        client = AsyncWebClient(
            token=BOT_TOKEN, base_url=local_slack.api_url, session=session, retry_handlers=[], timeout=30
        )
        slack = SlackConnection(
            client, session, None if socket else SIGNING_SECRET, APP_TOKEN if socket else None, None
        )
        seconds = (lambda: clock().timestamp()) if clock else time.time
        database = Database(pool, clock)
        service = await build_service(
            settings,
            database,
            slack,
            stack,
            clock=seconds,
            deadline=PATIENCE_SECONDS,
            patience=patience,
            hash_cost=CHEAP,
        )
        if not socket:
            local_slack.request_url = f"{service.address}/slack/events"
        yield Replica(service, local_slack, session, database)
