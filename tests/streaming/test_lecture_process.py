"""The process of a lecture: its disk fails, it is stopped and started again, another one is in its place."""

import asyncio
import os
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs
from tortoise.context import TortoiseContext

from core.clock import SystemClock
from core.settings import Settings
from schedules.models import Broadcast
from schedules.states import AirState
from streaming import leases
from streaming.models import Publication
from tests.support.journals import FullDisk
from tests.support.ladder import SmallLadder
from tests.support.media import make_flv, read_units
from tests.support.push import Refused, publishing, realtime
from tests.support.studio import Studio, studio, until

pytestmark = pytest.mark.ffmpeg


@pytest.fixture
def settings(sqlite_settings: Settings) -> Settings:
    return sqlite_settings.model_copy(update={"rtmp_port": 0, "interruption_grace_seconds": 600})


@pytest.fixture
async def house(settings: Settings, sqlite_db: TortoiseContext) -> AsyncIterator[Studio]:
    async with studio(settings) as running:
        yield running


async def ended(house: Studio, broadcast: Broadcast) -> None:
    """End the lecture and wait until it is served from its files."""
    await house.service.lectures[broadcast.number].end("over")

    async def let_go() -> bool:
        return broadcast.number not in house.service.lectures

    await until(let_go)


async def test_a_lecture_goes_on_without_the_disk_and_is_written_down_later(
    house: Studio, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    broadcast = await house.broadcast()
    async with publishing(house.address(broadcast)) as push:
        sending = asyncio.create_task(push.send(read_units(make_flv(seconds=6)), realtime(2)))
        await house.until_state(broadcast, AirState.LIVE)
        journal = house.library.held(broadcast.number)
        assert journal is not None
        assert journal.journal is not None
        disk = FullDisk(os.pwrite)
        with capture_logs() as logs, monkeypatch.context() as broken:
            broken.setattr(os, "pwrite", disk)
            source = journal.renditions["source"]
            closed = len(source.closed)

            async def goes_on() -> bool:
                return len(source.closed) >= closed + 2

            await until(goes_on)
            assert journal.journal.is_failing
        await sending
    assert [line["event"] for line in logs if line["event"].startswith("journal.")] == ["journal.failing"]
    assert disk.refused > 0

    async def is_written() -> bool:
        return journal.journal is not None and not journal.journal.is_failing and not journal.journal.queued

    await until(is_written)
    await ended(house, broadcast)
    recording = await house.recording(broadcast)
    assert len(recording.times("source")) == 180
    assert recording.gaps("source") == []


async def test_a_lecture_that_another_process_holds_is_refused_with_a_line_that_says_so(
    house: Studio, settings: Settings
) -> None:
    broadcast = await house.broadcast()
    assert await leases.acquire(broadcast.id, "elsewhere", now=SystemClock().now(), settings=settings)
    with capture_logs() as logs, pytest.raises(Refused, match=r"NetStream\.Publish\.BadName"):
        async with publishing(house.address(broadcast)):
            raise AssertionError("it was let in")
    reasons = [line["reason"] for line in logs if line["event"] == "rtmp.refused"]
    assert reasons == [f"another media process holds lecture {broadcast.number}"]
    assert await house.state_of(broadcast) is AirState.SCHEDULED
    await leases.release([broadcast.id], "elsewhere")
    async with publishing(house.address(broadcast)) as push:
        await push.send(read_units(make_flv(seconds=3)))
        await house.until_state(broadcast, AirState.LIVE)


async def test_a_stop_in_the_middle_of_a_lecture_loses_nothing_and_the_next_process_goes_on(
    settings: Settings, sqlite_db: TortoiseContext
) -> None:
    units = read_units(make_flv(192, 108, seconds=6))
    async with studio(settings, capacity=SmallLadder()) as house:
        broadcast = await house.broadcast()
        async with publishing(house.address(broadcast)) as push:
            sending = asyncio.create_task(push.send(units, realtime(2)))
            await house.until_state(broadcast, AirState.LIVE)
            await asyncio.sleep(1.5)
            await house.service.aclose()
            assert "NetConnection.Connect.AppShutdown" in await push.dismissed()
            await sending
    first = await Publication.get(broadcast_id=broadcast.id)
    assert first.ended_at is not None
    assert first.received_seconds > 2
    assert await house.state_of(broadcast) is AirState.INTERRUPTED
    async with studio(settings, capacity=SmallLadder()) as house:
        async with publishing(house.address(broadcast)) as push:
            await push.send(units, realtime(2))
        await house.until_state(broadcast, AirState.INTERRUPTED)
        await ended(house, broadcast)
        recording = await house.recording(broadcast)
    assert recording.listed == ["source", "720p", "480p"]
    for name in recording.listed:
        assert recording.times(name) == recording.times("source")
        assert recording.cuts(name) == recording.cuts("source")
        assert recording.gaps(name) == []
    assert len(recording.times("source")) == pytest.approx(first.received_seconds * 30 + 180, abs=2)
    assert [one.discontinuity for one in recording.playlists["source"].segments].count(True) == 1
