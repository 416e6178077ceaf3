"""`python -m bench.logins` measures whether the timing of log-ins reveals accounts, and how a flood of log-ins
affects Slack.

The service has two cores. It trusts a proxy, so that the load can set the client address of each request.
"""

import asyncio
import itertools
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from bench import load
from bench.service import ROOT, SECRET, run_server, run_surroundings
from bench.timings import Timings

ACCOUNTS, TRIES, PEOPLE = 100, 500, 200
FLOOD, COMMANDS, SECONDS = 100, 50, 20  # log-ins per second, commands per second, seconds
PASSWORD, WRONG = "correct horse battery", "wrong horse battery"
HOME = "192.0.2.1"


@dataclass
class Api:
    """A client of the service that records the timings of its requests."""

    session: aiohttp.ClientSession
    url: str

    async def post(self, path: str, body: dict[str, str], address: str, into: Timings) -> int:
        began = time.perf_counter()
        async with self.session.post(
            f"{self.url}/api/{path}", json=body, headers={"X-Forwarded-For": address}
        ) as response:
            await response.read()
            into.latencies.append(time.perf_counter() - began)
            into.statuses[response.status] += 1
            return response.status

    async def log_in(self, email: str, password: str, address: str, into: Timings) -> int:
        return await self.post("login", {"email": email, "password": password}, address, into)

    async def send_command(self, request: bytes, into: Timings) -> None:
        head, _, body = request.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines()[2:])
        began = time.perf_counter()
        async with self.session.post(f"{self.url}/slack/events", data=body, headers=headers) as response:
            said = await response.read()
            into.latencies.append(time.perf_counter() - began)
            into.statuses[response.status if b"Nothing was saved" not in said else 599] += 1


def make_addresses() -> Iterator[str]:
    """Make network addresses that are all different."""
    for number in itertools.count():
        yield f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


async def compare_timing(api: Api, addresses: Iterator[str]) -> str:
    """Compare the timing of log-ins for existing and unknown accounts, interleaved, each from another address."""
    known, unknown = Timings(), Timings()
    for number in range(TRIES):
        pair = [("known", known), ("unknown", unknown)]
        random.shuffle(pair)  # so that neither always comes first
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


async def send_at_rate(rate: int, ask: Callable[[], asyncio.Task[object]]) -> None:
    """Send requests at a rate, without waiting for the earlier ones."""
    loop = asyncio.get_running_loop()
    began, asked = loop.time(), []
    for number in range(rate * SECONDS):
        await asyncio.sleep(began + number / rate - loop.time())
        asked.append(ask())
    await asyncio.gather(*asked)


async def measure_flood(
    api: Api, name: str, attack: Callable[[], tuple[str, str]] | None, commands: Iterator[bytes]
) -> str:
    """Measure commands during a flood of log-ins, or without one if `attack` is None.

    `attack` returns the account and the address of each log-in.
    """
    slack, tries, owner = Timings(), Timings(), Timings()

    def command() -> asyncio.Task[object]:
        return asyncio.create_task(api.send_command(next(commands), slack))

    def attempt() -> asyncio.Task[object]:
        assert attack
        email, address = attack()
        return asyncio.create_task(api.log_in(email, WRONG, address, tries))

    async def log_in_as_owner() -> None:
        for _ in range(SECONDS // 4):
            await asyncio.sleep(4)
            await api.log_in("known0@example.com", PASSWORD, HOME, owner)

    flood = [send_at_rate(FLOOD, attempt), log_in_as_owner()] if attack else []
    await asyncio.gather(send_at_rate(COMMANDS, command), *flood)
    said = f"{name}: Slack p50 {slack.percentile(0.5):.0f} ms, p99 {slack.percentile(0.99):.0f} ms"
    said += f", {dict(slack.statuses)}"
    return said + (f"; tries {dict(tries.statuses)}; owner {dict(owner.statuses)}" if attack else "")


async def measure(folder: Path) -> None:
    surroundings = run_surroundings(folder, PEOPLE, TRUSTED_PROXIES="127.0.0.1", SIGN_UP="open")
    async with (
        surroundings as (_, environment),
        run_server([str(ROOT / "app.py")], environment, folder) as app,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
    ):
        os.sched_setaffinity(app.pid, range(os.cpu_count() or 1))
        api, addresses = Api(session, app.url), make_addresses()
        for number in range(ACCOUNTS):
            body = {"name": "K", "email": f"known{number}@example.com", "password": PASSWORD}
            assert await api.post("signup", body, HOME, Timings()) == 201
        assert await api.log_in("known0@example.com", PASSWORD, HOME, Timings()) == 200
        commands = load.make_commands(SECRET, PEOPLE, "flood")
        for _ in range(
            PEOPLE
        ):  # the first command of each person is slower: the service asks Slack about them
            await api.send_command(next(commands), Timings())
        print(await compare_timing(api, addresses))
        names = (f"unknown{number}@example.com" for number in itertools.count())
        for name, attack in {
            "calm": None,
            "one account, from one address": lambda: ("known0@example.com", "203.0.113.7"),
            "one account, from everywhere": lambda: ("known0@example.com", next(addresses)),
            "any accounts, from one address": lambda: (next(names), "203.0.113.8"),
            "any accounts, from everywhere": lambda: (next(names), next(addresses)),
            "calm again": None,
        }.items():
            print(await measure_flood(api, name, attack, commands))


def main() -> None:
    with TemporaryDirectory(prefix="bench-") as name:
        Path(name).chmod(0o755)
        asyncio.run(measure(Path(name)))


if __name__ == "__main__":
    main()
