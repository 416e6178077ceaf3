"""Sends requests over open connections with so little processor time that the server is the bottleneck."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from local_slack.requests.encoding import signature_headers


@dataclass(frozen=True, slots=True)
class Load:
    """The result of a load. `latencies` in seconds are sorted; `cpu` is the server's processor time in seconds."""

    requests: int
    seconds: float
    cpu: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        """Return the requests per second."""
        return self.requests / self.seconds

    @property
    def micros(self) -> float:
        """Return the processor time of one request, in microseconds."""
        return self.cpu / self.requests * 1e6

    def percentile(self, share: float) -> float:
        """Return a percentile of the latencies, in milliseconds."""
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)] * 1e3


def make_commands(secret: str, people: int, mark: str) -> Iterator[bytes]:
    """Make signed commands: everybody starts a timer, then everybody stops it, and so on.

    Nobody has two requests at once. `mark` makes the trigger ids of each load unique.
    """
    number = 0
    while True:
        form = {
            "team_id": "T0LOCAL",
            "user_id": f"U{number % people:05}",
            "channel_id": "C0GENERAL",
            "command": "/track",
            "text": "start api fix login" if number // people % 2 == 0 else "stop",
            "trigger_id": f"{mark}.{number}",
            "response_url": "http://127.0.0.1:9/none",
        }
        body = urlencode(form).encode()
        headers = signature_headers(secret, int(time.time()), body)
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        yield (
            f"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n{head}\r\n"
        ).encode() + body
        number += 1


async def run(
    url: str, requests: Iterator[bytes], *, connections: int, count: int, read_cpu: Callable[[], float]
) -> Load:
    """Send `count` requests over that many connections. Raises RuntimeError at the first answer that is not a
    success."""
    place = urlsplit(url)
    left = count
    latencies: list[float] = []

    async def send_requests() -> None:
        nonlocal left
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        while left > 0:
            left -= 1
            request = next(requests)
            began = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            lower = head.lower()
            length = int(lower.split(b"content-length: ")[1].split(b"\r\n")[0])
            answer = await reader.readexactly(length)
            latencies.append(time.perf_counter() - began)
            if not head.startswith(b"HTTP/1.1 20") or b"Nothing was saved" in answer:
                raise RuntimeError(f"{head!r} {answer!r}")
        writer.close()
        await writer.wait_closed()

    cpu, began = read_cpu(), time.perf_counter()
    await asyncio.gather(*(send_requests() for _ in range(connections)))
    return Load(len(latencies), time.perf_counter() - began, read_cpu() - cpu, sorted(latencies))
