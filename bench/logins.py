"""`python -m bench.logins`: whether a log-in tells who has an account, and what a flood of them does to Slack.

A service with two cores like any other; the addresses that ask are said by a proxy that it trusts.
"""

import asyncio
import itertools
import os
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from bench import load
from bench.__main__ import ROOT, SECRET, TOKEN, serving
from local_slack.server import LocalSlack
from local_slack.workspace import Person
from storage.postgres.embedded import EmbeddedPostgres

ACCOUNTS, TRIES, PEOPLE = 100, 500, 200
FLOOD, COMMANDS, SECONDS = 100, 50, 20  # log-ins a second, commands a second, for so long
PASSWORD, WRONG = "correct horse battery", "wrong horse battery"
HOME = "192.0.2.1"


@dataclass
class Answers:
    """`latencies` in seconds, by what was asked."""

    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        return sorted(self.latencies)[min(int(len(self.latencies) * share), len(self.latencies) - 1)] * 1e3


@dataclass
class Api:
    session: aiohttp.ClientSession
    url: str

    async def post(self, path: str, body: dict[str, str], address: str, into: Answers) -> int:
        began = time.perf_counter()
        async with self.session.post(
            f"{self.url}/api/{path}", json=body, headers={"X-Forwarded-For": address}
        ) as response:
            await response.read()
            into.latencies.append(time.perf_counter() - began)
            into.statuses[response.status] += 1
            return response.status

    async def log_in(self, email: str, password: str, address: str, into: Answers) -> int:
        return await self.post("login", {"email": email, "password": password}, address, into)

    async def command(self, request: bytes, into: Answers) -> None:
        head, _, body = request.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines()[2:])
        began = time.perf_counter()
        async with self.session.post(f"{self.url}/slack/events", data=body, headers=headers) as response:
            said = await response.read()
            into.latencies.append(time.perf_counter() - began)
            into.statuses[response.status if b"Nothing was saved" not in said else 599] += 1


def strangers() -> Iterator[str]:
    for number in itertools.count():
        yield f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


async def told_apart(api: Api, addresses: Iterator[str]) -> str:
    """Known and unknown accounts, interleaved, each from an address of its own."""
    known, unknown = Answers(), Answers()
    for number in range(TRIES):
        pair = [("known", known), ("unknown", unknown)]
        random.shuffle(pair)  # so that neither is always the one after the other
        for name, answers in pair:
            await api.log_in(f"{name}{number % ACCOUNTS}@example.com", WRONG, next(addresses), answers)
    assert set(known.statuses) == set(unknown.statuses) == {401}, (known.statuses, unknown.statuses)
    medians = [statistics.median(one.latencies) * 1e3 for one in (known, unknown)]
    wins = sum((a > b) + (a == b) / 2 for a in known.latencies for b in unknown.latencies)
    area = wins / TRIES**2
    return (
        f"known {medians[0]:.1f} ms, unknown {medians[1]:.1f} ms (medians of {TRIES}), "
        f"area under the curve {max(area, 1 - area):.3f}"
    )


async def at_rate(rate: int, ask: Callable[[], asyncio.Task[object]]) -> None:
    """An open load: the next one does not wait for the one before."""
    loop = asyncio.get_running_loop()
    began, asked = loop.time(), []
    for number in range(rate * SECONDS):
        await asyncio.sleep(began + number / rate - loop.time())
        asked.append(ask())
    await asyncio.gather(*asked)


async def flooded(
    api: Api, name: str, attack: Callable[[], tuple[str, str]] | None, commands: Iterator[bytes]
) -> str:
    """`attack` gives the account and the address of each try; None is a calm quarter."""
    slack, tries, owner = Answers(), Answers(), Answers()

    def command() -> asyncio.Task[object]:
        return asyncio.create_task(api.command(next(commands), slack))

    def attempt() -> asyncio.Task[object]:
        assert attack
        email, address = attack()
        return asyncio.create_task(api.log_in(email, WRONG, address, tries))

    async def owners() -> None:
        for _ in range(SECONDS // 4):
            await asyncio.sleep(4)
            await api.log_in("known0@example.com", PASSWORD, HOME, owner)

    flood = [at_rate(FLOOD, attempt), owners()] if attack else []
    await asyncio.gather(at_rate(COMMANDS, command), *flood)
    said = f"{name}: Slack p50 {slack.percentile(0.5):.0f} ms, p99 {slack.percentile(0.99):.0f} ms"
    said += f", {dict(slack.statuses)}"
    return said + (f"; tries {dict(tries.statuses)}; owner {dict(owner.statuses)}" if attack else "")


async def measured(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder / "postgres")
    await postgres.start()
    await postgres.ensure_database("bench")
    local_slack = LocalSlack(clock=time.time, signing_secret=SECRET, bot_token=TOKEN)
    for number in range(PEOPLE):
        local_slack.workspace.add_person(
            Person(f"U{number:05}", f"P {number}", "Europe/Berlin", "de", f"{number}@example.com")
        )
    await local_slack.start()
    environment = {
        "DATABASE_URL": postgres.service_url("bench"),
        "DATABASE_OWNER_URL": postgres.owner_url("bench"),
        "SECRET_KEYS": "sample-key-sample-key-sample-key-00",
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": local_slack.api_url,
        "TRUSTED_PROXIES": "127.0.0.1",
        "SIGN_UP": "open",
        "PORT": "0",
    }
    try:
        async with (
            serving([str(ROOT / "app.py")], environment, folder) as app,
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
        ):
            os.sched_setaffinity(app.pid, range(os.cpu_count() or 1))
            api, addresses = Api(session, app.url), strangers()
            for number in range(ACCOUNTS):
                body = {"name": "K", "email": f"known{number}@example.com", "password": PASSWORD}
                assert await api.post("signup", body, HOME, Answers()) == 201
            assert await api.log_in("known0@example.com", PASSWORD, HOME, Answers()) == 200
            commands = load.commands(SECRET, PEOPLE, "flood")
            for _ in range(PEOPLE):  # who is new is asked about in Slack first
                await api.command(next(commands), Answers())
            print(await told_apart(api, addresses))
            names = (f"unknown{number}@example.com" for number in itertools.count())
            for name, attack in {
                "calm": None,
                "one account, from one address": lambda: ("known0@example.com", "203.0.113.7"),
                "one account, from everywhere": lambda: ("known0@example.com", next(addresses)),
                "any accounts, from one address": lambda: (next(names), "203.0.113.8"),
                "any accounts, from everywhere": lambda: (next(names), next(addresses)),
                "calm again": None,
            }.items():
                print(await flooded(api, name, attack, commands))
    finally:
        await local_slack.stop()
        await postgres.stop()


def main() -> None:
    with TemporaryDirectory(prefix="bench-") as name:
        Path(name).chmod(0o755)
        asyncio.run(measured(Path(name)))


if __name__ == "__main__":
    main()
