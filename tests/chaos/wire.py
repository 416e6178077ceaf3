"""The network between the service and its database, as a TCP proxy that cuts, stalls and delays."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from urllib.parse import parse_qs, urlsplit

_NO_LINGER = struct.pack(
    "ii", 1, 0
)  # closing sends RST then, as a firewall does that has forgotten a connection
_Pair = tuple[asyncio.StreamWriter, asyncio.StreamWriter]


@dataclass
class Wire:
    """`delay` is what each piece of an answer takes longer, in seconds."""

    delay: float = 0.0
    cuts: int = 0
    _pairs: set[_Pair] = field(default_factory=set)
    _flowing: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def laid(self, url: str) -> AsyncIterator[str]:
        """The address at which the database of that one, which has a socket file, is reached through it."""
        parts = urlsplit(url)
        path = f"{parse_qs(parts.query)['host'][0]}/.s.PGSQL.5432"
        self._flowing.set()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(OSError):  # the database may be away
                await self._carry(reader, writer, *await asyncio.open_unix_connection(path))
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            yield f"postgresql://{parts.username}@127.0.0.1:{port}{parts.path}"
        finally:
            self.flow()
            server.close()
            for pair in list(self._pairs):
                _cut(pair)

    def cut_one(self, chance: Random) -> None:
        """Some connection, in the middle of whatever it is doing; the database has heard what was sent so far."""
        if self._pairs:
            self.cuts += 1
            _cut(chance.choice(sorted(self._pairs, key=id)))

    def stall(self) -> None:
        """Nothing passes any more, in either direction, and nobody is told."""
        self._flowing.clear()

    def flow(self) -> None:
        self._flowing.set()

    async def _carry(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        answers: asyncio.StreamReader,
        out: asyncio.StreamWriter,
    ) -> None:
        pair = writer, out
        self._pairs.add(pair)
        ways = [
            asyncio.create_task(self._pass(reader, out)),
            asyncio.create_task(self._pass(answers, writer, back=True)),
        ]
        await asyncio.wait(
            ways, return_when=asyncio.FIRST_COMPLETED
        )  # one side is gone: so is the other, then
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        self._pairs.discard(pair)
        out.close()

    async def _pass(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, back: bool = False
    ) -> None:
        while piece := await source.read(65_536):
            await self._flowing.wait()
            if back and self.delay:
                await asyncio.sleep(self.delay)
            target.write(piece)
            await target.drain()


def _cut(pair: _Pair) -> None:
    near, far = pair
    with suppress(OSError):
        near.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    near.transport.abort()
    far.transport.abort()
