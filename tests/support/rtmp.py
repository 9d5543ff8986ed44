"""Both ends of RTMP for tests: a gate that keeps what it is given, and an encoder that is typed by hand."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, MutableMapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import uvloop

from core.clock import Clock, SystemClock
from streaming.rtmp.amf import decode
from streaming.rtmp.amf_values import AmfValue
from streaming.rtmp.chunks import ChunkReader, ChunkWriter
from streaming.rtmp.gate import MessageKind, PublishRefused, PublishRequest
from streaming.rtmp.limits import RtmpLimits
from streaming.rtmp.messages import Message, MessageType, command
from streaming.rtmp.server import RtmpServer

GOOD_KEY = "2026-11-2-" + "abcdefgh" * 4
WRONG_KEY = "2026-11-2-" + "hgfedcba" * 4

C0_C1 = b"\x03" + bytes(8) + bytes(range(256)) * 5 + bytes(248)
C2 = bytes(1536)


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for what no event tells of."""
    for _ in range(int(seconds / 0.01)):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come about")


@dataclass
class Received:
    kind: MessageKind
    timestamp_ms: int
    payload: bytes


@dataclass
class KeepingSink:
    """Keeps every message; `hold` makes `media` wait, on_media is run by it first."""

    received: list[Received] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    is_over: asyncio.Event = field(default_factory=asyncio.Event)
    has_more: asyncio.Event = field(default_factory=asyncio.Event)
    hold: asyncio.Event | None = None
    on_media: Callable[[Received], Awaitable[None]] | None = None

    async def media(self, kind: MessageKind, timestamp_ms: int, payload: bytes) -> None:
        assert not self.reasons, "media after closed"
        message = Received(kind, timestamp_ms, payload)
        self.received.append(message)
        self.has_more.set()
        if self.on_media is not None:
            await self.on_media(message)
        if self.hold is not None:
            await self.hold.wait()

    async def closed(self, reason: str) -> None:
        self.reasons.append(reason)
        self.is_over.set()

    def of(self, kind: MessageKind) -> list[Received]:
        return [message for message in self.received if message.kind is kind]

    async def count(self, count: int) -> None:
        """Wait until so many messages have come."""
        async with asyncio.timeout(10):
            while len(self.received) < count:
                self.has_more.clear()
                await self.has_more.wait()

    async def over(self) -> str:
        """Wait for the end; the reason given."""
        async with asyncio.timeout(20):
            await self.is_over.wait()
        (reason,) = self.reasons
        return reason


class KeyGate:
    """Lets in whoever has GOOD_KEY; sinks in order of publication. on_publish runs before the decision."""

    def __init__(self, on_publish: Callable[[PublishRequest], Awaitable[None]] | None = None) -> None:
        self.requests: list[PublishRequest] = []
        self.sinks: list[KeepingSink] = []
        self.next_sink: KeepingSink | None = None
        self._on_publish = on_publish

    async def publish(self, request: PublishRequest) -> KeepingSink:
        self.requests.append(request)
        if self._on_publish is not None:
            await self._on_publish(request)
        if request.key != GOOD_KEY:
            raise PublishRefused("NetStream.Publish.Unauthorized", "wrong stream key", "The key is not valid")
        sink = self.next_sink or KeepingSink()
        self.next_sink = None
        self.sinks.append(sink)
        return sink


@asynccontextmanager
async def rtmp_server(
    gate: KeyGate, limits: RtmpLimits | None = None, clock: Clock | None = None
) -> AsyncIterator[RtmpServer]:
    """An RtmpServer on a port of its own."""
    server = RtmpServer(gate, limits or RtmpLimits(), clock or SystemClock())
    await server.start("127.0.0.1", 0)
    try:
        yield server
    finally:
        async with asyncio.timeout(20):
            await server.aclose()


