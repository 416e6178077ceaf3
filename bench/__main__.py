"""`python -m bench` measures every figure of docs/performance.md in one run."""

import asyncio
import json
import os
import platform
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from bench import digests, load, rest, years
from bench.load import Load
from bench.report import Figures, render_report
from bench.service import ROOT, SECRET, read_database_cpu, run_server, run_surroundings

PEOPLE, ROUNDS, COUNT, CONNECTIONS = 2_000, 3, 4_000, 8


async def measure_bare_transactions(url: str, count: int) -> float:
    """Measure asyncpg alone on eight connections: end the running row, insert the next one, commit.

    Return how many of these transactions there were per second.
    """
    pool = await asyncpg.create_pool(url, min_size=CONNECTIONS, max_size=CONNECTIONS)
    await pool.execute("create table if not exists bare (person int, start timestamptz, stop timestamptz)")
    await pool.execute("create unique index if not exists bare_one on bare (person) where stop is null")
    left = count

    async def switch_rows(person: int) -> None:
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
    await asyncio.gather(*(switch_rows(person) for person in range(CONNECTIONS)))
    took = time.perf_counter() - began
    await pool.close()
    return count / took


async def analyze(url: str) -> None:
    """Update the planner's statistics, as autovacuum does within minutes, so that no plan dates from the empty
    tables."""
    connection = await asyncpg.connect(url)
    await connection.execute("analyze")
    await connection.close()


def find_median(loads: list[Load]) -> Load:
    return sorted(loads, key=lambda one: one.rate)[len(loads) // 2]


async def measure(folder: Path) -> Figures:
    """Measure everything. The loads of the service and of Bolt alone take turns, so that a slow minute affects both."""
    ours: list[Load] = []
    bare: list[Load] = []
    transactions: list[float] = []
    # The pace of messages is set high, to measure the cost of a digest without its wait for a rate limit.
    surroundings = run_surroundings(folder, PEOPLE + 2, SLACK_MESSAGES_A_MINUTE="60000")
    async with surroundings as (postgres, environment):
        superuser_url = postgres.superuser_url("bench")
        async with run_server([str(ROOT / "app.py")], environment, folder):
            pass  # the first start migrates; the second one is measured
        async with (
            run_server([str(ROOT / "app.py")], environment, folder) as app,
            run_server(["-m", "bench.bolt", SECRET], {}, folder) as bolt,
        ):
            idle_mib = app.read_memory()
            warm_up = load.make_commands(SECRET, PEOPLE, "warm")
            await load.run(app.url, warm_up, connections=CONNECTIONS, count=PEOPLE * 2, read_cpu=app.read_cpu)
            await analyze(superuser_url)
            for number in range(ROUNDS):
                for server, loads, name in ((bolt, bare, "bare"), (app, ours, "ours")):
                    commands = load.make_commands(SECRET, PEOPLE, f"{name}{number}")
                    loads.append(
                        await load.run(
                            server.url,
                            commands,
                            connections=CONNECTIONS,
                            count=COUNT,
                            read_cpu=server.read_cpu,
                        )
                    )
                transactions.append(await measure_bare_transactions(superuser_url, COUNT))
            calm = load.make_commands(SECRET, PEOPLE, "calm")
            alone = await load.run(app.url, calm, connections=1, count=400, read_cpu=app.read_cpu)
            rest_loads = await rest.measure(app.url, superuser_url, app.read_cpu)
            two_people = (f"U{PEOPLE:05}", f"U{PEOPLE + 1:05}")
            grown = await years.measure(app.url, superuser_url, SECRET, two_people)
            digest_costs = await digests.measure(
                superuser_url, app.read_cpu, lambda: read_database_cpu(postgres)
            )
            return Figures(
                machine=f"{os.cpu_count()} cores, CPython {platform.python_version()}, PostgreSQL 18, fsync on",
                ours=find_median(ours),
                bare=find_median(bare),
                transactions=statistics.median(transactions),
                alone=alone,
                rest=rest_loads,
                years=grown,
                digests=digest_costs,
                start_seconds=app.ready_after,
                idle_mib=idle_mib,
                loaded_mib=app.read_memory(),
            )


def main() -> None:
    os.sched_setaffinity(0, set(range(1, os.cpu_count() or 2)) or {0})
    with TemporaryDirectory(prefix="bench-") as name:
        Path(name).chmod(0o755)
        figures = asyncio.run(measure(Path(name)))
    page = ROOT / "docs" / "performance.md"
    page.write_text(render_report(figures))
    print(page.read_text())
    print(json.dumps({"ratio": round(figures.ours.rate / figures.bare.rate, 3)}))


if __name__ == "__main__":
    main()
