"""Replicas as real processes, a durable PostgreSQL, one Slack; and ways to hurt them."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import asyncpg

from sandbox.answers import Answer
from sandbox.server import Sandbox
from storage.embedded import EmbeddedPostgres
from tests.service import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, WEBHOOK_SECRET, a_sandbox

ROOT = Path(__file__).parent.parent.parent
# Small in CI; CHAOS=full runs the numbers that docs/reliability.md tells.
FULL = os.environ.get("CHAOS") == "full"


def sized(small: int, full: int) -> int:
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
    server: EmbeddedPostgres
    sandbox: Sandbox
    folder: Path
    replicas: list[Process] = field(default_factory=list)
    chance: Random = field(default_factory=lambda: Random(7))
    hurt: dict[str, int] = field(default_factory=dict)

    async def start_replica(self, name: str) -> Process:
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": self.server.service_url("chaos"),
            "DATABASE_OWNER_URL": self.server.owner_url("chaos"),
            "SECRET_KEYS": "sample-key-sample-key-sample-key-00",
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": self.sandbox.api_url,
            "WEBHOOK_SECRET": WEBHOOK_SECRET,
            "PORT": "0",
            "LOG_FORMAT": "json",
        }
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
        """Starts again what is dead."""
        for index, replica in enumerate(self.replicas):
            if not replica.alive:
                self.replicas[index] = await self.start_replica(replica.name)

    async def kill_replica(self) -> None:
        replica = self.chance.choice(self.replicas)
        self._count("replicas killed")
        replica.process.kill()
        await replica.process.wait()
        await self.revive()

    async def freeze_replica(self, seconds: float) -> None:
        replica = self.chance.choice(self.replicas)
        self._count("replicas frozen")
        replica.process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        with suppress(ProcessLookupError):
            replica.process.send_signal(signal.SIGCONT)

    def kill_database(self) -> None:
        """The server's guard starts it again."""
        assert self.server.pid is not None
        self._count("databases killed")
        os.kill(self.server.pid, signal.SIGKILL)

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

    async def typed(self, user: str, text: str, trigger: str, tries: int = 60) -> Answer:
        """A command as a patient person repeats it: the same delivery, to whichever replica, until it is answered
        with a fact."""
        for _ in range(tries):
            replica = self.chance.choice(self.replicas)
            answer = await self.sandbox.command(
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


@asynccontextmanager
async def world(replicas: int) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="chaos-")))
        folder.chmod(0o755)  # noqa: ASYNC240 - once, before anything runs
        server = EmbeddedPostgres(folder / "postgres", settings={"max_connections": "100"})
        await server.start()
        stack.push_async_callback(server.stop)
        await server.ensure_database("chaos")
        sandbox = a_sandbox()
        await sandbox.start()
        stack.push_async_callback(sandbox.stop)
        made = World(server, sandbox, folder)
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
