"""紧急切断 where the media is: at once nothing is given out any more, to whoever waits either, and nobody let in."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tortoise.context import TortoiseContext

from core.audit import SYSTEM
from core.clock import SystemClock
from core.settings import Settings
from schedules.cut_causes import CutCause
from schedules.cut_offs import cut_off, undo_cut_off
from schedules.states import AirState, ReplayState
from streaming.origin import Origin
from tests.support.asgi import begin, fetch
from tests.support.media import make_flv
from tests.support.origins import LIVE, media_uri, on_air
from tests.support.studio import Studio, push_whole, pushing, studio
from tests.support.until import until

WITHIN_SECONDS = 3.0


async def test_requests_that_are_held_are_answered_410_when_the_lecture_is_cut_off(tmp_path: Path) -> None:
    async with on_air(tmp_path, hold=30) as (stage, origin):
        stage.feeder.segments(2)
        hot = media_uri(stage, "source/1.m4s")
        assert (await fetch(origin, hot)).status == 200
        playlist = begin(origin, f"{LIVE}/source.m3u8?_HLS_msn=2&_HLS_part=1")
        part = begin(origin, media_uri(stage, "source/2.0.m4s"))
        await until(lambda: len(stage.source.changes) == 2)
        stage.media.set_replay(ReplayState.WITHDRAWN)
        stage.media.set_generation(2)
        for held in (playlist, part):
            assert (await held.finish()).status == 410
        for path in (f"{LIVE}/index.m3u8", f"{LIVE}/source.m3u8", hot):
            assert (await fetch(origin, path)).status == 410, path


@pytest.fixture
async def house(db_settings: Settings, db: TortoiseContext) -> AsyncIterator[Studio]:
    settings = db_settings.model_copy(update={"rtmp_port": 0, "ahead_of_clock_seconds": 3600})
    async with studio(settings) as running:
        yield running


@pytest.mark.ffmpeg
async def test_from_the_cut_to_the_last_byte_are_less_than_three_seconds_and_the_encoder_stays_out(
    house: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    clock, broadcast = SystemClock(), await house.broadcast()
    film = make_flv(seconds=4)
    origin = Origin(house.library)

    async with pushing(film, house.address(broadcast), realtime=True, loop=True):
        await house.until_state(broadcast, AirState.LIVE)
        media = house.library.held(broadcast.number)
        assert media is not None
        await until(lambda: "source" in media.renditions and bool(media.renditions["source"].closed))
        segment = f"/media/{broadcast.number}/{media.token}/{house.library.epoch}/source/0.m4s"
        paths = [f"/live/{broadcast.number}/source.m3u8", segment]
        for path in paths:
            assert (await fetch(origin, path)).status == 200
        cut_at = time.monotonic()
        await cut_off(broadcast.number, cause=CutCause.CONTENT, words="", by=SYSTEM, now=clock.now())
        last_served = cut_at
        while time.monotonic() < cut_at + WITHIN_SECONDS:
            statuses = [(await fetch(origin, path)).status for path in paths]
            assert set(statuses) <= {200, 410}
            if 200 in statuses:
                last_served = time.monotonic()
            await asyncio.sleep(0.01)
        with capsys.disabled():
            print(f"\n{last_served - cut_at:.2f} s from the cut to the last byte", end=" ")  # noqa: T201
        assert last_served - cut_at < WITHIN_SECONDS
        await house.until_state(broadcast, AirState.CLOSED)
    lecture = house.service.lectures[broadcast.number]
    assert lecture.on_air is None
    kept = sum(entry.duration for entry in lecture.media.renditions["source"].closed)
    assert kept > 0

    # The same key is refused while it is cut off, and goes on with the lecture when that was a mistake.
    assert await push_whole(film, house.address(broadcast)) != ""
    assert await house.state_of(broadcast) is AirState.CLOSED
    await undo_cut_off(broadcast.number, reason="点错了", by=SYSTEM, now=clock.now())
    await until(lambda: not lecture.is_cut_off)
    async with pushing(film, house.address(broadcast), realtime=True, loop=True):
        await house.until_state(broadcast, AirState.LIVE)
        assert (await fetch(origin, f"/live/{broadcast.number}/source.m3u8")).status == 200
        assert (await fetch(origin, paths[1])).status == 410  # what was given out before stays invalid
    source = lecture.media.renditions["source"]
    await until(lambda: sum(entry.duration for entry in source.closed) > kept)
