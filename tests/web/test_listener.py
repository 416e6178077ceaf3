"""Connections without a complete request, limits of connections, and the headers of responses."""

import asyncio

from aiohttp import web

from tests.cast import PATIENCE_SECONDS
from tests.replica import Replica
from tests.web.client import create_client
from web.http.headers import make_cors_middleware, make_header_signal
from web.listener import HEADER_SECONDS, Listener


async def test_who_does_not_finish_a_header_is_hung_up_on() -> None:
    listener, port = await _start_listener(Listener(_make_app(), drain=1, header_seconds=0.3))
    halves = [await _open_half_request(port) for _ in range(50)]
    async with asyncio.timeout(HEADER_SECONDS):  # what they have where nobody says another
        assert [await _read_all(reader) for reader, _ in halves] == [b""] * 50
    for _, writer in halves:
        writer.close()
    await listener.stop()


async def test_others_are_served_beside_those_who_do_not_finish_a_header() -> None:
    listener, port = await _start_listener(Listener(_make_app(), drain=1, header_seconds=PATIENCE_SECONDS))
    halves = [await _open_half_request(port) for _ in range(50)]
    assert (await _ask(port)).startswith(b"HTTP/1.1 200")
    assert not any(reader.at_eof() for reader, _ in halves)
    for _, writer in halves:
        writer.close()
    await listener.stop()


async def test_one_connection_too_many_is_closed_and_the_others_stay() -> None:
    listener, port = await _start_listener(Listener(_make_app(), drain=1, most=2))
    connections = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
    for _, writer in connections:
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert [(await reader.readuntil(b"\r\n"))[9:12] for reader, _ in connections] == [b"200", b"200"]
    late, its_writer = await asyncio.open_connection("127.0.0.1", port)
    async with asyncio.timeout(HEADER_SECONDS):
        assert await _read_all(late) == b""
    for writer in (*(writer for _, writer in connections), its_writer):
        writer.close()
    await listener.stop()


async def test_every_answer_tells_browsers_to_keep_it_to_themselves(app: Replica) -> None:
    api = await create_client(app)
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
    app.router.add_get("/api/timer", _answer_done)
    listener = Listener(app, drain=1)
    port = await listener.start("127.0.0.1", 0)
    allowed = await _ask(port, b"OPTIONS", b"https://app.example")
    assert allowed.startswith(b"HTTP/1.1 204")
    assert b"Access-Control-Allow-Origin: https://app.example" in allowed
    assert b"Access-Control-Allow-Credentials" not in allowed
    assert b"Access-Control-Allow-Origin: https://app.example" in await _ask(
        port, b"GET", b"https://app.example"
    )
    for method in (b"OPTIONS", b"GET"):
        assert b"Access-Control" not in await _ask(port, method, b"https://app.example.evil.example")
    await listener.stop()


def _make_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/", _answer_done)
    return app


async def _start_listener(listener: Listener) -> tuple[Listener, int]:
    return listener, await listener.start("127.0.0.1", 0)


async def _open_half_request(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection on which a header begins and does not end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    return reader, writer


async def _answer_done(_request: web.Request) -> web.Response:
    return web.Response(text="done")


async def _read_all(reader: asyncio.StreamReader) -> bytes:
    """Read until the other side closes the connection, in whatever way."""
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


async def _ask(port: int, method: bytes = b"GET", origin: bytes = b"") -> bytes:
    path = b"/api/timer" if origin else b"/"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(method + b" " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n")
    writer.write(b"Origin: " + origin + b"\r\nAccess-Control-Request-Method: GET\r\n\r\n")
    answer = await reader.read()
    writer.close()
    return answer
