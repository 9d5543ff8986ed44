"""Bad input through the RTMP port while another lecture is on the air: a clear line in the log, and nothing else."""

import asyncio
import random
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from structlog.testing import capture_logs
from tortoise.context import TortoiseContext

from core.clock import SystemClock
from core.settings import Settings
from schedules.models import Broadcast
from schedules.services import request_end, rotate_key
from schedules.states import AirState
from streaming.models import Publication
from streaming.origin import Origin
from streaming.rtmp.gate import MessageKind
from streaming.samples import AudioConfig, MediaUnit
from tests.support.asgi import fetch
from tests.support.media import make_flv, read_units
from tests.support.push import Push, Refused, publishing, realtime
from tests.support.rtmp import C0_C1, C2
from tests.support.studio import Studio, studio, until
from tests.support.timings import shifted

pytestmark = pytest.mark.ffmpeg

Logs = list[MutableMapping[str, Any]]


@pytest.fixture
async def house(sqlite_settings: Settings, sqlite_db: TortoiseContext) -> AsyncIterator[Studio]:
    settings = sqlite_settings.model_copy(update={"rtmp_port": 0, "interruption_grace_seconds": 0})
    async with studio(settings) as running:
        yield running


@asynccontextmanager
async def beside_another_lecture(house: Studio) -> AsyncIterator[Logs]:
    """The block runs while another lecture is on the air, which must come out whole. Gives what is logged."""
    other = await house.broadcast("另一场")
    async with publishing(house.address(other)) as push:
        sending = asyncio.create_task(push.send(read_units(make_flv(seconds=4)), realtime(2)))
        await house.until_state(other, AirState.LIVE)
        with capture_logs() as logs:
            yield logs
        await sending
        assert not push.is_dismissed
    await house.until_state(other, AirState.CLOSED)
    (publication,) = await Publication.filter(broadcast_id=other.id)
    assert publication.end_reason == "the encoder hung up"
    recording = await house.recording(other)
    assert recording.cuts("source") == [(0, 2.0, False), (1, pytest.approx(2.0, abs=0.05), False)]
    assert recording.decoded("source") == recording.times("source")
    assert len(recording.times("source")) == 120


def told(logs: Logs, event: str, field: str) -> list[Any]:
    return [line[field] for line in logs if line["event"] == event and field in line]


async def replay_status(house: Studio, broadcast: Broadcast) -> int:
    return (await fetch(Origin(house.library), f"/replay/{broadcast.number}/index.m3u8")).status


# -- who is not let in


async def test_who_has_no_right_is_refused_before_anything_starts(house: Studio) -> None:
    wrong, revoked, ended = [await house.broadcast() for _ in range(3)]
    await rotate_key(revoked.id, now=SystemClock().now())
    await publish(house, ended)
    await request_end(ended.id, now=SystemClock().now())
    await house.until_state(ended, AirState.ENDED)
    unauthorized, bad_name = r"NetStream\.Publish\.Unauthorized", r"NetStream\.Publish\.BadName"
    refusals = [
        (house.address(wrong, key_version=2), unauthorized, f"wrong stream key for lecture {wrong.number}"),
        (house.address(revoked), unauthorized, f"the stream key of lecture {revoked.number} was revoked"),
        (
            house.address(wrong).replace(wrong.number, "2031-1-1"),
            unauthorized,
            "there is no lecture 2031-1-1",
        ),
        (house.address(ended), bad_name, f"lecture {ended.number} has ended"),
    ]
    async with beside_another_lecture(house) as logs:
        for address, code, _ in refusals:
            with pytest.raises(Refused, match=code):
                async with publishing(address):
                    raise AssertionError("it was let in")
    reasons = told(logs, "rtmp.refused", "reason")
    assert [expected in reason for (_, _, expected), reason in zip(refusals, reasons, strict=True)] == [
        True
    ] * 4
    assert told(logs, "publication.accepted", "broadcast") == []


async def test_of_three_encoders_with_one_key_the_second_takes_over_and_the_third_is_refused(
    house: Studio,
) -> None:
    broadcast = await house.broadcast()
    async with beside_another_lecture(house) as logs, publishing(house.address(broadcast)) as first:
        await first.send(read_units(make_flv(seconds=1)))
        await house.until_state(broadcast, AirState.LIVE)
        async with publishing(house.address(broadcast)) as second:
            await second.send(read_units(make_flv(seconds=1)))
            await first.dismissed()
            with pytest.raises(Refused, match=r"NetStream\.Publish\.BadName"):
                async with publishing(house.address(broadcast)):
                    raise AssertionError("it was let in")
            assert not second.is_dismissed
    (reason,) = told(logs, "rtmp.refused", "reason")
    assert "is on the air and was taken over from" in reason
    assert len(told(logs, "publication.takeover", "by_peer")) == 1
    await house.until_state(broadcast, AirState.CLOSED)
    assert len((await house.recording(broadcast)).times("source")) == 60


# -- what is no RTMP


