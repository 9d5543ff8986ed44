"""A wire tap on RTMP: forwards to a server and notes when it accepted the publish."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from time import monotonic
from urllib.parse import urlsplit, urlunsplit

ACCEPTED = b"NetStream.Publish.Start"


class Tap:
    """`url` is where to publish; `accepted_at` gives the monotonic time of the server's acceptance."""

    def __init__(self, url: str, port: int) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        self.url = urlunsplit(parts._replace(netloc=f"127.0.0.1:{port}"))
        self.accepted_at: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._target = parts.hostname, parts.port or 1935

    async def forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection(*self._target)
        async with asyncio.TaskGroup() as directions:
            directions.create_task(self._copy(reader, server_writer))
            directions.create_task(self._copy(server_reader, writer, watch=True))

    async def _copy(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, watch: bool = False
    ) -> None:
        seen = b""
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                if watch and not self.accepted_at.done():
                    seen = seen[-len(ACCEPTED) :] + data
                    if ACCEPTED in seen:
                        self.accepted_at.set_result(monotonic())
                writer.write(data)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def tapped(url: str) -> AsyncIterator[Tap]:
    """A tap in front of an RTMP address for the length of the block."""
    connections: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        try:
            await tap.forward(reader, writer)
        finally:
            connections.discard(task)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    tap = Tap(url, server.sockets[0].getsockname()[1])
    try:
        yield tap
    finally:
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
