"""Encoders that die, hang or are missing in the middle of a real lecture: the source is never harmed."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from tortoise.context import TortoiseContext

from core.settings import Settings
from schedules.models import Broadcast
from schedules.states import AirState
from streaming.ffmpeg import find_capabilities
from streaming.origin import Origin
from streaming.rungs import EncodingCapacity
from streaming.timeline import TICKS_PER_MS
from tests.support.asgi import fetch
from tests.support.hls_checker import PlaylistWatch, ReadSegment
from tests.support.ladder import SmallLadder
from tests.support.media import make_flv, read_units, video_samples
from tests.support.push import publishing, realtime
from tests.support.recording import Recording
from tests.support.studio import Studio, studio, until

pytestmark = pytest.mark.ffmpeg

SPEED = 3.0
"""Times the wall clock at which these lectures run; an encoder is started again after one second of it."""


@pytest.fixture
def settings(sqlite_settings: Settings) -> Settings:
    return sqlite_settings.model_copy(
        update={"rtmp_port": 0, "interruption_grace_seconds": 0, "ahead_of_clock_seconds": 3600}
    )


@pytest.fixture
async def house(settings: Settings, sqlite_db: TortoiseContext) -> AsyncIterator[Studio]:
    async with studio(settings, capacity=SmallLadder()) as running:
        yield running


@asynccontextmanager
async def lecture_under_way(house: Studio, seconds: float) -> AsyncIterator[Broadcast]:
    """A lecture that is being pushed, with rungs on the air; at the end of the block it is pushed to its end."""
    broadcast = await house.broadcast()
    units = read_units(make_flv(192, 108, seconds=seconds))
    async with publishing(house.address(broadcast)) as push, asyncio.TaskGroup() as tasks:
        tasks.create_task(push.send(units, realtime(SPEED)))
        await until(lambda: lists(house, broadcast, "480p", 2))
        yield broadcast
    await house.until_state(broadcast, AirState.CLOSED)


async def lists(house: Studio, broadcast: Broadcast, rendition: str, segments: int) -> bool:
    media = house.library.held(broadcast.number)
    made = media.renditions.get(rendition) if media is not None else None
    return made is not None and len(made.closed) >= segments


def encoders() -> list[int]:
    """Process ids of the encoders that this process has started and that live."""
    pids = []
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError):
            pids += [int(pid) for pid in (task / "children").read_text().split()]
    return [pid for pid in pids if b"pipe:0" in _command(pid)]


def _command(pid: int) -> bytes:
    """Empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


async def kill_encoder() -> None:
    async def there_is_one() -> bool:
        return bool(encoders())

    await until(there_is_one)
    (pid,) = encoders()
    os.kill(pid, signal.SIGKILL)

    async def it_is_gone() -> bool:
        return pid not in encoders()

    await until(it_is_gone)


def check_source_is_whole(recording: Recording, seconds: float) -> None:
    pictures = video_samples(read_units(make_flv(192, 108, seconds=seconds)))
    assert len(recording.times("source")) == len(pictures)
    assert recording.gaps("source") == recording.gaps("audio") == []
    assert not any(segment.discontinuity for segment in recording.playlists["source"].segments)


async def test_an_encoder_that_dies_is_started_again_and_leaves_a_gap_in_its_rungs_alone(
    house: Studio,
) -> None:
    async with lecture_under_way(house, 14) as broadcast:
        await kill_encoder()
    recording = await house.recording(broadcast)
    check_source_is_whole(recording, 14)
    assert recording.listed == ["source", "720p", "480p"]
    for name in ("720p", "480p"):
        assert recording.cuts(name) == recording.cuts("source")
        gaps = recording.gaps(name)
        assert 1 <= len(gaps) <= 2
        assert gaps == list(range(gaps[0], gaps[-1] + 1))
        after = recording.segments[name][gaps[-1] + 1 :]
        assert len(after) >= 1
        assert [len(one.tracks.video) for one in after] == [
            len(one.tracks.video) for one in recording.segments["source"][gaps[-1] + 1 :]
        ]


