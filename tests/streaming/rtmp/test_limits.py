"""Broken, hostile and silent peers: each meets its limit, and nobody else on the port notices."""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from structlog.testing import capture_logs

from streaming.rtmp import connection as connection_module
from streaming.rtmp.limits import RtmpLimits
from streaming.rtmp.messages import Message, MessageType
from streaming.rtmp.server import RtmpServer
from tests.support.rtmp import (
    C0_C1,
    HandEncoder,
    KeyGate,
    answer_to_bytes,
    hand_encoder,
    lines,
    rtmp_server,
    run_on_uvloop,
    until,
)

VIDEO = MessageType.VIDEO


# -- broken and hostile peers


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"\xc5garbage", "header of type 3", id="garbage"),
        pytest.param(
            b"\x06" + bytes(3) + (2_000_000).to_bytes(3) + b"\x09\x01\0\0\0", "2000000 bytes", id="oversize"
        ),
        pytest.param(
            b"".join(bytes((csid,)) + bytes(5) + b"\x01\x09" + bytes(5) for csid in range(7, 40)),
            "more than 8 chunk streams",
            id="chunk streams",
        ),
        pytest.param(b"\x02" + bytes(5) + b"\x04\x01" + bytes(8), "chunk size", id="chunk size 0"),
        pytest.param(b"\x03" + bytes(5) + b"\x04\x14" + bytes(4) + b"\xff" * 4, "marker 0xff", id="bad AMF"),
    ],
)
async def test_a_peer_that_breaks_the_protocol_is_closed_and_nobody_else_disturbed(
    data: bytes, reason: str
) -> None:
    gate = KeyGate()
    limits = RtmpLimits(max_message_bytes=1_000_000, max_chunk_streams=8)
    with capture_logs() as logs:
        async with rtmp_server(gate, limits) as server, hand_encoder(server) as good:
            await good.publish()
            async with hand_encoder(server) as bad:
                await bad.publish()
                bad.media(VIDEO, 0, b"before")
                bad.raw(data)
                ended = await gate.sinks[1].over()
                await bad.hung_up()
            good.media(VIDEO, 0, b"goes on")
            await gate.sinks[0].count(1)
            assert gate.sinks[0].reasons == []
    assert reason in ended
    assert [message.payload for message in gate.sinks[1].received][:1] == [b"before"]
    (line,) = lines(logs, "rtmp.protocol_error")
    assert reason in line["reason"]


async def test_a_peer_that_does_not_read_its_answers_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "MAX_UNREAD_ANSWERS", 16 * 1024)
    ping = Message(MessageType.USER_CONTROL, b"\0\6abcd", chunk_stream=2)
    with capture_logs() as logs:
        async with rtmp_server(KeyGate()) as server:
            assert server._server is not None  # small buffers, so that they are full soon
            server._server.sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", server.port))
            reader, writer = await asyncio.open_connection(sock=client)
            encoder = HandEncoder(reader, writer)
            await encoder.handshake()
            writer.transport.pause_reading()  # type: ignore[attr-defined]
            pings = encoder.chunks.write(ping) + encoder.chunks.write(ping) * 2000
            async with asyncio.timeout(20):
                try:
                    while not lines(logs, "rtmp.protocol_error"):
                        encoder.raw(pings)
                        await writer.drain()
                except ConnectionError:
                    await until(lambda: bool(lines(logs, "rtmp.protocol_error")))
            writer.transport.abort()
    assert "does not read" in lines(logs, "rtmp.protocol_error")[0]["reason"]


@pytest.mark.parametrize("sent", [b"", b"\x03", C0_C1, C0_C1 + bytes(1000)])
async def test_a_handshake_that_stalls_is_closed(sent: bytes) -> None:
    limits = RtmpLimits(handshake_timeout_seconds=0.2)
    with capture_logs() as logs:
        async with rtmp_server(KeyGate(), limits) as server:
            await answer_to_bytes(server, sent)
    (line,) = lines(logs, "rtmp.timed_out")
    assert line["reason"] == "no handshake within 0.2 s"


async def test_a_connection_that_never_publishes_is_closed_though_it_keeps_talking() -> None:
    limits = RtmpLimits(idle_timeout_seconds=0.3)
    with capture_logs() as logs:
        async with rtmp_server(KeyGate(), limits) as server, hand_encoder(server) as encoder:
            await encoder.handshake()
            await encoder.connect()

            async def talk() -> None:
                while True:
                    encoder.command("_checkbw", 2.0, None)
                    await asyncio.sleep(0.02)

            talking = asyncio.create_task(talk())
            await encoder.hung_up()
            talking.cancel()
    assert lines(logs, "rtmp.timed_out")[0]["reason"] == "nothing published within 0.3 s"


async def test_a_publisher_that_sends_no_media_is_closed() -> None:
    gate = KeyGate()
    async with (
        rtmp_server(gate, RtmpLimits(idle_timeout_seconds=0.3)) as server,
        hand_encoder(server) as encoder,
    ):
        await encoder.publish()
        encoder.media(VIDEO, 0, b"only one")
        assert await gate.sinks[0].over() == "no media for 0.3 s"
        await encoder.hung_up()
    assert len(gate.sinks[0].received) == 1


# -- limits on connections


async def test_connections_from_one_address_are_limited_and_freed_again() -> None:
    limits = RtmpLimits(max_connections_per_address=2)
    with capture_logs() as logs:
        async with rtmp_server(KeyGate(), limits) as server:
            async with hand_encoder(server) as first, hand_encoder(server) as second:
                await first.handshake()
                await second.handshake()
                assert await answer_to_bytes(server, C0_C1) == b""
            async with asyncio.timeout(5):
                while not await _handshake_or_nothing(server):
                    continue
    assert "2 connections from its address" in lines(logs, "rtmp.refused")[0]["reason"]


async def _handshake_or_nothing(server: RtmpServer) -> bytes:
    async with hand_encoder(server) as encoder:
        encoder.raw(C0_C1)
        try:
            return await encoder.reader.read(100)
        except ConnectionResetError:
            return b""


async def test_all_connections_together_are_limited() -> None:
    limits = RtmpLimits(max_connections=1)
    with capture_logs() as logs:
        async with rtmp_server(KeyGate(), limits) as server, hand_encoder(server) as first:
            await first.handshake()
            assert await answer_to_bytes(server, C0_C1) == b""
            assert (await first.connect())[0] == "_result"
    assert lines(logs, "rtmp.refused")[0]["reason"] == "1 connections are open already"


@pytest.mark.parametrize(
    "scenario",
    [
        test_a_publisher_that_sends_no_media_is_closed,
        test_all_connections_together_are_limited,
    ],
)
def test_it_is_the_same_on_uvloop(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    run_on_uvloop(scenario)
