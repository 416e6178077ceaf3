"""The environment of the measurements: PostgreSQL, the local Slack, and processes of the service."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from local_slack.server import LocalSlack
from local_slack.workspace import Person
from storage.postgres.embedded import EmbeddedPostgres

ROOT = Path(__file__).parent.parent
SECRET, TOKEN = "sample-signing-secret", "xoxb-sample"
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A process that serves HTTP at `url`. `ready_after` is how many seconds its start took."""

    pid: int
    url: str
    ready_after: float

    def read_cpu(self) -> float:
        """Read the processor time that the process has used, in seconds."""
        return read_cpu(self.pid)

    def read_memory(self) -> float:
        """Read the process's resident memory, in MiB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


def read_database_cpu(postgres: EmbeddedPostgres) -> float:
    """Read the processor time of the server processes behind the open connections to the database, in seconds."""
    children = Path(f"/proc/{postgres.pid}/task/{postgres.pid}/children").read_text().split()
    return sum(read_cpu(int(pid)) for pid in children)


def read_cpu(pid: int) -> float:
    """Read the processor time that a process has used, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


@asynccontextmanager
async def run_server(
    arguments: list[str], environment: dict[str, str], folder: Path
) -> AsyncIterator[Server]:
    """Run a server on the first core. All other processes run on the other cores."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
    took = time.perf_counter() - began
    os.sched_setaffinity(process.pid, {0})
    try:
        yield Server(process.pid, line.removeprefix("Ready: ").strip(), took)
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()


@asynccontextmanager
async def run_surroundings(
    folder: Path, people: int, **settings: str
) -> AsyncIterator[tuple[EmbeddedPostgres, dict[str, str]]]:
    """Run a database and a local Slack with that many people. Yield the database and the service's environment."""
    postgres = EmbeddedPostgres(folder / "postgres")
    await postgres.start()
    await postgres.ensure_database("bench")
    local_slack = LocalSlack(clock=time.time, signing_secret=SECRET, bot_token=TOKEN)
    for number in range(people):
        local_slack.workspace.add_person(
            Person(f"U{number:05}", f"P {number}", "Europe/Berlin", "de", f"{number}@example.com")
        )
    await local_slack.start()
    try:
        yield (
            postgres,
            {
                "DATABASE_URL": postgres.service_url("bench"),
                "DATABASE_OWNER_URL": postgres.owner_url("bench"),
                "SECRET_KEYS": "sample-key-sample-key-sample-key-00",
                "SLACK_BOT_TOKEN": TOKEN,
                "SLACK_SIGNING_SECRET": SECRET,
                "SLACK_API_URL": local_slack.api_url,
                "PORT": "0",
                **settings,
            },
        )
    finally:
        await local_slack.stop()
        await postgres.stop()
