"""A whole replica in this process, with its HTTP listener, a real PostgreSQL and the local Slack."""

import json
import re
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import aiohttp
import asyncpg
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient

from app import build_service
from bot.routes import COMMANDS, SHORTCUTS
from bot.slack.addresses import open_session
from config import Settings
from local_slack.answers import Answer
from local_slack.forms import action_elements
from local_slack.requests.encoding import encode_form, encode_interaction
from local_slack.requests.places import Place
from local_slack.screens import Shortcut
from local_slack.server import LocalSlack
from local_slack.views import View
from local_slack.workspace import Message
from operate.service import Service
from operate.slack import SlackConnection
from storage.postgres.database import Database
from tests.cast import CHEAP_HASH, PATIENCE_SECONDS
from tests.postgres import patient_pool
from web.webhooks.signatures import decode_secret, sign

Json = dict[str, Any]
Pressable = TypeVar("Pressable", Message, View)

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
    """A replica and the Slack it talks to: what people do there, and what they see.

    Whatever is done fails the test when the service does not answer it well.
    """

    service: Service
    database: Database
    local_slack: LocalSlack
    session: aiohttp.ClientSession

    async def type_command(self, text: str, user: str = "U0ADA", channel: str = "C0GENERAL") -> Message:
        """Type `/track` and this text in that channel; return what the person sees by then."""
        answer = await self.local_slack.command(user, text, channel)
        assert answer.status == 200, answer
        assert not answer.errors, answer.errors
        assert answer.message is not None, f"/track {text} was not answered by a message"
        return self.reload(answer.message)

    async def press_button(self, place: Pressable, button: str, user: str = "U0ADA", **how: Any) -> Pressable:
        """Press the button of that text in a message or form; return the message or form as it is by then."""
        answer = await self.local_slack.press(user, place, button, **how)
        assert answer.status == 200, answer
        return place if isinstance(place, View) else self.reload(place)

    async def choose_from_menu(self, message: Message, row: int, item: str, user: str = "U0ADA") -> Message:
        """Choose that item of an entry's menu, the first entry being row 0; return the message as it is by then."""
        rows = [
            block for block, one in action_elements(Place(message).blocks) if one["action_id"] == "entry_menu"
        ]
        return await self.press_button(
            message, "entry_menu", user, choice=item, block_id=rows[row]["block_id"]
        )

    async def open_form(self, place: Pressable, button: str, user: str = "U0ADA", **how: Any) -> View:
        """Press a button that opens a form; return the form."""
        await self.press_button(place, button, user, **how)
        return self.find_form(user)

    async def submit_form(self, view: View, values: Mapping[str, object] | None = None) -> Answer:
        """Fill the form's fields, by their labels, and submit it; fail when a field shows an error."""
        answer = await self.local_slack.screens.submit(view, values)
        assert (answer.status, answer.errors) == (200, ()), (answer, view.errors)
        return answer

    async def open_shortcut(self, callback_id: str, user: str = "U0ADA") -> View:
        """Take a global shortcut that opens a form; return the form."""
        view = await self.local_slack.screens.shortcut(user, callback_id)
        assert view is not None, f"{callback_id} opened no form"
        return view

    async def open_home(self, user: str = "U0ADA") -> View:
        """Open the Home tab; return it as the person sees it."""
        view = await self.local_slack.screens.open_home(user)
        assert view is not None, f"{user} has no Home tab"
        return view

    async def send_interaction(self, payload: Json) -> Json:
        """Send the service that payload, for what no form or button would send; return the JSON of its answer."""
        answer = await self.local_slack.deliver(encode_interaction(payload))
        assert answer.json is not None, answer
        return answer.json

    def find_form(self, user: str = "U0ADA") -> View:
        """The form in front of that person."""
        view = self.local_slack.workspace.views.top(user)
        assert view is not None, "no form is open"
        return view

    def has_no_form(self, user: str = "U0ADA") -> bool:
        return self.local_slack.workspace.views.top(user) is None

    def find_home(self, user: str = "U0ADA") -> View:
        return self.local_slack.workspace.views.homes[user]

    def reload(self, message: Message) -> Message:
        """The message as it is by now."""
        current = self.local_slack.current(message)
        assert current is not None, "the message was deleted"
        return current

    def list_messages(self, channel: str = "C0GENERAL") -> list[Message]:
        return self.local_slack.workspace.messages(channel)

    def list_direct_messages(self, user: str = "U0ADA") -> list[Message]:
        return self.list_messages(self.local_slack.workspace.dm(user))

    def list_calls(self, method: str) -> list[Json]:
        """The arguments of each call of that method of Slack's Web API."""
        return [call.arguments for call in self.local_slack.calls if call.method == method]

    async def list_entries(self, day: str = "today", user: str = "U0ADA") -> list[str]:
        """Each entry that the report of that day shows, as "09:00–10:00 docs"."""
        command = self.local_slack.command_form(user, day)
        del command["response_url"]  # so that the answer comes back at once, and in words
        report = (await self.local_slack.deliver(encode_form(command))).json
        assert report is not None
        line = re.compile(r"`(\d\d:\d\d–(?:\d\d:\d\d|now))`  (.*) · [^·]*")
        found = [line.fullmatch(text) for text in read_texts(report["blocks"])]
        return [
            f"{one[1]} {re.sub(r'[*]|:[a-z_]+: |_(?=no )|(?<=project)_', '', one[2])}" for one in found if one
        ]

    async def refresh_messages(self) -> None:
        """Update every message and Home tab whose content changed, as the schedule does each second."""
        await self._allow_slack_calls()
        while await self.service.services.live_messages.refresh_due():
            await self._allow_slack_calls()

    async def send_due_messages(self) -> None:
        """Send what waits in the outbox, as the schedule does each second."""
        await self._allow_slack_calls()
        while await self.service.services.outbox.send_due():
            await self._allow_slack_calls()

    async def _allow_slack_calls(self) -> None:
        """Let Slack's rate limits see a minute pass: the clock of a test may stand."""
        async with self.database.transaction(self.service.workspace.id) as tx:
            await tx.connection.execute("update messages set sent_at = sent_at - interval '1 minute'")
            await tx.connection.execute("update lanes set next_at = next_at - interval '1 minute'")

    async def receive_webhook(self, kind: str, delivery_id: str, **data: object) -> int:
        """Send the service a signed webhook of that kind; return the status of its answer."""
        seconds = int(self.local_slack.workspace.clock())
        at = datetime.fromtimestamp(seconds, UTC).isoformat()
        body = json.dumps({"type": kind, "timestamp": at, "data": {"user": "U0ADA", **data}}).encode()
        headers = {
            "webhook-id": delivery_id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": sign([decode_secret(WEBHOOK_SECRET)], delivery_id, seconds, body),
        }
        url = f"{self.service.address}/api/webhooks"
        async with self.session.post(url, data=body, headers=headers) as response:
            return response.status


def read_texts(value: object) -> list[str]:
    """Every text inside blocks, in order."""
    if isinstance(value, list | tuple):
        return [text for one in value for text in read_texts(one)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if isinstance(value.get("text"), str) else []
    return own + [
        text for inside in value.values() if not isinstance(inside, str) for text in read_texts(inside)
    ]


@asynccontextmanager
async def run_replica(
    database_url: str,
    local_slack: LocalSlack,
    *,
    clock: Callable[[], datetime] | None = None,
    socket: bool = False,
    settings: Settings = SETTINGS,
    least_wait: float = PATIENCE_SECONDS,
) -> AsyncIterator[Replica]:
    """`least_wait` is how long an answer waits for the work after it; 0 is for tests of answers that do not wait."""
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
            least_wait=least_wait,
            hash_cost=CHEAP_HASH,
        )
        if not socket:
            local_slack.request_url = f"{service.address}/slack/events"
        yield Replica(service, database, local_slack, session)