async def raw_answer(house: Studio, *pieces: bytes) -> bytes:
    """What comes back for bytes typed into the port, until it is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.service.rtmp_port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def test_http_on_the_port_is_told_where_to_go(house: Studio) -> None:
    async with beside_another_lecture(house) as logs:
        answer = await raw_answer(house, b"GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert "推流" in answer.decode()
    assert ["HTTP" in reason for reason in told(logs, "rtmp.refused", "reason")] == [True]


@pytest.mark.parametrize("seed", range(4))
async def test_noise_on_the_port_is_closed_with_a_line(house: Studio, seed: int) -> None:
    noise = random.Random(seed).randbytes(20_000)
    pieces = [b"\x03" + noise] if seed % 2 else [C0_C1, C2, noise]
    async with beside_another_lecture(house) as logs:
        await raw_answer(house, *pieces)

        async def logged() -> bool:
            return bool({"rtmp.refused", "rtmp.protocol_error"} & {line["event"] for line in logs})

        await until(logged)


# -- what is let in and is no good


async def publish(house: Studio, broadcast: Broadcast, units: list[MediaUnit] | None = None) -> None:
    async with publishing(house.address(broadcast)) as push:
        await push.send(units or read_units(make_flv(seconds=1)))
        await house.until_state(broadcast, AirState.LIVE)
    await house.until_state(broadcast, AirState.CLOSED)


async def send_noise(push: Push, seed: int) -> None:
    """Message bodies that are nothing, or begin like a picture."""
    dice = random.Random(seed)
    for _ in range(60):
        kind = dice.choice([MessageKind.VIDEO, MessageKind.AUDIO])
        head = dice.choice([b"", b"\x17\x00\x00\x00\x00", b"\x27\x01\x00\x00\x00", b"\x17", b"\x92mp4a"])
        await push.message(kind, 1_990, head + dice.randbytes(dice.randint(0, 50)))


@pytest.mark.parametrize("seed", range(3))
async def test_noise_as_media_before_and_between_real_media_costs_nothing_of_it(
    house: Studio, seed: int
) -> None:
    broadcast = await house.broadcast()
    units = read_units(make_flv(seconds=2))
    async with beside_another_lecture(house) as logs:
        async with publishing(house.address(broadcast)) as push:
            await push.send(units)
            await house.until_state(broadcast, AirState.LIVE)
            await send_noise(push, seed)
            await push.send(shifted(units, 2_000))
        await house.until_state(broadcast, AirState.CLOSED)
    assert told(logs, "publication.bad_media", "problem")
    recording = await house.recording(broadcast)
    assert recording.decoded("source") == recording.times("source")
    assert len(recording.times("source")) == 120


@pytest.mark.parametrize("record", [b"", b"\xff", b"\x17\x90\x00"], ids=["empty", "cut short", "another"])
async def test_a_broken_aac_configuration_leaves_a_lecture_without_sound_but_with_its_picture(
    house: Studio, record: bytes
) -> None:
    broadcast = await house.broadcast()
    units = [
        AudioConfig(record) if isinstance(unit, AudioConfig) else unit
        for unit in read_units(make_flv(seconds=2))
    ]
    async with beside_another_lecture(house) as logs:
        await publish(house, broadcast, units)
    recording = await house.recording(broadcast)
    assert len(recording.times("source")) == 60
    assert "audio" not in recording.playlists
    (problem,) = told(logs, "publication.bad_media", "problem")
    assert "configuration" in problem


async def test_a_change_of_the_resolution_goes_on_behind_a_discontinuity_with_another_init_section(
    house: Studio,
) -> None:
    broadcast = await house.broadcast()
    small, large = read_units(make_flv(seconds=2)), read_units(make_flv(480, 270, seconds=2))
    async with beside_another_lecture(house) as logs:
        await publish(house, broadcast, small + shifted(large, 2_000))
    assert told(logs, "publication.changed", "before") == ["320×180"]
    assert told(logs, "publication.changed", "after") == ["480×270"]
    recording = await house.recording(broadcast)
    assert len(recording.times("source")) == 120
    source = recording.playlists["source"].segments
    assert [one.discontinuity for one in source] == [False, True]
    assert source[0].map_uri != source[1].map_uri


async def test_a_lecture_into_which_nothing_is_sent_is_as_if_nobody_had_come(house: Studio) -> None:
    broadcast = await house.broadcast()
    async with beside_another_lecture(house) as logs:
        async with publishing(house.address(broadcast)):
            await asyncio.sleep(0.2)

        async def has_left() -> bool:
            return bool(told(logs, "rtmp.closed", "reason"))

        await until(has_left)
    assert told(logs, "publication.accepted", "broadcast") == [broadcast.number]
    assert told(logs, "rtmp.closed", "reason") == ["the encoder hung up"]
    assert await house.state_of(broadcast) is AirState.SCHEDULED
    assert await Publication.filter(broadcast_id=broadcast.id).count() == 0
    assert await replay_status(house, broadcast) == 404
    await publish(house, broadcast)
    assert len((await house.recording(broadcast)).times("source")) == 30


async def test_an_encoder_that_sends_for_one_second_leaves_one_second(house: Studio) -> None:
    broadcast = await house.broadcast()
    async with beside_another_lecture(house) as logs:
        await publish(house, broadcast)
    assert told(logs, "publication.ended", "received_seconds") == [pytest.approx(1, abs=0.1)]
    recording = await house.recording(broadcast)
    assert len(recording.times("source")) == 30
    assert recording.decoded("source") == recording.times("source")
    (publication,) = await Publication.filter(broadcast_id=broadcast.id)
    assert publication.received_seconds == pytest.approx(1, abs=0.1)
