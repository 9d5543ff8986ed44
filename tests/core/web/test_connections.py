"""A real server on loopback and clients that behave badly, by raw sockets."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import Receive, Scope, Send

from core.web.connections import HttpLimits, bounded

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
QUICK = HttpLimits(connections=2, head_seconds=0.2, head_bytes=4096, unread_seconds=0.2)
LARGE = bytes(32 * 1024 * 1024)


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    body = LARGE if scope["path"] == "/large" else b"well"
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Quiet(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(limits: HttpLimits) -> AsyncIterator[int]:
    """The port of a server within these limits."""
    config = uvicorn.Config(
        answer, port=0, http=bounded(limits), log_config=None, lifespan="off", ws="none", access_log=False
    )
    server = Quiet(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it by this alone
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


class Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def get(self) -> bytes:
        self.writer.write(GET)
        return await asyncio.wait_for(self.reader.readuntil(b"well"), 5)

    async def is_closed(self) -> bool:
        """Whether the server hangs up within 5 s."""
        try:
            return await asyncio.wait_for(self.reader.read(), 5) == b""
        except ConnectionError:
            return True


@asynccontextmanager
async def client(port: int) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Client(reader, writer)
    finally:
        writer.transport.abort()


async def test_a_connection_on_which_nothing_is_asked_is_closed() -> None:
    async with serving(QUICK) as port, client(port) as silent:
        assert await silent.is_closed()


async def test_half_a_request_is_not_waited_for_however_slowly_it_goes_on() -> None:
    async with serving(QUICK) as port, client(port) as slow:
        for letter in GET[:-1]:
            slow.writer.write(bytes((letter,)))
            await asyncio.sleep(0.01)
        assert await slow.is_closed()


async def test_blank_lines_between_requests_keep_no_connection_open() -> None:
    async with serving(QUICK) as port, client(port) as blank:
        await blank.get()
        blank.writer.write(b"\r\n")
        assert await blank.is_closed()


async def test_headers_without_end_are_cut_off() -> None:
    async with serving(HttpLimits(2, head_bytes=4096)) as port, client(port) as endless:
        endless.writer.write(b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 2000)
        assert await endless.is_closed()


async def test_a_connection_too_many_is_refused_and_the_others_go_on() -> None:
    async with (
        serving(HttpLimits(connections=2)) as port,
        client(port) as first,
        client(port) as second,
    ):
        await first.get()
        await second.get()
        async with client(port) as third:
            assert await third.is_closed()
        assert b"200 OK" in await first.get()


async def test_an_answer_that_nobody_reads_is_not_kept_for_ever() -> None:
    async with serving(QUICK) as port, client(port) as deaf:
        deaf.writer.write(GET.replace(b"/ ", b"/large "))
        await asyncio.sleep(1)
        received = 0
        try:
            while piece := await asyncio.wait_for(deaf.reader.read(1 << 20), 5):
                received += len(piece)
        except ConnectionError:
            pass
        assert received < len(LARGE)


async def test_a_slow_reader_gets_all_of_it() -> None:
    async with serving(QUICK) as port, client(port) as slow:
        slow.writer.write(GET.replace(b"/ ", b"/large "))
        received = 0
        while received < len(LARGE):
            piece = await asyncio.wait_for(slow.reader.read(1 << 20), 5)
            assert piece
            received += len(piece)
            await asyncio.sleep(0.005)


async def test_good_clients_keep_their_connection() -> None:
    async with serving(QUICK) as port, client(port) as good:
        for _ in range(4):
            assert b"200 OK" in await good.get()
            await asyncio.sleep(0.15)
