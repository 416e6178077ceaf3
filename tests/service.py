"""A whole replica in this process: the real doors, a real PostgreSQL, and the sandbox for Slack."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient

from app import Service, Slack, join
from bot.grammar import COMMANDS
from bot.shortcuts import SHORTCUTS
from config import Settings
from sandbox.answers import Answer
from sandbox.screens import Shortcut
from sandbox.server import Sandbox
from sandbox.workspace import Message
from storage.database import Database, open_pool

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


def a_sandbox(clock: Callable[[], float] = time.time) -> Sandbox:
    return Sandbox(
        clock=clock,
        signing_secret=SIGNING_SECRET,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        completions=[(command.usage, command.about) for command in COMMANDS],
        shortcuts=[Shortcut(one.name, one.callback_id, one.kind) for one in SHORTCUTS],
        retry_delays=(0.0, 0.0, 0.0),
        reply_seconds=5.0,
    )


@dataclass
class Replica:
    """One replica and the Slack it talks to."""

    service: Service
    sandbox: Sandbox
    session: aiohttp.ClientSession

    async def typed(self, text: str, user: str = "U0ADA") -> Message:
        """What the person is shown for `/track` and this text."""
        answer = await self.sandbox.command(user, text)
        assert answer.status == 200, answer
        assert not answer.errors, answer.errors
        assert answer.message is not None
        return answer.message

    async def pressed(self, message: Message, button: str, user: str = "U0ADA") -> Message:
        """What the message says after its button was pressed."""
        answer: Answer = await self.sandbox.press(user, message, button)
        assert answer.status == 200, answer
        now = self.sandbox.current(message)
        assert now is not None
        return now


@asynccontextmanager
async def replica(
    database_url: str,
    sandbox: Sandbox,
    *,
    clock: Callable[[], datetime] | None = None,
    socket: bool = False,
    settings: Settings = SETTINGS,
) -> AsyncIterator[Replica]:
    async with AsyncExitStack() as stack:
        pool = await open_pool(database_url, size=5)
        stack.callback(pool.terminate)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        client = AsyncWebClient(
            token=BOT_TOKEN, base_url=sandbox.api_url, session=session, retry_handlers=[], timeout=5
        )
        slack = Slack(
            client, session, None if socket else SIGNING_SECRET, APP_TOKEN if socket else None, None
        )
        seconds = (lambda: clock().timestamp()) if clock else time.time
        service = await join(settings, Database(pool, clock), slack, stack, clock=seconds)
        if not socket:
            sandbox.request_url = f"{service.address}/slack/events"
        yield Replica(service, sandbox, session)
