"""Replicas as real processes, a durable PostgreSQL, one Slack; and ways to hurt them."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TypeVar
from urllib.parse import urlsplit

import asyncpg

from local_slack.answers import Answer
from local_slack.server import LocalSlack
from storage.postgres.embedded import EmbeddedPostgres
from tests.chaos.wire import Wire
from tests.replica import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, WEBHOOK_SECRET, make_local_slack

ROOT = Path(__file__).parent.parent.parent
Size = TypeVar("Size")
# Small in CI; CHAOS=full runs the numbers that docs/reliability.md tells.
FULL = os.environ.get("CHAOS") == "full"


def sized(small: Size, full: Size) -> Size:
    return full if FULL else small


@dataclass
class Process:
    """One replica. It is started again by `World.revive`, as an operator's supervisor would."""

    name: str
    process: asyncio.subprocess.Process
    url: str

    @property
    def alive(self) -> bool:
        return self.process.returncode is None


@dataclass
class World:
    """`database` is the address at which the replicas find theirs."""

    server: EmbeddedPostgres
    local_slack: LocalSlack
    folder: Path
    database: str
    replicas: list[Process] = field(default_factory=list)
    chance: Random = field(default_factory=lambda: Random(7))
    hurt: dict[str, int] = field(default_factory=dict)
    offset: timedelta = timedelta()  # between the real clock and this world's

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def set_clock(self, name: str, ahead: timedelta) -> None:
        """A process's wall clock jumps, to so much beside this world's; the monotonic one goes on."""
        _write_clock(self.folder / f"{name}.clock", self.offset + ahead)

    def jump_clock(self, ahead: timedelta) -> None:
        """Of one replica; the others and the database stay."""
        self._count("clocks jumped")
        self.set_clock(self.chance.choice(self.replicas).name, ahead)

    def jump_database_clock(self, ahead: timedelta) -> None:
        """PostgreSQL's own; Slack and the replicas stay. Only where the world has a beginning."""
        self._count("database clocks jumped")
        _write_clock(self.folder / "postgres.clock", self.offset + ahead)

    async def start_replica(self, name: str, port: int = 0) -> Process:
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": self.database,
            "DATABASE_OWNER_URL": self.server.owner_url("chaos"),
            "SECRET_KEYS": "sample-key-sample-key-sample-key-00",
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": self.local_slack.api_url,
            "WEBHOOK_SECRET": WEBHOOK_SECRET,
            "PORT": str(port),
            "LOG_FORMAT": "json",
            "SLACK_MESSAGES_A_MINUTE": "60000",
            **faketime(self.folder / f"{name}.clock"),
        }
        if not (self.folder / f"{name}.clock").exists():
            self.set_clock(name, timedelta())
        with (self.folder / f"{name}.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                str(ROOT / "app.py"),
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env=environment,
                cwd=self.folder,
            )
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
        assert line.startswith("Ready: "), self.log(name)
        return Process(name, process, line.removeprefix("Ready: ").strip())

    async def revive(self) -> None:
        """Starts again what is dead, where it was."""
        for index, replica in enumerate(self.replicas):
            if not replica.alive:
                port = urlsplit(replica.url).port or 0
                self.replicas[index] = await self.start_replica(replica.name, port)

    async def kill_replica(self) -> None:
        replica = self._one_alive()
        self._count("replicas killed")
        replica.process.kill()
        await replica.process.wait()
        await self.revive()

    async def freeze_replica(self, seconds: float) -> None:
        replica = self._one_alive()
        self._count("replicas frozen")
        replica.process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        with suppress(ProcessLookupError):
            replica.process.send_signal(signal.SIGCONT)

    def _one_alive(self) -> Process:
        return self.chance.choice([one for one in self.replicas if one.alive])

    def kill_database(self) -> None:
        """The server's guard starts it again."""
        assert self.server.pid is not None
        self._count("databases killed")
        os.kill(self.server.pid, signal.SIGKILL)

    def stop_database(self, *, fast: bool) -> None:
        """As `pg_ctl stop` does, -m fast or immediate; the server's guard starts it again."""
        assert self.server.pid is not None
        self._count("databases stopped fast" if fast else "databases stopped immediately")
        os.kill(self.server.pid, signal.SIGINT if fast else signal.SIGQUIT)

    def freeze_database(self, *, frozen: bool) -> None:
        """Every process of the server: connections stay open and nothing answers."""
        assert self.server.pid is not None
        # Each of PostgreSQL's processes leads a group of its own, so they are stopped one by one.
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split()
        for pid in [self.server.pid, *map(int, children)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP if frozen else signal.SIGCONT)
        if frozen:
            self._count("databases frozen")

    async def type_command(self, user: str, text: str, trigger: str, tries: int = 60) -> Answer:
        """A command as a patient person repeats it: the same delivery, to whichever replica, until it is answered
        with a fact."""
        for _ in range(tries):
            replica = self.chance.choice(self.replicas)
            answer = await self.local_slack.command(
                user, text, trigger_id=trigger, request_url=f"{replica.url}/slack/events"
            )
            told = answer.message.text if answer.message else ""
            if (
                answer.status == 200
                and not answer.errors
                and not told.startswith(("Nothing was saved", "I can't"))
            ):
                return answer
            self._count("answers that were none")
            await asyncio.sleep(0.3)
        raise AssertionError(f"never answered: {text}: {answer}")

    async def rows(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.server.superuser_url("chaos"))
        try:
            return await connection.fetch(query, *arguments)
        finally:
            await connection.close()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()[-4000:]

    def _count(self, what: str) -> None:
        self.hurt[what] = self.hurt.get(what, 0) + 1


