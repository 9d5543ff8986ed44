"""A publisher of our own on the RTMP port: it sends units exactly as a test has them, as fast as it is told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from streaming.library import Library
from streaming.rendition import Rendition
from streaming.rtmp.gate import MessageKind
from streaming.rtmp.messages import MessageType
from streaming.samples import MediaUnit
from streaming.segments import TICKS_PER_SECOND
from tests.support.air import messages
from tests.support.rtmp import HandEncoder

Pace = Callable[[int], Awaitable[None]]
"""Awaited before each message, with its time in ms."""

CHUNK_SIZE = 4096
PATIENCE_SECONDS = 20
JUMP_MS = 2000
RUNG_LAG = 3 * TICKS_PER_SECOND
_TYPES = {MessageKind.AUDIO: MessageType.AUDIO, MessageKind.VIDEO: MessageType.VIDEO}


class Refused(Exception):
    """The server's answer to `publish`: its code and what it says to the encoder's operator."""


class Push:
    """An encoder that was let in."""

    def __init__(self, encoder: HandEncoder) -> None:
        self.encoder = encoder
        # Somebody must read what the server acknowledges, and see it close.
        self._listening = asyncio.create_task(encoder.hung_up())

    @property
    def is_dismissed(self) -> bool:
        return self._listening.done()

    async def send(self, units: Iterable[MediaUnit], pace: Pace | None = None) -> None:
        for kind, now, payload in messages(units):
            if pace is not None:
                await pace(now)
            await self.message(kind, now, payload)

    async def message(self, kind: MessageKind, time_ms: int, payload: bytes) -> None:
        """A connection that the server has closed takes nothing more, as an encoder's would not."""
        self.encoder.media(_TYPES[kind], time_ms, payload)
        with suppress(ConnectionError):
            await self.encoder.writer.drain()

    async def dismissed(self, seconds: float = 10) -> list[str]:
        """Wait until the server closes; every status code it has sent."""
        await asyncio.wait_for(asyncio.shield(self._listening), seconds)
        return self.encoder.codes()

    async def aclose(self) -> None:
        self.encoder.writer.close()
        with suppress(ConnectionError):
            await self.encoder.writer.wait_closed()
        self._listening.cancel()
        await asyncio.wait([self._listening])


@asynccontextmanager
async def publishing(address: str) -> AsyncIterator[Push]:
    """address as `Studio.address` gives it. Hangs up at the end. Raises Refused."""
    place = urlsplit(address)
    reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
    encoder = HandEncoder(reader, writer)
    status: dict[str, Any] = await encoder.publish(place.path.rpartition("/")[2])
    if status["level"] == "error":
        writer.close()
        raise Refused(f"{status['code']}: {status['description']}")
    encoder.raw(encoder.chunks.set_chunk_size(CHUNK_SIZE))
    push = Push(encoder)
    try:
        yield push
    finally:
        await push.aclose()


def realtime(speed: float = 1.0) -> Pace:
    """As the wall clock goes, or so many times as fast. What jumps is sent at once."""
    due, last_ms = 0.0, 0

    async def pace(now_ms: int) -> None:
        nonlocal due, last_ms
        step = now_ms - last_ms
        last_ms = now_ms
        now = asyncio.get_running_loop().time()
        due = now if due == 0 or abs(step) > JUMP_MS else due + step / 1000 / speed
        if due > now:
            await asyncio.sleep(due - now)

    return pace


def beside_the_rungs(library: Library, number: str, *, speed: float = 6.0) -> Pace:
    """Faster than the wall clock, but never far ahead of the slowest rung: none is to be overrun by a test."""
    at_most = realtime(speed)

    async def pace(now_ms: int) -> None:
        await at_most(now_ms)
        give_up = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while (lag := rung_lag(library, number)) > RUNG_LAG:
            assert asyncio.get_running_loop().time() < give_up, f"a rung stays {lag} ticks behind"
            await asyncio.sleep(0.005)

    return pace


def rung_lag(library: Library, number: str) -> int:
    """Ticks by which the slowest rung is behind the source. A stand-in counts from its first segment on."""
    media = library.held(number)
    if media is None or "source" not in media.renditions:
        return 0
    ends = [
        listed_end(rendition)
        for rendition in media.renditions.values()
        if not rendition.audio_only
        and not rendition.is_shed
        and (rendition.has_media or rendition.nominal is not None)
    ]
    return max(ends, default=0) - min(ends, default=0)


def listed_end(rendition: Rendition) -> int:
    """Ticks up to which it lists media or gaps; 0 before the first."""
    entry = rendition.open or (rendition.closed[-1] if rendition.closed else None)
    return 0 if entry is None else entry.start + entry.duration
