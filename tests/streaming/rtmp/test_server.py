"""The RTMP port through real sockets: who is let in, who is not, and how everybody is let go."""

import asyncio
import socket
import struct
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from structlog.testing import capture_logs

from core.clock import ManualClock
from streaming.rtmp.gate import MessageKind, PublishRequest
from streaming.rtmp.limits import RtmpLimits
from streaming.rtmp.messages import MessageType
from streaming.rtmp.server import RtmpServer
from tests.support.rtmp import (
    GOOD_KEY,
    WRONG_KEY,
    KeepingSink,
    KeyGate,
    Received,
    answer_to_bytes,
    hand_encoder,
    lines,
    rtmp_server,
    run_on_uvloop,
    until,
)

START = "NetStream.Publish.Start"
VIDEO, AUDIO = MessageType.VIDEO, MessageType.AUDIO
UNAUTHORIZED = "NetStream.Publish.Unauthorized"


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
    (line,) = lines(logs, "rtmp.refused")
    assert (line["reason"], line["code"], line["key"]) == (
        "wrong stream key",
        UNAUTHORIZED,
        "2026-11-2-hgfe…",
    )
    assert line["peer"].startswith("127.0.0.1:")
    assert WRONG_KEY not in str(logs)
    assert gate.sinks == []


async def test_a_refused_encoder_that_keeps_sending_is_not_reset() -> None:
    # Windows throws away what has been received and not read when a reset comes: OBS would not know why.
    gate = KeyGate()
    async with rtmp_server(gate) as server, hand_encoder(server) as encoder:
        await encoder.handshake()
        await encoder.connect()
        encoder.command("publish", 5.0, None, WRONG_KEY, "live", stream_id=1)
        for number in range(100):
            encoder.media(VIDEO, number * 40, bytes(4000))
        assert (await encoder.status())["code"] == UNAUTHORIZED
        await encoder.hung_up()
        assert not encoder.was_reset
        assert START not in encoder.codes()


async def test_a_gate_that_fails_is_a_refusal_too() -> None:
    async def fail(_request: PublishRequest) -> None:
        raise ZeroDivisionError

    with capture_logs() as logs:
        async with rtmp_server(KeyGate(fail)) as server, hand_encoder(server) as encoder:
            assert (await encoder.publish())["code"] == "NetStream.Publish.Failed"
            await encoder.hung_up()
    assert len(lines(logs, "rtmp.gate_failed")) == 1


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
    assert "only publishing" in lines(logs, "rtmp.refused")[0]["reason"]


async def test_http_on_the_rtmp_port_is_answered_in_http_and_logged() -> None:
    with capture_logs() as logs:
        async with rtmp_server(KeyGate()) as server:
            answer = await answer_to_bytes(server, b"GET /live HTTP/1.1\r\nHost: bureau\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert "推流" in answer.decode()
    (line,) = lines(logs, "rtmp.refused")
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
            assert await answer_to_bytes(server, data) == b""
    (line,) = lines(logs, "rtmp.refused")
    assert reason in line["reason"]


async def test_aclose_tells_everybody_and_closes_each_sink_once() -> None:
    gate = KeyGate()
    async with rtmp_server(gate) as server:
        port = server.port
        async with hand_encoder(server) as one, hand_encoder(server) as two, hand_encoder(server) as silent:
            await one.publish()
            await two.publish()
            await silent.handshake()
            _, *statuses = await asyncio.gather(server.aclose(), one.last_status(), two.last_status())
            assert [sink.reasons for sink in gate.sinks] == [
                ["closed: The server is stopping, connect again"]
            ] * 2
            assert [status["code"] for status in statuses] == ["NetConnection.Connect.AppShutdown"] * 2
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", port)


def test_the_port_is_known_only_once_started() -> None:
    with pytest.raises(RuntimeError):
        _ = RtmpServer(KeyGate(), RtmpLimits(), ManualClock()).port


@pytest.mark.parametrize(
    "scenario",
    [
        test_a_publisher_is_let_in_and_its_media_arrive_in_order,
        test_a_wrong_key_is_refused_before_publish_start_and_the_connection_closed,
        test_a_refused_encoder_that_keeps_sending_is_not_reset,
        test_http_on_the_rtmp_port_is_answered_in_http_and_logged,
        test_what_came_before_a_reset_still_reaches_the_sink,
        test_aclose_tells_everybody_and_closes_each_sink_once,
    ],
)
def test_it_is_the_same_on_uvloop(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    run_on_uvloop(scenario)