async def test_an_encoder_that_dies_again_and_again_is_given_one_rung_fewer(house: Studio) -> None:
    origin = Origin(house.library)
    async with lecture_under_way(house, 28) as broadcast:
        for _ in range(3):
            await kill_encoder()
        given_up = await listed_to_its_end(origin, broadcast, "720p")
    assert [segment.gap for segment in given_up[-3:]] == [True, True, True]
    recording = await house.recording(broadcast)
    check_source_is_whole(recording, 28)
    assert "720p" not in recording.listed
    assert recording.segments["480p"][-1].tracks.video == recording.segments["source"][-1].tracks.video


async def test_an_encoder_that_cannot_keep_up_is_given_one_rung_fewer(house: Studio) -> None:
    origin = Origin(house.library)
    async with lecture_under_way(house, 30) as broadcast:
        (pid,) = encoders()
        os.kill(pid, signal.SIGSTOP)  # as slow as a machine can be
        given_up = await listed_to_its_end(origin, broadcast, "720p")
    assert [segment.gap for segment in given_up[-3:]] == [True, True, True]
    recording = await house.recording(broadcast)
    check_source_is_whole(recording, 30)
    assert recording.listed == ["source"]  # of 480p too much is missing
    assert recording.segments["480p"][-1].tracks.video == recording.segments["source"][-1].tracks.video


async def listed_to_its_end(origin: Origin, broadcast: Broadcast, rendition: str) -> list[ReadSegment]:
    """What a rendition lists, read strictly, until it is given up and answers 404."""
    watch = PlaylistWatch()
    target = f"/live/{broadcast.number}/{rendition}.m3u8"
    async with asyncio.timeout(30):
        answer = await fetch(origin, target)
        while answer.status == 200:
            watch.load(answer.text, shed="EXT-X-PRELOAD-HINT" not in answer.text)
            await asyncio.sleep(0.05)
            answer = await fetch(origin, target)
    assert answer.status == 404
    multivariant = await fetch(origin, f"/live/{broadcast.number}/index.m3u8")
    assert rendition not in multivariant.text
    assert "source.m3u8" in multivariant.text
    return [watch.segments[msn] for msn in sorted(watch.segments)]


async def test_without_ffmpeg_there_is_the_source_alone(
    settings: Settings, sqlite_db: TortoiseContext, tmp_path: Path
) -> None:
    nothing = EncodingCapacity(await find_capabilities(tmp_path / "ffmpeg"))
    async with studio(settings, capacity=nothing) as house:
        broadcast = await house.broadcast()
        async with publishing(house.address(broadcast)) as push:
            await push.send(read_units(make_flv(816, 816, seconds=4)))
        await house.until_state(broadcast, AirState.CLOSED)
        recording = await house.recording(broadcast)
    assert recording.listed == ["source"]
    assert set(recording.playlists) == {"source", "audio"}
    assert len(recording.times("source")) == 120


async def test_an_hevc_source_is_all_rungs_with_its_times(house: Studio) -> None:
    units = read_units(make_flv(192, 108, fps="25", seconds=4, b_frames=3, codec="hevc"))
    broadcast = await house.broadcast()
    async with publishing(house.address(broadcast)) as push:
        await push.send(units, realtime(SPEED))
    await house.until_state(broadcast, AirState.CLOSED)
    recording = await house.recording(broadcast)
    assert recording.listed == ["720p", "480p"]
    assert set(recording.playlists) == {"720p", "480p", "audio"}
    pictures = video_samples(units)
    times = recording.times("720p")
    assert [time - times[0] for time in times] == sorted(
        (picture.pts_ms - pictures[0].pts_ms) * TICKS_PER_MS for picture in pictures
    )
    assert recording.times("480p") == times
