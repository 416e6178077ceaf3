"""`python -m bench.edge` measures what a MiB of the worst unauthenticated input costs on each route, and how 50 such
requests a second affect `/healthz` and commands."""

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
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp

from bench import load
from bench.service import ROOT, SECRET, read_cpu, run_server, run_surroundings
from bench.timings import Timings

PEOPLE, OF_EACH = 100, 10
FLOOD, COMMANDS, SECONDS = 50, 20, 20  # worst requests per second, commands per second, seconds
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


def make_forged_headers(route: str) -> dict[str, str]:
    """Make headers of the right form, as somebody can who does not know the secret."""
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
    """A client of the service that records the timings of its requests."""

    session: aiohttp.ClientSession
    url: str
    pid: int

    def read_cpu(self) -> float:
        """Read the processor time that the service has used, in seconds."""
        return read_cpu(self.pid)

    async def post(self, route: str, body: bytes, into: Timings) -> None:
        await self.ask("POST", route.format(uuid4()), into, data=body, headers=make_forged_headers(route))

    async def ask(self, method: str, path: str, into: Timings, **more: object) -> None:
        began = time.perf_counter()
        try:
            async with self.session.request(method, self.url + path, **more) as response:  # type: ignore[arg-type]
                await response.read()
                into.statuses[response.status] += 1
        except (aiohttp.ClientError, OSError):
            into.statuses[0] += 1  # the server closed the connection before the whole body was sent
        into.latencies.append(time.perf_counter() - began)

    async def poll_health(self, into: Timings) -> None:
        while True:
            await self.ask("GET", "/healthz", into)
            await asyncio.sleep(0.05)


async def measure_costs(edge: Edge) -> None:
    """Measure the processor time of each worst input on each route, and the delay of health checks meanwhile."""
    for route in ROUTES:
        for name, body in WORST.items():
            seen, health = Timings(), Timings()
            watching = asyncio.create_task(edge.poll_health(health))
            before = edge.read_cpu()
            for _ in range(OF_EACH):
                await edge.post(route, body, seen)
            each = (edge.read_cpu() - before) / OF_EACH * 1e3
            await asyncio.sleep(0.06)
            watching.cancel()
            print(
                f"{route:20} {name:24} {dict(seen.statuses)} {each:5.1f} ms of processor time each; "
                f"/healthz at most {health.percentile(1):.0f} ms"
            )


async def measure_flood(edge: Edge, *, attack: bool) -> None:
    """Measure commands and health checks, with a flood or without.

    A process of its own sends each kind, so that none delays the others.
    """
    kinds = ["commands", "health", *(["flood"] if attack else [])]
    before = edge.read_cpu()
    others = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.edge", edge.url, kind, stdout=asyncio.subprocess.PIPE, cwd=ROOT
        )
        for kind in kinds
    ]
    said = [(await other.communicate())[0].decode().strip() for other in others]
    print(
        f"{'flood' if attack else 'calm'}: {'; '.join(said)}; {edge.read_cpu() - before:.1f} s of processor time"
    )


async def measure(folder: Path) -> None:
    async with (
        run_surroundings(folder, PEOPLE, SIGN_UP="open") as (_, environment),
        run_server([str(ROOT / "app.py")], environment, folder) as app,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
    ):
        os.sched_setaffinity(app.pid, range(os.cpu_count() or 1))
        edge, commands = Edge(session, app.url, app.pid), load.make_commands(SECRET, PEOPLE, "edge")
        warm = Timings()
        for _ in range(
            PEOPLE
        ):  # the first command of each person is slower: the service asks Slack about them
            head, _, body = next(commands).partition(b"\r\n\r\n")
            headers = dict(line.split(": ", 1) for line in head.decode().splitlines()[2:])
            await edge.ask("POST", "/slack/events", warm, data=body, headers=headers)
        await measure_costs(edge)
        await measure_flood(edge, attack=False)
        await measure_flood(edge, attack=True)


def send_one_by_one(url: str, name: str, requests: Iterator[bytes], pause: float) -> None:
    """Send one request after the other over one connection, for SECONDS."""
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
    seen = Timings(latencies=took)
    p50, p99, longest = (seen.percentile(share) for share in (0.5, 0.99, 1))
    print(f"{name} {dict(statuses)} p50 {p50:.0f} ms, p99 {p99:.0f} ms, at most {longest:.0f} ms")


def send_flood(url: str) -> None:
    """Send FLOOD worst requests per second for SECONDS, over sockets in threads, which takes little processor time."""
    place, kinds = urlsplit(url), itertools.cycle(itertools.product(ROUTES, WORST.items()))
    statuses: Counter[str] = Counter()

    def send(route: str, kind: str) -> None:
        body, path = WORST[kind], route.format(uuid4())
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
        )
        named = "".join(f"{name}: {value}\r\n" for name, value in make_forged_headers(route).items())
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
            threads.submit(send, route, kind)
    print(f"worst {dict(statuses)}")


def main() -> None:
    if len(sys.argv) > 1:
        url, kind = sys.argv[1:]
        if kind == "flood":
            send_flood(url)
        elif kind == "commands":
            send_one_by_one(url, kind, load.make_commands(SECRET, PEOPLE, f"edge{time.time()}"), 1 / COMMANDS)
        else:
            health = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
            send_one_by_one(url, kind, itertools.repeat(health), 0.05)
        return
    with TemporaryDirectory(prefix="bench-") as name:
        Path(name).chmod(0o755)
        asyncio.run(measure(Path(name)))


if __name__ == "__main__":
    main()
