"""`python -m bench.edge`: what 1 MiB of the worst input costs on each route that takes it without a token or signature,
and what 50 of them a second do to `/healthz` and to commands."""

import asyncio
import itertools
import os
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp

from bench import load
from bench.__main__ import ROOT, SECRET, TICK, TOKEN, serving
from local_slack.server import LocalSlack
from local_slack.workspace import Person
from storage.postgres.embedded import EmbeddedPostgres

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


def forged(route: str) -> dict[str, str]:
    """Headers as far as anybody gets who knows no secret: all of them there, and in the right form."""
    now = str(int(time.time()))
    if "webhooks" in route:
        return {
            "webhook-id": "a",
            "webhook-timestamp": now,
            "webhook-signature": "v1,x",
            "Content-Type": JSON,
        }
    if route.startswith("/slack"):
        return {
            "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": "v0=" + "0" * 64,
            "Content-Type": FORM,
        }
    return {"Content-Type": JSON}


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
        await self.ask("POST", route.format(uuid4()), into, data=body, headers=forged(route))

    async def ask(self, method: str, path: str, into: Seen, **more: object) -> None:
        began = time.perf_counter()
        try:
            async with self.session.request(method, self.url + path, **more) as response:  # type: ignore[arg-type]
                await response.read()
                into.statuses[response.status] += 1
        except (aiohttp.ClientError, OSError):
            into.statuses[0] += 1  # hung up on before all of it was sent
        into.latencies.append(time.perf_counter() - began)

    async def watch_health(self, into: Seen) -> None:
        while True:
            await self.ask("GET", "/healthz", into)
            await asyncio.sleep(0.05)


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


async def flooded(edge: Edge, *, attack: bool) -> None:
    """Commands and health checks, beside a flood or not; each kind in a process of its own, so that
    none holds up those whose time is taken."""
    kinds = ["commands", "health", *(["flood"] if attack else [])]
    before = edge.cpu()
    others = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.edge", edge.url, kind, stdout=asyncio.subprocess.PIPE, cwd=ROOT
        )
        for kind in kinds
    ]
    said = [(await other.communicate())[0].decode().strip() for other in others]
    print(
        f"{'flood' if attack else 'calm'}: {'; '.join(said)}; {edge.cpu() - before:.1f} s of processor time"
    )


async def measured(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder / "postgres")
    await postgres.start()
    await postgres.ensure_database("bench")
    local_slack = LocalSlack(clock=time.time, signing_secret=SECRET, bot_token=TOKEN)
    for number in range(PEOPLE):
        local_slack.workspace.add_person(
            Person(f"U{number:05}", f"P {number}", "Europe/Berlin", "de", f"{number}@e.org")
        )
    await local_slack.start()
    environment = {
        "DATABASE_URL": postgres.service_url("bench"),
        "DATABASE_OWNER_URL": postgres.owner_url("bench"),
        "SECRET_KEYS": "sample-key-sample-key-sample-key-00",
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": local_slack.api_url,
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
            await flooded(edge, attack=False)
            await flooded(edge, attack=True)
    finally:
        await local_slack.stop()
        await postgres.stop()


def timed(url: str, name: str, requests: Iterator[bytes], pause: float) -> None:
    """One request after the other over one connection, for SECONDS."""
    place, statuses, took = urlsplit(url), Counter[str](), list[float]()
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=30) as connection:
        ends = time.monotonic() + SECONDS
        while time.monotonic() < ends:
            began = time.perf_counter()
            connection.sendall(next(requests))
            said = b""
            while b"\r\n\r\n" not in said:
                said += connection.recv(65_536)
            head, _, body = said.partition(b"\r\n\r\n")
            left = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]) - len(body)
            while left > 0:
                left -= len(connection.recv(65_536))
            took.append(time.perf_counter() - began)
            statuses[head[9:12].decode()] += 1
            time.sleep(pause)
    seen = Seen(latencies=took)
    print(
        f"{name} {dict(statuses)} p50 {seen.at(0.5):.0f} ms, p99 {seen.at(0.99):.0f} ms, at most {seen.at(1):.0f} ms"
    )


def flood(url: str) -> None:
    """FLOOD worst requests a second for SECONDS, over sockets in threads: next to no work beside sending them."""
    place, kinds = urlsplit(url), itertools.cycle(itertools.product(ROUTES, WORST.items()))
    statuses: Counter[str] = Counter()

    def one(route: str, kind: str) -> None:
        body, path = WORST[kind], route.format(uuid4())
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
        )
        named = "".join(f"{name}: {value}\r\n" for name, value in forged(route).items())
        with socket.create_connection((place.hostname or "", place.port or 0), timeout=30) as connection:
            with suppress(ConnectionError):
                connection.sendall(f"{head}{named}\r\n".encode())
                connection.sendall(body)
            with suppress(ConnectionError):
                statuses[connection.recv(64)[9:12].decode()] += 1

    with ThreadPoolExecutor(64) as threads:
        began = time.monotonic()
        for number in range(FLOOD * SECONDS):
            time.sleep(max(0.0, began + number / FLOOD - time.monotonic()))
            route, (kind, _) = next(kinds)
            threads.submit(one, route, kind)
    print(f"worst {dict(statuses)}")


def main() -> None:
    if len(sys.argv) > 1:
        url, kind = sys.argv[1:]
        if kind == "flood":
            flood(url)
        elif kind == "commands":
            timed(url, kind, load.commands(SECRET, PEOPLE, f"edge{time.time()}"), 1 / COMMANDS)
        else:
            health = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
            timed(url, kind, itertools.repeat(health), 0.05)
        return
    with TemporaryDirectory(prefix="bench-") as name:
        Path(name).chmod(0o755)
        asyncio.run(measured(Path(name)))


if __name__ == "__main__":
    main()
