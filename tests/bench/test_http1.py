import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from bench.http1 import Client, HttpError
from tests.support.loopback import loopback


@asynccontextmanager
async def answering(*answers: list[bytes], close_after: int = 100) -> AsyncIterator[str]:
    """A server that gives these answers in turn, piece by piece; closes each connection after so many."""
    remaining = list(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            for _ in range(close_after):
                await reader.readuntil(b"\r\n\r\n")
                for piece in remaining.pop(0):
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0.005)

    async with loopback(serve) as address:
        yield address


async def test_one_connection_carries_answer_after_answer_however_they_are_cut() -> None:
    first = [b"HTTP/1.1 200 OK\r\nContent-", b"Length: 5\r\n\r", b"\nhe", b"llo"]
    second = [b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"]
    async with answering(first, second) as origin, Client(origin) as client:
        answer = await client.get(f"{origin}/a?b=1")
        assert (answer.status, answer.text) == (200, "hello")
        assert (await client.get(f"{origin}/c")).status == 404


async def test_a_lost_connection_is_an_error_and_the_next_request_opens_another() -> None:
    cut = [b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf"]
    whole = [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"]
    async with answering(cut, whole, close_after=1) as origin, Client(origin) as client:
        with pytest.raises(HttpError, match="closed"):
            await client.get(f"{origin}/")
        assert (await client.get(f"{origin}/")).text == "ok"


async def test_an_answer_of_unknown_length_is_an_error() -> None:
    endless = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"]
    async with answering(endless) as origin, Client(origin) as client:
        with pytest.raises(HttpError, match="Content-Length"):
            await client.get(f"{origin}/")


async def test_patience_ends() -> None:
    async with answering([b"HTTP/1.1 200 OK\r\n"]) as origin, Client(origin) as client:
        with pytest.raises(TimeoutError):
            await client.get(f"{origin}/", patience=0.1)
