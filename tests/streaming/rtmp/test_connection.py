"""One connection and its sink: the sink sets the pace, and either side may end it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from structlog.testing import capture_logs

from core.clock import ManualClock
from streaming.rtmp import connection as connection_module
from streaming.rtmp.limits import RtmpLimits
from streaming.rtmp.messages import MessageType
from tests.support.rtmp import (
    KeepingSink,
    KeyGate,
    Received,
    hand_encoder,
    lines,
    rtmp_server,
    run_on_uvloop,
    until,
)

START = "NetStream.Publish.Start"
VIDEO = MessageType.VIDEO


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


async def test_between_two_readings_media_gather_and_come_together_and_in_order() -> None:
    gate = KeyGate()
    async with rtmp_server(gate, RtmpLimits(read_interval_seconds=1.5)) as server:
        async with hand_encoder(server) as encoder:
            await encoder.publish()
            sink = gate.sinks[0]
            encoder.media(VIDEO, 0, b"first")
            await sink.count(1)
            for number in range(1, 20):
                encoder.media(VIDEO, number, b"later")
                await encoder.writer.drain()
            await asyncio.sleep(0.1)
            assert len(sink.received) == 1
            await sink.count(20)
            encoder.media(VIDEO, 20, b"last words")
        assert await sink.over() == "the encoder hung up"
    assert [message.timestamp_ms for message in sink.received] == list(range(21))


async def test_in_the_midst_of_a_message_the_rest_of_it_is_read_at_once() -> None:
    gate = KeyGate()
    async with (
        rtmp_server(gate, RtmpLimits(read_interval_seconds=2)) as server,
        hand_encoder(server) as encoder,
    ):
        await encoder.publish()
        await asyncio.sleep(2.1)  # the pause after the command that published
        header, payload = bytes((6, 0, 0, 0, 0, 0, 5, VIDEO, 1, 0, 0, 0)), b"whole"
        async with asyncio.timeout(4.5):  # a pause after each piece but the last would take 6 s
            for piece in (header[:5], header[5:], payload[:2], payload[2:]):
                encoder.raw(piece)
                await encoder.writer.drain()
                await asyncio.sleep(0.1)
            await gate.sinks[0].count(1)


async def test_a_publisher_with_much_to_say_is_not_made_to_wait() -> None:
    gate = KeyGate()
    async with (
        rtmp_server(gate, RtmpLimits(read_interval_seconds=0.5)) as server,
        hand_encoder(server) as encoder,
    ):
        await encoder.publish()
        async with asyncio.timeout(8):  # 32 readings of 256 KiB; some of them may be small
            encoder.media(VIDEO, 0, bytes(8_000_000))
            await gate.sinks[0].count(1)


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
        encoder.media(VIDEO, 40, b"more")
        await sink.count(2)
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
        _, status = await asyncio.gather(closing, encoder.last_status())
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
    assert len(lines(logs, "rtmp.failed")) == 1


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
    assert len(lines(logs, "rtmp.sink_failed")) == 1


@pytest.mark.parametrize(
    "scenario",
    [
        test_while_the_sink_waits_the_socket_is_not_read,
        test_between_two_readings_media_gather_and_come_together_and_in_order,
        test_close_tells_the_encoder_and_waits_for_the_sink,
    ],
)
def test_it_is_the_same_on_uvloop(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    run_on_uvloop(scenario)
