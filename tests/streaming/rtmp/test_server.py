"""The RTMP port through real sockets: who is let in, how it ends, and that one peer never harms another."""

import asyncio
import socket
import struct
from collections.abc import MutableMapping
from typing import Any

import pytest
import uvloop
from structlog.testing import capture_logs

from core.clock import ManualClock
from streaming.rtmp import connection as connection_module
from streaming.rtmp.gate import MessageKind, PublishRequest
from streaming.rtmp.limits import RtmpLimits
from streaming.rtmp.messages import Message, MessageType
from streaming.rtmp.server import RtmpServer
from tests.support.rtmp import (
    C0_C1,
    GOOD_KEY,
    WRONG_KEY,
    HandEncoder,
    KeepingSink,
    KeyGate,
    Received,
    hand_encoder,
    rtmp_server,
    until,
)

START = "NetStream.Publish.Start"
UNAUTHORIZED = "NetStream.Publish.Unauthorized"
VIDEO, AUDIO = MessageType.VIDEO, MessageType.AUDIO


def _of(logs: list[MutableMapping[str, Any]], event: str) -> list[MutableMapping[str, Any]]:
    return [line for line in logs if line["event"] == event]


async def _answer_to_bytes(server: RtmpServer, data: bytes) -> bytes:
    """What comes back for raw bytes until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(data)
    async with asyncio.timeout(10):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""
        finally:
            writer.close()


# -- publishing


async def test_a_publisher_is_let_in_and_its_media_arrive_in_order() -> None:
    gate = KeyGate()
    async with rtmp_server(gate) as server:
        async with hand_encoder(server) as encoder:
            assert (await encoder.publish())["code"] == START
            encoder.media(VIDEO, 0, b"key")
            encoder.media(AUDIO, 3, b"sound")
            encoder.media(VIDEO, 40, b"next")
            await gate.sinks[0].count(3)
            peer = "{}:{}".format(*encoder.writer.get_extra_info("sockname"))
        assert await gate.sinks[0].over() == "the encoder hung up"
    assert gate.sinks[0].received == [
        Received(MessageKind.VIDEO, 0, b"key"),
        Received(MessageKind.AUDIO, 3, b"sound"),
        Received(MessageKind.VIDEO, 40, b"next"),
    ]
    (request,) = gate.requests
    assert (request.app, request.stream_name, request.key) == ("live", GOOD_KEY, GOOD_KEY)
    assert (request.tc_url, request.encoder) == ("rtmp://127.0.0.1/live", "FMLE/3.0 (hand)")
    assert request.peer == request.connection.peer == peer


async def test_a_publisher_may_end_and_publish_again_on_its_connection() -> None:
    gate = KeyGate()
    async with rtmp_server(gate) as server, hand_encoder(server) as encoder:
        await encoder.publish()
        encoder.media(VIDEO, 0, b"first")
        encoder.command("FCUnpublish", 4.0, None, GOOD_KEY)
        encoder.command("deleteStream", 5.0, None, 1.0)
        assert await gate.sinks[0].over() == "the encoder ended it (FCUnpublish)"
        encoder.command("publish", 6.0, None, GOOD_KEY, "live", stream_id=1)
        while START not in (await encoder.status())["code"]:
            continue
        encoder.media(VIDEO, 0, b"second")
        await gate.sinks[1].count(1)
    assert [sink.received[0].payload for sink in gate.sinks] == [b"first", b"second"]
    assert await gate.sinks[1].over()


async def test_what_came_before_a_reset_still_reaches_the_sink() -> None:
    gate = KeyGate()
    async with rtmp_server(gate) as server, hand_encoder(server) as encoder:
        sink = gate.next_sink = KeepingSink(hold=asyncio.Event())
        await encoder.publish()
        for number in range(50):
            encoder.media(VIDEO, number * 40, bytes(500))
        await encoder.writer.drain()
        await sink.count(1)
        connected: socket.socket = encoder.writer.get_extra_info("socket")
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        await asyncio.sleep(0.1)
        encoder.writer.transport.abort()
        await asyncio.sleep(0.1)
        assert sink.hold is not None
        sink.hold.set()
        reason = await sink.over()
    assert "the connection was lost" in reason
    assert len(sink.received) == 50


# -- refusals


async def test_a_wrong_key_is_refused_before_publish_start_and_the_connection_closed() -> None:
    gate = KeyGate()
    with capture_logs() as logs:
        async with rtmp_server(gate) as server, hand_encoder(server) as encoder:
            await encoder.handshake()
            await encoder.connect()
            encoder.command("releaseStream", 2.0, None, WRONG_KEY)
            encoder.command("FCPublish", 3.0, None, WRONG_KEY)
            encoder.command("createStream", 4.0, None)
            encoder.command("publish", 5.0, None, WRONG_KEY, "live", stream_id=1)
            status = await encoder.status()
            await encoder.hung_up()
            assert START not in encoder.codes()
    assert status == {"level": "error", "code": UNAUTHORIZED, "description": "The key is not valid"}
    (line,) = _of(logs, "rtmp.refused")
    assert (line["reason"], line["code"], line["key"]) == (
        "wrong stream key",
        UNAUTHORIZED,
        "2026-11-2-hgfe…",
    )
    assert line["peer"].startswith("127.0.0.1:")
    assert WRONG_KEY not in str(logs)
    assert gate.sinks == []


async def test_a_refused_encoder_that_keeps_sending_still_reads_why() -> None:
    gate = KeyGate()
    async with rtmp_server(gate) as server, hand_encoder(server) as encoder:
        await encoder.handshake()
        await encoder.connect()
        encoder.command("publish", 5.0, None, WRONG_KEY, "live", stream_id=1)
        for number in range(100):
            encoder.media(VIDEO, number * 40, bytes(4000))
        assert (await encoder.status())["code"] == UNAUTHORIZED
        await encoder.hung_up()
        assert START not in encoder.codes()


async def test_a_gate_that_fails_is_a_refusal_too() -> None:
    async def fail(_request: PublishRequest) -> None:
        raise ZeroDivisionError

    with capture_logs() as logs:
        async with rtmp_server(KeyGate(fail)) as server, hand_encoder(server) as encoder:
            assert (await encoder.publish())["code"] == "NetStream.Publish.Failed"
            await encoder.hung_up()
    assert len(_of(logs, "rtmp.gate_failed")) == 1


async def test_an_encoder_that_leaves_while_the_gate_thinks_is_closed_once() -> None:
    thinking = asyncio.Event()
    decide = asyncio.Event()

    async def think(_request: PublishRequest) -> None:
        thinking.set()
        await decide.wait()

    gate = KeyGate(think)
    async with rtmp_server(gate) as server:
        async with hand_encoder(server) as encoder:
            await encoder.handshake()
            await encoder.connect()
            encoder.command("publish", 5.0, None, GOOD_KEY, "live", stream_id=1)
            async with asyncio.timeout(5):
                await thinking.wait()
        decide.set()
        await until(lambda: bool(gate.sinks))
        assert await gate.sinks[0].over() == "the encoder hung up"


async def test_a_player_is_told_and_let_go() -> None:
    with capture_logs() as logs:
        async with rtmp_server(KeyGate()) as server, hand_encoder(server) as encoder:
            await encoder.handshake()
            await encoder.connect()
            encoder.command("play", 3.0, None, GOOD_KEY, stream_id=1)
            assert (await encoder.status())["code"] == "NetStream.Play.Failed"
            await encoder.hung_up()
    assert "only publishing" in _of(logs, "rtmp.refused")[0]["reason"]


async def test_http_on_the_rtmp_port_is_answered_in_http_and_logged() -> None:
    with capture_logs() as logs:
        async with rtmp_server(KeyGate()) as server:
            answer = await _answer_to_bytes(server, b"GET /live HTTP/1.1\r\nHost: bureau\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert "推流" in answer.decode()
    (line,) = _of(logs, "rtmp.refused")
    assert line["reason"] == "an HTTP request on the RTMP port"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00", "TLS"),
        (b"\x06" + bytes(1536), "RTMPE"),
        (b"\x00" * 5000, "first byte is 0x00"),
        (b"\xff\xfe garbage", "first byte is 0xff"),
    ],
)
async def test_other_protocols_are_closed_with_a_clear_line(data: bytes, reason: str) -> None:
    with capture_logs() as logs:
        async with rtmp_server(KeyGate()) as server:
            assert await _answer_to_bytes(server, data) == b""
    (line,) = _of(logs, "rtmp.refused")
    assert reason in line["reason"]


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
    (line,) = _of(logs, "rtmp.protocol_error")
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
                    while not _of(logs, "rtmp.protocol_error"):
                        encoder.raw(pings)
                        await writer.drain()
                except ConnectionError:
                    await until(lambda: bool(_of(logs, "rtmp.protocol_error")))
            writer.transport.abort()
    assert "does not read" in _of(logs, "rtmp.protocol_error")[0]["reason"]


@pytest.mark.parametrize("sent", [b"", b"\x03", C0_C1, C0_C1 + bytes(1000)])
async def test_a_handshake_that_stalls_is_closed(sent: bytes) -> None:
    limits = RtmpLimits(handshake_timeout_seconds=0.2)
    with capture_logs() as logs:
        async with rtmp_server(KeyGate(), limits) as server:
            await _answer_to_bytes(server, sent)
    (line,) = _of(logs, "rtmp.timed_out")
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
    assert _of(logs, "rtmp.timed_out")[0]["reason"] == "nothing published within 0.3 s"


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
                assert await _answer_to_bytes(server, C0_C1) == b""
            async with asyncio.timeout(5):
                while not await _handshake_or_nothing(server):
                    continue
    assert "2 connections from its address" in _of(logs, "rtmp.refused")[0]["reason"]


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
            assert await _answer_to_bytes(server, C0_C1) == b""
            assert (await first.connect())[0] == "_result"
    assert _of(logs, "rtmp.refused")[0]["reason"] == "1 connections are open already"


# -- backpressure


async def test_while_the_sink_waits_the_socket_is_not_read() -> None:
    gate = KeyGate()
    async with rtmp_server(gate) as server, hand_encoder(server) as encoder:
        hold = asyncio.Event()
        sink = gate.next_sink = KeepingSink(hold=hold)
        await encoder.publish()
        for number in range(300):
            encoder.media(VIDEO, number, bytes(100_000))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await encoder.writer.drain()
        assert len(sink.received) == 1
        hold.set()
        async with asyncio.timeout(20):
            await encoder.writer.drain()
        await sink.count(300)
    assert [message.timestamp_ms for message in sink.received] == list(range(300))


async def test_a_publisher_that_is_held_back_is_neither_idle_nor_silent() -> None:
    gate = KeyGate()
    clock = ManualClock()
    limits = RtmpLimits(idle_timeout_seconds=0.2)
    async with rtmp_server(gate, limits, clock) as server, hand_encoder(server) as encoder:
        sink = gate.next_sink = KeepingSink(hold=asyncio.Event())
        await encoder.publish()
        connection = gate.requests[0].connection
        encoder.media(VIDEO, 0, b"held")
        await sink.count(1)
        await asyncio.sleep(0.6)
        assert sink.reasons == []
        clock.advance(5)
        assert connection.last_media_at == clock.monotonic()
        assert sink.hold is not None
        sink.hold.set()
        assert "no media" in await sink.over()
        clock.advance(5)
        assert connection.last_media_at == clock.monotonic() - 5


async def test_last_media_at_is_the_clock_at_the_last_message() -> None:
    gate = KeyGate()
    clock = ManualClock()
    async with rtmp_server(gate, clock=clock) as server, hand_encoder(server) as encoder:
        clock.advance(1)
        await encoder.publish()
        connection = gate.requests[0].connection
        assert connection.last_media_at == 1001
        clock.advance(1)
        encoder.media(VIDEO, 0, b"v")
        await gate.sinks[0].count(1)
        await until(lambda: connection.last_media_at == 1002)
        clock.advance(3)
        assert connection.last_media_at == 1002


# -- being closed from inside


async def test_close_tells_the_encoder_and_waits_for_the_sink() -> None:
    gate = KeyGate()
    async with rtmp_server(gate) as server, hand_encoder(server) as encoder:
        await encoder.publish()
        closing = gate.requests[0].connection.close("NetStream.Publish.BadName", "taken over")
        _, status = await asyncio.gather(closing, _last_status(encoder))
        assert gate.sinks[0].reasons == ["closed: taken over"]
        assert status == {
            "level": "error", "code": "NetStream.Publish.BadName", "description": "taken over"
        }  # fmt: skip
        await gate.requests[0].connection.close("again", "again")
    assert gate.sinks[0].reasons == ["closed: taken over"]


async def test_the_sink_may_close_its_own_connection() -> None:
    gate = KeyGate()

    async def close(_message: Received) -> None:
        await gate.requests[0].connection.close("NetStream.Publish.BadName", "ended")

    async with rtmp_server(gate) as server, hand_encoder(server) as encoder:
        sink = gate.next_sink = KeepingSink(on_media=close)
        await encoder.publish()
        encoder.media(VIDEO, 0, b"last")
        encoder.media(VIDEO, 40, b"too late")
        assert (await encoder.status())["description"] == "ended"
        await encoder.hung_up()
        assert await sink.over() == "closed: ended"
    assert [message.payload for message in sink.received] == [b"last"]


async def test_a_sink_that_never_comes_back_is_interrupted_on_close(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "CLOSE_GRACE_SECONDS", 0.2)
    gate = KeyGate()
    async with rtmp_server(gate) as server, hand_encoder(server) as encoder:
        sink = gate.next_sink = KeepingSink(hold=asyncio.Event())
        await encoder.publish()
        encoder.media(VIDEO, 0, b"held for ever")
        await sink.count(1)
        async with asyncio.timeout(5):
            await gate.requests[0].connection.close("NetStream.Publish.BadName", "enough")
    assert sink.reasons == ["closed: enough"]


async def test_a_sink_that_fails_ends_only_its_own_publication() -> None:
    gate = KeyGate()

    async def fail(_message: Received) -> None:
        raise ZeroDivisionError

    with capture_logs() as logs:
        async with rtmp_server(gate) as server, hand_encoder(server) as good, hand_encoder(server) as bad:
            await good.publish()
            sink = gate.next_sink = KeepingSink(on_media=fail)
            await bad.publish()
            bad.media(VIDEO, 0, b"v")
            assert await sink.over() == "the server failed"
            await bad.hung_up()
            good.media(VIDEO, 0, b"v")
            await gate.sinks[0].count(1)
    assert len(_of(logs, "rtmp.failed")) == 1


async def test_a_sink_that_fails_to_close_does_not_keep_the_connection() -> None:
    class Failing(KeepingSink):
        async def closed(self, reason: str) -> None:
            await super().closed(reason)
            raise ZeroDivisionError

    gate = KeyGate()
    limits = RtmpLimits(max_connections=1)
    with capture_logs() as logs:
        async with rtmp_server(gate, limits) as server:
            async with hand_encoder(server) as encoder:
                sink = gate.next_sink = Failing()
                await encoder.publish()
            assert await sink.over() == "the encoder hung up"
            async with hand_encoder(server) as encoder:
                assert (await encoder.publish())["code"] == START
    assert len(_of(logs, "rtmp.sink_failed")) == 1


async def test_aclose_tells_everybody_and_closes_each_sink_once() -> None:
    gate = KeyGate()
    async with rtmp_server(gate) as server:
        port = server.port
        async with hand_encoder(server) as one, hand_encoder(server) as two, hand_encoder(server) as silent:
            await one.publish()
            await two.publish()
            await silent.handshake()
            _, *statuses = await asyncio.gather(server.aclose(), _last_status(one), _last_status(two))
            assert [sink.reasons for sink in gate.sinks] == [
                ["closed: The server is stopping, connect again"]
            ] * 2
            assert [status["code"] for status in statuses] == ["NetConnection.Connect.AppShutdown"] * 2
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", port)


async def _last_status(encoder: HandEncoder) -> dict[str, Any]:
    status = await encoder.status()
    await encoder.hung_up()
    encoder.writer.close()
    return status


def test_the_port_is_known_only_once_started() -> None:
    with pytest.raises(RuntimeError):
        _ = RtmpServer(KeyGate(), RtmpLimits(), ManualClock()).port


@pytest.mark.parametrize(
    "scenario",
    [
        test_a_publisher_is_let_in_and_its_media_arrive_in_order,
        test_a_wrong_key_is_refused_before_publish_start_and_the_connection_closed,
        test_a_refused_encoder_that_keeps_sending_still_reads_why,
        test_http_on_the_rtmp_port_is_answered_in_http_and_logged,
        test_what_came_before_a_reset_still_reaches_the_sink,
        test_while_the_sink_waits_the_socket_is_not_read,
        test_a_publisher_that_sends_no_media_is_closed,
        test_close_tells_the_encoder_and_waits_for_the_sink,
        test_aclose_tells_everybody_and_closes_each_sink_once,
        test_all_connections_together_are_limited,
    ],
)
def test_it_is_the_same_on_uvloop(scenario: Any) -> None:
    """The served product runs on uvloop, whose transports differ where sockets end."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(scenario())
