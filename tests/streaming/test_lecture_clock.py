"""Dates, jumps and hurry: what the clocks of an encoder and of the house do to a lecture."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from core.clock import ManualClock, SystemClock
from schedules.states import AirState
from streaming.entries import SegmentEntry
from streaming.samples import AudioConfig, MediaUnit, VideoConfig
from streaming.segments import TICKS_PER_SECOND
from tests.support.lectures import Hall, hall
from tests.support.media import make_flv, read_units
from tests.support.timings import shifted

pytestmark = pytest.mark.ffmpeg


class SteppedClock(ManualClock):
    """A wall clock that is set, forward or back, while the monotonic one goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.set_by = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.set_by


def film() -> list[MediaUnit]:
    return read_units(make_flv(seconds=4))


async def publish(stage: Hall, units: Sequence[MediaUnit] | None = None) -> None:
    encoder = stage.connect()
    await encoder.send(units or film())
    await encoder.connection.hang_up()


def check_dates_rise(entries: Sequence[SegmentEntry]) -> None:
    """No date lies before the end of the segment before it; lecture time has no holes at all."""
    for before, after in pairwise(entries):
        assert after.start == before.start + before.duration
        end = before.program_date_time + before.duration / TICKS_PER_SECOND
        assert after.program_date_time >= end - 1e-6
        if not after.discontinuity:
            assert after.program_date_time == pytest.approx(end)


async def test_an_interruption_shows_in_the_dates_and_nowhere_else(
    tmp_path: Path, clock: ManualClock
) -> None:
    async with hall(tmp_path, clock) as stage:
        await publish(stage)
        clock.advance(90)
        again = clock.now().timestamp()
        await publish(stage)
        check_dates_rise(stage.source)
        second = next(entry for entry in stage.source if entry.discontinuity)
        assert second.program_date_time == pytest.approx(again, abs=0.1)


async def test_a_wall_clock_that_is_set_back_takes_no_date_back(tmp_path: Path) -> None:
    clock = SteppedClock()
    async with hall(tmp_path, clock) as stage:
        await publish(stage)
        clock.advance(30)
        clock.set_by = timedelta(hours=-1)
        await publish(stage)
        check_dates_rise(stage.source)
        dates = [entry.program_date_time for entry in stage.source]
    clock.advance(10)
    async with hall(tmp_path, clock, state=AirState.INTERRUPTED) as stage:  # the process was started again
        assert [entry.program_date_time for entry in stage.source] == dates
        await publish(stage)
        check_dates_rise(stage.source)


async def test_a_wall_clock_that_is_set_in_the_middle_of_a_publication_moves_no_date(tmp_path: Path) -> None:
    clock = SteppedClock()
    async with hall(tmp_path, clock) as stage:
        encoder = stage.connect()
        await encoder.send(film())
        clock.advance(4)
        clock.set_by = timedelta(hours=5)
        await encoder.send(shifted(without_configurations(film()), 4_000))
        await encoder.connection.hang_up()
        check_dates_rise(stage.source)
        assert not any(stage.discontinuities)


def without_configurations(units: Sequence[MediaUnit]) -> list[MediaUnit]:
    return [unit for unit in units if not isinstance(unit, VideoConfig | AudioConfig)]


@pytest.mark.parametrize("jump", [11_000, 86_400_000, -2_500, -4_000])
async def test_a_jump_of_the_encoders_clock_goes_on_behind_a_discontinuity_in_all_renditions(
    tmp_path: Path, clock: ManualClock, jump: int
) -> None:
    async with hall(tmp_path, clock) as stage:
        encoder = stage.connect()
        await encoder.send(film())
        clock.advance(4)
        await encoder.send(shifted(without_configurations(film()), 4_000 + jump))
        await stage.lecture.end("over")
        check_dates_rise(stage.source)
        recording = await stage.recording()
        assert stage.told.began == [1]
        assert stage.told.states == [AirState.LIVE, AirState.ENDED]
    assert recording.cuts("audio") == recording.cuts("source")
    assert [one.discontinuity for one in recording.playlists["source"].segments].count(True) == 1
    assert len(recording.times("source")) == 240
    assert recording.gaps("source") == recording.gaps("audio") == []


async def test_an_encoder_that_hurries_is_held_back_and_nothing_of_it_is_dropped(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    async with hall(tmp_path, SystemClock(), ahead_of_clock_seconds=1) as stage:
        began = loop.time()
        await publish(stage)
        took = loop.time() - began
        await stage.lecture.end("over")
        recording = await stage.recording()
    assert took >= 2.5  # four seconds of media, one of them in advance
    assert len(recording.times("source")) == 120
    assert len(recording.playlists["source"].segments) == 2