class HandEncoder:
    """A client that says what a test tells it to. Every answer is kept in `answers`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.answers: list[Message] = []
        self.was_reset = False
        self.chunks = ChunkWriter()
        self._unread: list[Message] = []
        self._incoming = ChunkReader(
            max_message_bytes=1 << 20, max_buffered_bytes=1 << 21, max_chunk_streams=16
        )

    async def handshake(self) -> bytes:
        """S0, S1 and S2."""
        self.writer.write(C0_C1)
        async with asyncio.timeout(20):
            answer = await self.reader.readexactly(1 + 2 * 1536)
        self.writer.write(C2)
        return answer

    def raw(self, data: bytes) -> None:
        self.writer.write(data)

    def send(self, message: Message) -> None:
        self.writer.write(self.chunks.write(message))

    def media(self, kind: MessageType, timestamp: int, payload: bytes, *, stream_id: int = 1) -> None:
        chunk_stream = 4 if kind is MessageType.AUDIO else 6
        self.send(Message(kind, payload, timestamp, stream_id, chunk_stream))

    def command(self, name: str, transaction: float, *values: AmfValue, stream_id: int = 0) -> None:
        message = command(name, transaction, *values)
        message.stream_id = stream_id
        self.send(message)

    async def answer(self) -> Message | None:
        """The next message from the server; None when it has closed."""
        while not self._unread:
            data = await self._read()
            if not data:
                return None
            self._unread = list(self._incoming.feed(data))
        message = self._unread.pop(0)
        self.answers.append(message)
        return message

    async def _read(self) -> bytes:
        async with asyncio.timeout(20):
            try:
                return await self.reader.read(65536)
            except ConnectionResetError:
                self.was_reset = True
                return b""

    async def answer_to(self, name: str) -> list[AmfValue]:
        """The values of the next command of that name, whatever comes before it."""
        while (message := await self.answer()) is not None:
            if message.type_id == MessageType.COMMAND_AMF0:
                values = decode(message.payload)
                if values[0] == name:
                    return values
        raise AssertionError(f"the server closed before {name}")

    async def status(self) -> dict[str, Any]:
        """The information object of the next onStatus."""
        info = (await self.answer_to("onStatus"))[3]
        assert isinstance(info, dict)
        return dict(info)

    async def last_status(self) -> dict[str, Any]:
        """The next onStatus, behind which the server hangs up, and so does this client."""
        status = await self.status()
        await self.hung_up()
        self.writer.close()
        return status

    async def hung_up(self) -> None:
        """Read until the server closes."""
        while await self.answer() is not None:
            continue

    async def connect(self, app: str = "live", **options: AmfValue) -> list[AmfValue]:
        url = {"app": app, "tcUrl": f"rtmp://127.0.0.1/{app}", "flashVer": "FMLE/3.0 (hand)"}
        self.command("connect", 1.0, {**url, **options})
        return await self.answer_to("_result")

    async def publish(self, key: str = GOOD_KEY) -> dict[str, Any]:
        """connect, createStream, publish; the status that comes back."""
        await self.handshake()
        await self.connect()
        self.command("createStream", 2.0, None)
        await self.answer_to("_result")
        self.command("publish", 3.0, None, key, "live", stream_id=1)
        return await self.status()

    def codes(self) -> list[str]:
        """Every status code that has been received."""
        codes: list[str] = []
        for message in self.answers:
            if message.type_id == MessageType.COMMAND_AMF0:
                infos = [value for value in decode(message.payload) if isinstance(value, dict)]
                codes += [str(info["code"]) for info in infos if "code" in info]
        return codes


@asynccontextmanager
async def hand_encoder(server: RtmpServer) -> AsyncIterator[HandEncoder]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        yield HandEncoder(reader, writer)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def lines(logs: list[MutableMapping[str, Any]], event: str) -> list[MutableMapping[str, Any]]:
    """The log lines of one action key, out of `structlog.testing.capture_logs`."""
    return [line for line in logs if line["event"] == event]


async def answer_to_bytes(server: RtmpServer, data: bytes) -> bytes:
    """What comes back for raw bytes until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(data)
    async with asyncio.timeout(20):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""
        finally:
            writer.close()


def run_on_uvloop(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run an async test once more on uvloop, which the product is served by: sockets end differently there."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(scenario())
