"""Connections that say nothing whole, and what browsers are told."""

import asyncio
import time

from aiohttp import web

from tests.service import Replica
from tests.web.kit import client
from web.http.headers import make_cors_middleware, make_header_signal
from web.listener import Listener


async def test_who_does_not_finish_a_header_is_hung_up_on_and_others_are_served() -> None:
    app = web.Application()
    app.router.add_get("/", _done)
    listener = Listener(app, drain=1, header_seconds=0.3)
    port = await listener.start("127.0.0.1", 0)
    began = time.monotonic()
    halves = []
    for _ in range(50):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        halves.append((reader, writer))
    assert (await _asked(port)).startswith(b"HTTP/1.1 200")
    async with asyncio.timeout(5):
        assert [await _said(reader) for reader, _ in halves] == [b""] * 50
    assert 0.25 < time.monotonic() - began < 3
    for _, writer in halves:
        writer.close()
    await listener.stop()


async def test_one_connection_too_many_is_closed_and_the_others_stay() -> None:
    app = web.Application()
    app.router.add_get("/", _done)
    listener = Listener(app, drain=1, most=2)
    port = await listener.start("127.0.0.1", 0)
    connections = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
    for _, writer in connections:
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert [(await reader.readuntil(b"\r\n"))[9:12] for reader, _ in connections] == [b"200", b"200"]
    late, its_writer = await asyncio.open_connection("127.0.0.1", port)
    async with asyncio.timeout(5):
        assert await _said(late) == b""
    for writer in (*(writer for _, writer in connections), its_writer):
        writer.close()
    await listener.stop()


async def test_every_answer_tells_browsers_to_keep_it_to_themselves(app: Replica) -> None:
    api = await client(app)
    for path in ("/api/timer", "/api/nothing", "/healthz", "/api/docs"):
        headers = (await api.get(path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert (
        "Access-Control-Allow-Origin"
        not in (await api.get("/api/timer", origin="https://else.example")).headers
    )


async def test_only_pages_of_the_origins_that_are_set_may_read_answers() -> None:
    app = web.Application(middlewares=[make_cors_middleware(("https://app.example",))])
    app.on_response_prepare.append(make_header_signal(https=False))
    app.router.add_get("/api/timer", _done)
    listener = Listener(app, drain=1)
    port = await listener.start("127.0.0.1", 0)
    allowed = await _asked(port, b"OPTIONS", b"https://app.example")
    assert allowed.startswith(b"HTTP/1.1 204")
    assert b"Access-Control-Allow-Origin: https://app.example" in allowed
    assert b"Access-Control-Allow-Credentials" not in allowed
    assert b"Access-Control-Allow-Origin: https://app.example" in await _asked(
        port, b"GET", b"https://app.example"
    )
    for method in (b"OPTIONS", b"GET"):
        assert b"Access-Control" not in await _asked(port, method, b"https://app.example.evil.example")
    await listener.stop()


async def _done(_request: web.Request) -> web.Response:
    return web.Response(text="done")


async def _said(reader: asyncio.StreamReader) -> bytes:
    """Everything until the other side hung up, politely or not."""
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


async def _asked(port: int, method: bytes = b"GET", origin: bytes = b"") -> bytes:
    path = b"/api/timer" if origin else b"/"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(method + b" " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n")
    writer.write(b"Origin: " + origin + b"\r\nAccess-Control-Request-Method: GET\r\n\r\n")
    answer = await reader.read()
    writer.close()
    return answer
