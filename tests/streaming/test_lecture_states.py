"""The states of a lecture on the air, and the moments at which an end, a renewal and a reopening meet."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.clock import ManualClock
from schedules.states import AirState
from streaming.rtmp.gate import PublishRefused
from streaming.samples import AudioConfig, MediaUnit
from tests.support.lectures import Encoder, Hall, hall
from tests.support.media import make_flv, read_units
from tests.support.timings import shifted
from tests.support.until import until

pytestmark = pytest.mark.ffmpeg

L, I, C, E = AirState.LIVE, AirState.INTERRUPTED, AirState.CLOSED, AirState.ENDED  # noqa: E741


def film(width: int = 320, height: int = 180) -> list[MediaUnit]:
    return read_units(make_flv(width, height, seconds=3))


@pytest.fixture
async def stage(tmp_path: Path, clock: ManualClock) -> AsyncIterator[Hall]:
    async with hall(tmp_path, clock) as opened:
        yield opened


async def test_a_closed_lecture_is_reopened_by_its_key_and_its_replay_waits_until_it_closes_again(
    stage: Hall,
) -> None:
    first = stage.connect()
    await first.send(film())
    await first.connection.hang_up()
    await stage.lecture.close()
    assert stage.lecture.media.is_finished
    again = stage.connect()
    await again.send(film())
    assert not stage.lecture.media.is_finished
    await again.connection.hang_up()
    await stage.lecture.close()
    assert stage.told.states == [L, I, C, L, I, C]
    recording = await stage.recording()
    assert len(recording.times("source")) == 180
    assert [one.discontinuity for one in recording.playlists["source"].segments].count(True) == 1


async def test_a_lecture_that_is_on_the_air_is_not_closed_by_an_old_deadline(stage: Hall) -> None:
    await stage.connect().send(film())
    await stage.lecture.close()
    assert stage.told.states == [L]


async def test_an_end_is_told_once_however_often_it_is_asked_for(stage: Hall) -> None:
    encoder = stage.connect()
    await encoder.send(film())
    await asyncio.gather(*(stage.lecture.end(reason) for reason in ("one", "two", "three")))
    assert stage.told.states == [L, E]
    assert stage.told.ended == [(1, "one")]
    assert encoder.codes == ["NetStream.Unpublish.Success"]
    with pytest.raises(PublishRefused, match="the lecture has ended"):
        stage.connect()
    assert len((await stage.recording()).times("source")) == 90


async def test_an_end_before_any_media_is_an_end(stage: Hall) -> None:
    waiting = stage.connect()
    await stage.lecture.end("cancelled")
    await asyncio.sleep(0)
    await waiting.send(film())
    assert stage.told.states == [E]
    assert stage.told.began == []
    assert waiting.codes == ["NetStream.Unpublish.Success"]
    assert not stage.lecture.media.has_media


class SlowRungs:
    """A `RungControl` whose every change takes until it is let go on."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.starts = 0
        self.stops = 0

    async def start(self, run: object) -> None:
        self.starts += 1
        await self.go_on.wait()

    async def stop(self) -> None:
        self.stops += 1
        await self.go_on.wait()

    def replace_source(self) -> None:
        raise AssertionError("keyframes come every second")


async def on_air_with_slow_rungs(stage: Hall, monkeypatch: pytest.MonkeyPatch) -> tuple[SlowRungs, Encoder]:
    """A lecture on the air; whatever changes its rungs from now on waits."""
    rungs = SlowRungs()
    monkeypatch.setattr(stage.lecture, "_rungs", rungs)
    rungs.go_on.set()
    encoder = stage.connect()
    await encoder.send(film())
    rungs.go_on.clear()
    return rungs, encoder


async def test_an_end_that_meets_the_renewal_of_a_run_waits_for_it_and_loses_nothing(
    stage: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    rungs, encoder = await on_air_with_slow_rungs(stage, monkeypatch)
    renewing = asyncio.create_task(encoder.send(shifted(film(480, 270), 3_000)))
    await until(lambda: rungs.stops > 0)
    ending = asyncio.create_task(stage.lecture.end("over"))
    await asyncio.sleep(0.01)
    assert not ending.done()
    rungs.go_on.set()
    await asyncio.gather(renewing, ending)
    assert stage.told.states == [L, E]
    assert encoder.publication.is_over
    assert rungs.starts == 2
    recording = await stage.recording()
    assert len(recording.times("source")) >= 90
    assert recording.gaps("source") == []


async def test_an_encoder_that_leaves_during_an_end_is_told_of_once(
    stage: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    rungs, encoder = await on_air_with_slow_rungs(stage, monkeypatch)
    ending = asyncio.create_task(stage.lecture.end("over"))
    await until(lambda: rungs.stops > 0)
    leaving = asyncio.create_task(encoder.connection.hang_up())
    rungs.go_on.set()
    await asyncio.gather(ending, leaving)
    assert stage.told.states == [L, E]
    assert stage.told.ended == [(1, "over")]


async def test_a_publication_of_a_fraction_of_a_second_is_kept(stage: Hall) -> None:
    units = [unit for unit in film() if not isinstance(unit, AudioConfig)]
    for _ in range(3):
        encoder = stage.connect()
        await encoder.send(units[:8])
        await encoder.connection.hang_up()
    assert stage.told.states == [L, I, L, I, L, I]
    await stage.lecture.end("over")
    recording = await stage.recording()
    assert len(recording.times("source")) >= 9
    assert [one.discontinuity for one in recording.playlists["source"].segments] == [False, True, True]


async def test_encoders_that_send_nothing_leave_a_lecture_as_it_was(stage: Hall) -> None:
    for _ in range(3):
        await stage.connect().connection.hang_up()
    assert stage.told.states == []
    await stage.connect().send(film())
    assert stage.lecture.on_air is not None
    assert stage.lecture.on_air.ordinal == 4
    assert stage.told.began == [4]
