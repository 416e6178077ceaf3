"""`python -m bench.edge`: what 1 MiB of the worst input costs on each route that takes it without a token or signature,
and what 50 of them a second do to `/healthz` and to commands."""

import asyncio
import itertools
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import aiohttp

from bench import load
from bench.__main__ import ROOT, SECRET, TICK, TOKEN, serving
from sandbox.server import Sandbox
from sandbox.workspace import Person
from storage.embedded import EmbeddedPostgres

PEOPLE, OF_EACH = 100, 10
FLOOD, COMMANDS, SECONDS = 50, 20, 20  # worst requests a second, commands a second, for so long
MIB = 1024 * 1024
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
WORST = {
    "a string never closed": b'{"a":"' + b'\\"' * (MIB // 2 - 4),
    "brackets": b"[" * MIB,
    "digits": b"9" * MIB,
    "unknown keys": b"{" + b",".join(b'"k%06d":1' % number for number in range(MIB // 12)) + b"}",
    "escapes of a form": b"payload=" + b"%" * (MIB - 8),
    "fields of a form": b"a&" * (MIB // 2),
}
ROUTES = (
    "/api/signup",
    "/api/login",
    "/api/refresh",
    "/api/webhooks",
    "/api/webhooks/{}",
    "/slack/events",
    "/api/me",
)


@dataclass
class Seen:
    """`latencies` in seconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)

    def at(self, share: float) -> float:
        """In milliseconds."""
        return sorted(self.latencies)[min(int(len(self.latencies) * share), len(self.latencies) - 1)] * 1e3


@dataclass
class Edge:
    session: aiohttp.ClientSession
    url: str
    pid: int

    def cpu(self) -> float:
        """Seconds of processor time of the service so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    async def post(self, route: str, body: bytes, into: Seen) -> None:
        headers = {"Content-Type": FORM if route.startswith("/slack") else JSON}
        now = str(int(time.time()))
        # As far as anybody gets who knows no secret: headers in the right form.
        if "webhooks" in route:
            headers |= {"webhook-id": "a", "webhook-timestamp": now, "webhook-signature": "v1,x"}
        if route.startswith("/slack"):
            headers |= {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": "v0=" + "0" * 64}
        await self.ask("POST", route.format(uuid4()), into, data=body, headers=headers)

    async def ask(self, method: str, path: str, into: Seen, **more: object) -> None:
        began = time.perf_counter()
        try:
            async with self.session.request(method, self.url + path, **more) as response:  # type: ignore[arg-type]
                await response.read()
                into.statuses[response.status] += 1
        except (aiohttp.ClientError, OSError):
            into.statuses[0] += 1  # hung up on before all of it was sent
        into.latencies.append(time.perf_counter() - began)

    async def flood(self, into: Seen) -> None:
        """Every worst body to every route in turn, FLOOD a second, whether they are answered or not."""
        kinds = itertools.cycle(itertools.product(ROUTES, WORST.values()))
        await at_rate(FLOOD, lambda: self.post(*next(kinds), into))

    async def watch_health(self, into: Seen) -> None:
        while True:
            await self.ask("GET", "/healthz", into)
            await asyncio.sleep(0.05)


async def at_rate(rate: int, ask: Callable[[], Coroutine[object, object, None]]) -> None:
    """An open load for SECONDS: the next one does not wait for the one before."""
    loop = asyncio.get_running_loop()
    began, asked = loop.time(), []
    for number in range(rate * SECONDS):
        await asyncio.sleep(began + number / rate - loop.time())
        asked.append(asyncio.create_task(ask()))
    await asyncio.gather(*asked)


async def costs(edge: Edge) -> None:
    for route in ROUTES:
        for name, body in WORST.items():
            seen, health = Seen(), Seen()
            watching = asyncio.create_task(edge.watch_health(health))
            before = edge.cpu()
            for _ in range(OF_EACH):
                await edge.post(route, body, seen)
            each = (edge.cpu() - before) / OF_EACH * 1e3
            await asyncio.sleep(0.06)
            watching.cancel()
            print(
                f"{route:20} {name:24} {dict(seen.statuses)} {each:5.1f} ms of processor time each; "
                f"/healthz at most {health.at(1):.0f} ms"
            )


async def flooded(edge: Edge, commands: Iterator[bytes], *, attack: bool) -> None:
    slack, health = Seen(), Seen()

    async def command() -> None:
        head, _, body = next(commands).partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines()[2:])
        await edge.ask("POST", "/slack/events", slack, data=body, headers=headers)

    watching = asyncio.create_task(edge.watch_health(health))
    before, said = edge.cpu(), b""
    if attack:
        # In a process of its own: sending 50 MiB a second would hold up those whose time is taken here.
        flood = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.edge", edge.url, stdout=asyncio.subprocess.PIPE, cwd=ROOT
        )
        (said, _), _ = await asyncio.gather(flood.communicate(), at_rate(COMMANDS, command))
    else:
        await at_rate(COMMANDS, command)
    watching.cancel()
    print(
        f"{'flood' if attack else 'calm'}: commands {dict(slack.statuses)} p50 {slack.at(0.5):.0f} ms, p99 "
        f"{slack.at(0.99):.0f} ms; /healthz p99 {health.at(0.99):.0f} ms, at most {health.at(1):.0f} ms; "
        f"{edge.cpu() - before:.1f} s of processor time in {SECONDS} s; worst {said.decode().strip()}"
    )


async def measured(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder / "postgres")
    await postgres.start()
    await postgres.ensure_database("bench")
    sandbox = Sandbox(clock=time.time, signing_secret=SECRET, bot_token=TOKEN)
    for number in range(PEOPLE):
        sandbox.workspace.add_person(
            Person(f"U{number:05}", f"P {number}", "Europe/Berlin", "de", f"{number}@e.org")
        )
    await sandbox.start()
    environment = {
        "DATABASE_URL": postgres.service_url("bench"),
        "DATABASE_OWNER_URL": postgres.owner_url("bench"),
        "SECRET_KEYS": "sample-key-sample-key-sample-key-00",
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": sandbox.api_url,
        "SIGN_UP": "open",
        "PORT": "0",
    }
    try:
        async with (
            serving([str(ROOT / "app.py")], environment, folder) as app,
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
        ):
            os.sched_setaffinity(app.pid, range(os.cpu_count() or 1))
            edge, commands = Edge(session, app.url, app.pid), load.commands(SECRET, PEOPLE, "edge")
            warm = Seen()
            for _ in range(PEOPLE):  # who is new is asked about in Slack first
                head, _, body = next(commands).partition(b"\r\n\r\n")
                headers = dict(line.split(": ", 1) for line in head.decode().splitlines()[2:])
                await edge.ask("POST", "/slack/events", warm, data=body, headers=headers)
            await costs(edge)
            await flooded(edge, commands, attack=False)
            await flooded(edge, commands, attack=True)
    finally:
        await sandbox.stop()
        await postgres.stop()


async def only_flood(url: str) -> None:
    seen = Seen()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await Edge(session, url, 0).flood(seen)
    print(f"{dict(seen.statuses)} p50 {seen.at(0.5):.0f} ms, p99 {seen.at(0.99):.0f} ms")


def main() -> None:
    if len(sys.argv) > 1:
        asyncio.run(only_flood(sys.argv[1]))
        return
    with TemporaryDirectory(prefix="bench-") as name:
        Path(name).chmod(0o755)
        asyncio.run(measured(Path(name)))


if __name__ == "__main__":
    main()
