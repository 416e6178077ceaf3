"""`python -m bench`: every figure of docs/performance.md, measured in one run and compared within it."""

import asyncio
import json
import os
import platform
import signal
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from bench import digests, load, rest, years
from bench.load import Load
from bench.report import Figures, written
from local_slack.server import LocalSlack
from local_slack.workspace import Person
from storage.postgres.embedded import EmbeddedPostgres

ROOT = Path(__file__).parent.parent
SECRET, TOKEN = "sample-signing-secret", "xoxb-sample"
PEOPLE, ROUNDS, COUNT, CONNECTIONS = 2_000, 3, 4_000, 8
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    pid: int
    url: str
    ready_after: float

    def cpu(self) -> float:
        """Processor time so far, in seconds."""
        return cpu_of(self.pid)

    def memory(self) -> float:
        """Resident, in MiB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


def database_cpu(postgres: EmbeddedPostgres) -> float:
    """Processor time so far of the database's connections that are open now, in seconds."""
    children = Path(f"/proc/{postgres.pid}/task/{postgres.pid}/children").read_text().split()
    return sum(cpu_of(int(pid)) for pid in children)


def cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


@asynccontextmanager
async def serving(arguments: list[str], environment: dict[str, str], folder: Path) -> AsyncIterator[Server]:
    """A process pinned to the first core; everything that loads it has the others."""
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


async def bare_transactions(url: str, count: int) -> float:
    """Starts a second on eight connections: end the running row, insert the next, commit; nothing else."""
    pool = await asyncpg.create_pool(url, min_size=CONNECTIONS, max_size=CONNECTIONS)
    await pool.execute("create table if not exists bare (person int, start timestamptz, stop timestamptz)")
    await pool.execute("create unique index if not exists bare_one on bare (person) where stop is null")
    left = count

    async def one(person: int) -> None:
        nonlocal left
        while left > 0:
            left -= 1
            async with pool.acquire() as connection, connection.transaction():
                await connection.execute(
                    "update bare set stop = clock_timestamp() where person = $1 and stop is null", person
                )
                await connection.execute(
                    "insert into bare (person, start) values ($1, clock_timestamp())", person
                )

    began = time.perf_counter()
    await asyncio.gather(*(one(person) for person in range(CONNECTIONS)))
    took = time.perf_counter() - began
    await pool.close()
    return count / took


async def analyzed(url: str) -> None:
    """Plans that were made while the tables were empty are made anew, as they are within minutes of a first start."""
    connection = await asyncpg.connect(url)
    await connection.execute("analyze")
    await connection.close()


def median(loads: list[Load]) -> Load:
    return sorted(loads, key=lambda one: one.rate)[len(loads) // 2]


async def measured(folder: Path) -> Figures:
    postgres = EmbeddedPostgres(folder / "postgres")
    await postgres.start()
    await postgres.ensure_database("bench")
    local_slack = LocalSlack(clock=time.time, signing_secret=SECRET, bot_token=TOKEN)
    for number in range(PEOPLE + 2):
        person = Person(f"U{number:05}", f"P {number}", "Europe/Berlin", "de", f"{number}@example.com")
        local_slack.workspace.add_person(person)
    await local_slack.start()
    environment = {
        "DATABASE_URL": postgres.service_url("bench"),
        "DATABASE_OWNER_URL": postgres.owner_url("bench"),
        "SECRET_KEYS": "sample-key-sample-key-sample-key-00",
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": local_slack.api_url,
        "PORT": "0",
        # What a digest costs is measured, not how long a workspace's pace makes it wait.
        "SLACK_MESSAGES_A_MINUTE": "60000",
    }
    ours: list[Load] = []
    bare: list[Load] = []
    transactions: list[float] = []
    try:
        async with serving([str(ROOT / "app.py")], environment, folder):
            pass  # the first start migrates; the one that is measured is like any other
        async with (
            serving([str(ROOT / "app.py")], environment, folder) as app,
            serving(["-m", "bench.bolt", SECRET], {}, folder) as bolt,
        ):
            idle = app.memory()
            await load.run(app.url, load.commands(SECRET, PEOPLE, "warm"),
                           connections=CONNECTIONS, count=PEOPLE * 2, cpu_of=app.cpu)  # fmt: skip
            await analyzed(postgres.superuser_url("bench"))
            for number in range(ROUNDS):
                for server, loads, name in ((bolt, bare, "bare"), (app, ours, "ours")):
                    made = load.commands(SECRET, PEOPLE, f"{name}{number}")
                    loads.append(
                        await load.run(
                            server.url, made, connections=CONNECTIONS, count=COUNT, cpu_of=server.cpu
                        )
                    )
                transactions.append(await bare_transactions(postgres.superuser_url("bench"), COUNT))
            calm = await load.run(
                app.url, load.commands(SECRET, PEOPLE, "calm"), connections=1, count=400, cpu_of=app.cpu
            )
            asked = await rest.measured(app.url, postgres.superuser_url("bench"), app.cpu)
            grown = await years.measured(
                app.url, postgres.superuser_url("bench"), SECRET, (f"U{PEOPLE:05}", f"U{PEOPLE + 1:05}")
            )
            sent = await digests.measured(
                postgres.superuser_url("bench"), app.cpu, lambda: database_cpu(postgres)
            )
            loaded = app.memory()
            start = app.ready_after
    finally:
        await local_slack.stop()
        await postgres.stop()
    return Figures(
        machine=f"{os.cpu_count()} cores, CPython {platform.python_version()}, PostgreSQL 18, fsync on",
        ours=median(ours),
        bare=median(bare),
        transactions=statistics.median(transactions),
        alone=calm,
        rest=asked,
        years=grown,
        digests=sent,
        start_seconds=start,
        idle_mib=idle,
        loaded_mib=loaded,
    )


def main() -> None:
    os.sched_setaffinity(0, set(range(1, os.cpu_count() or 2)) or {0})
    with TemporaryDirectory(prefix="bench-") as name:
        Path(name).chmod(0o755)
        figures = asyncio.run(measured(Path(name)))
    page = ROOT / "docs" / "performance.md"
    page.write_text(written(figures))
    print(page.read_text())
    print(json.dumps({"ratio": round(figures.ours.rate / figures.bare.rate, 3)}))


if __name__ == "__main__":
    main()