def faketime(clock: Path) -> dict[str, str]:
    """Lets a process take its wall clock from that file, which is read again each second."""
    package = find_spec("libfaketime")
    assert package
    assert package.origin
    library = Path(package.origin).parent / "vendor/libfaketime/src/libfaketime.so.1"
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def _write_clock(path: Path, offset: timedelta) -> None:
    """In one step: whoever reads it half written would be in another century."""
    new = path.with_suffix(".new")
    new.write_text(f"{offset.total_seconds():+.3f}\n")
    new.chmod(0o644)
    new.replace(path)


@asynccontextmanager
async def world(
    replicas: int, *, begins: datetime | None = None, wire: Wire | None = None
) -> AsyncIterator[World]:
    """`begins`: the instant at which its clocks start, the database's and Slack's too. `wire` comes to lie between the
    replicas and their database."""
    offset = begins - datetime.now(UTC) if begins else timedelta()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="chaos-")))
        folder.chmod(0o755)  # noqa: ASYNC240 - once, before anything runs
        server = EmbeddedPostgres(folder / "postgres", settings={"max_connections": "100"})
        if begins:
            _write_clock(folder / "postgres.clock", offset)
            os.environ.update(faked := faketime(folder / "postgres.clock"))
            for name in faked:
                stack.callback(os.environ.pop, name, None)
        await server.start()
        stack.push_async_callback(server.stop)
        await server.ensure_database("chaos")
        local_slack = make_local_slack(lambda: time.time() + offset.total_seconds())
        await local_slack.start()
        stack.push_async_callback(local_slack.stop)
        database = server.service_url("chaos")
        if wire:
            database = await stack.enter_async_context(wire.laid(database))
        made = World(server, local_slack, folder, database, offset=offset)
        assert APP_TOKEN
        # Together, as a deployment does: one of them migrates and the others wait for it.
        made.replicas = list(
            await asyncio.gather(*(made.start_replica(f"replica{number}") for number in range(replicas)))
        )
        try:
            yield made
        finally:
            for replica in made.replicas:
                if replica.alive:
                    with suppress(ProcessLookupError):
                        replica.process.send_signal(signal.SIGCONT)
                        replica.process.terminate()
            for replica in made.replicas:
                await asyncio.wait_for(replica.process.wait(), 15)
