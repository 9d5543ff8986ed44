"""Every rung, through the whole media process: the source's times and cuts, whatever the source is like."""

from collections.abc import AsyncIterator, Sequence

import pytest
from tortoise.context import TortoiseContext

from core.settings import Settings
from schedules.states import AirState
from streaming.ffmpeg import find_capabilities
from streaming.rungs import EncodingCapacity
from streaming.samples import MediaUnit
from streaming.timeline import TICKS_PER_MS
from tests.support.encoding import RUNGS
from tests.support.ladder import STAND_IN, SmallLadder
from tests.support.media import make_flv, read_units, video_samples
from tests.support.push import beside_the_rungs, publishing
from tests.support.recording import Recording
from tests.support.studio import Studio, studio
from tests.support.timings import Rewrite, jittered, paused, retimed, shifted, variable

pytestmark = pytest.mark.ffmpeg

RUNG_NAMES = [rung.name for rung in RUNGS]


@pytest.fixture
def settings(sqlite_settings: Settings) -> Settings:
    return sqlite_settings.model_copy(
        update={
            "rtmp_port": 0,
            "interruption_grace_seconds": 0,
            "ahead_of_clock_seconds": 3600,
            "encoder_queue_seconds": 600,
        }
    )


@pytest.fixture
async def house(settings: Settings, sqlite_db: TortoiseContext) -> AsyncIterator[Studio]:
    async with studio(settings, capacity=SmallLadder()) as running:
        yield running


async def recorded(house: Studio, *pushes: Sequence[MediaUnit]) -> Recording:
    """What is left of a lecture with these publications, one after the other."""
    broadcast = await house.broadcast()
    for units in pushes:
        async with publishing(house.address(broadcast)) as push:
            await push.send(units, beside_the_rungs(house.library, broadcast.number))
        await house.until_state(broadcast, AirState.CLOSED)
    return await house.recording(broadcast)


def expected_times(units: Sequence[MediaUnit], start: int = 0) -> list[int]:
    """Presentation times in ticks of a run that begins at `start`: those of the source, to the millisecond."""
    pictures = video_samples(units)
    first = pictures[0]
    start = max(start, (first.pts_ms - first.dts_ms) * TICKS_PER_MS)
    return sorted(start + (picture.pts_ms - first.pts_ms) * TICKS_PER_MS for picture in pictures)


def check_ladder(recording: Recording, units: Sequence[MediaUnit]) -> None:
    """All renditions have the source's cuts, all rungs its pictures, each segment of a rung stands alone."""
    times = expected_times(units)
    for name in ["source", *RUNG_NAMES]:
        assert recording.times(name) == times
        assert recording.decoded(name) == times
        assert recording.gaps(name) == []
    for name in ["source", *RUNG_NAMES, "audio"]:
        segments = recording.segments[name]
        assert recording.cuts(name) == recording.cuts("source")
        for segment, beside in zip(segments, recording.segments["source"], strict=True):
            tracks = segment.tracks
            assert tracks.audio == beside.tracks.audio
            assert segment.listed.gap == (not tracks.audio and not tracks.video)
            if tracks.begins_with_keyframe:
                assert tracks.sounds == len(tracks.audio)
                assert tracks.pictures == sorted(tracks.video)
    for name in RUNG_NAMES:
        check_independent(recording, name)


def check_independent(recording: Recording, rendition: str) -> None:
    """Every segment stands alone, and the playlist says so."""
    assert all(segment.tracks.begins_with_keyframe for segment in recording.segments[rendition])
    assert "EXT-X-INDEPENDENT-SEGMENTS" in recording.playlists[rendition].tags


@pytest.mark.parametrize("b_frames", [0, 2])
@pytest.mark.parametrize("fps", ["25", "30000/1001", "30", "60"])
async def test_steady_rates_keep_their_times(house: Studio, fps: str, b_frames: int) -> None:
    units = read_units(make_flv(192, 108, fps, b_frames=b_frames))
    units = shifted(units, 12_347)  # no multiple of a frame
    recording = await recorded(house, units)
    check_ladder(recording, units)
    check_independent(recording, "source")
    assert recording.listed == ["source", *RUNG_NAMES]


@pytest.mark.parametrize(
    ("b_frames", "rewrite"),
    [
        (0, jittered(15)),
        (2, jittered(15)),
        (0, variable(10, 90)),
        (0, lambda samples: variable(5, 230)(samples[:70])),
        (2, paused(61, 1500)),
    ],
    ids=[
        "jitter of 15 ms",
        "jitter of 15 ms with B-frames",
        "variable rate",
        "very variable rate",
        "a pause of 1.5 s",
    ],
)
async def test_uneven_times_are_kept(house: Studio, b_frames: int, rewrite: Rewrite) -> None:
    units = retimed(read_units(make_flv(192, 108, gop=15, b_frames=b_frames)), rewrite)
    check_ladder(await recorded(house, units), units)


@pytest.mark.parametrize("b_frames", [0, 2])
async def test_a_picture_that_stands_still_while_the_sound_goes_on_stands_still_in_every_rung(
    house: Studio, b_frames: int
) -> None:
    film = make_flv(192, 108, seconds=10, gop=15, b_frames=b_frames)
    units = retimed(read_units(film), lambda samples: samples[:60] + samples[210:])  # none for five seconds
    recording = await recorded(house, units)
    for name in ["source", *RUNG_NAMES, "audio"]:
        assert recording.cuts(name) == recording.cuts("source")
        assert recording.gaps(name) == []
        assert [one.tracks.audio for one in recording.segments[name]] == [
            one.tracks.audio for one in recording.segments["source"]
        ]
    for name in ["source", *RUNG_NAMES]:
        assert recording.times(name) == expected_times(units)
        assert recording.decoded(name) == expected_times(units)
        assert [] in [one.tracks.video for one in recording.segments[name]]


@pytest.mark.parametrize(
    ("gop", "keyframes_at", "seconds", "begins_with_keyframe"),
    [
        (30, (), 6, [True, True, True]),
        (120, (), 9, [True, True, True]),
        (1000, (0.5, 0.9, 3.4, 3.6, 7.2), 9, [True, False, True, True]),
        (1000, (4, 8, 9, 10, 11, 12), 14, [True, True, True, True, True]),
        (1000, (1, 2, 3, 4, 5, 9, 13), 14, [True, True, True, False, True, True]),
    ],
    ids=[
        "every second",
        "every 4 s",
        "irregular",
        "every 4 s, then every second",
        "every second, then every 4 s",
    ],
)
@pytest.mark.parametrize("b_frames", [0, 2])
async def test_however_keyframes_come_every_segment_of_a_rung_stands_alone(
    house: Studio,
    gop: int,
    keyframes_at: tuple[float, ...],
    seconds: float,
    begins_with_keyframe: list[bool],
    b_frames: int,
) -> None:
    film = make_flv(192, 108, seconds=seconds, gop=gop, keyframes_at=keyframes_at, b_frames=b_frames)
    units = read_units(film)
    recording = await recorded(house, units)
    check_ladder(recording, units)
    found = [segment.tracks.begins_with_keyframe for segment in recording.segments["source"]]
    assert found == begins_with_keyframe
    assert recording.listed == ["source", *RUNG_NAMES]


@pytest.mark.parametrize("b_frames", [0, 2])
async def test_keyframes_more_than_a_segment_apart_are_cut_between_and_the_source_gets_a_stand_in(
    house: Studio, b_frames: int
) -> None:
    units = read_units(make_flv(192, 108, seconds=18, gop=249, b_frames=b_frames))  # 8.3 s: OBS's own default
    recording = await recorded(house, units)
    check_ladder(recording, units)
    assert recording.listed == RUNG_NAMES  # players cannot join the source, and its stand-in came late
    begins = [segment.tracks.begins_with_keyframe for segment in recording.segments["source"]]
    assert begins.count(True) == 3
    assert "EXT-X-INDEPENDENT-SEGMENTS" not in recording.playlists["source"].tags
    check_independent(recording, STAND_IN.name)
    there = recording.times(STAND_IN.name)
    assert there == expected_times(units)[-len(there) :]
    assert len(there) > len(expected_times(units)) / 2


async def test_every_rung_goes_on_behind_the_same_discontinuity_after_a_drop(house: Studio) -> None:
    first, second = (read_units(make_flv(192, 108, fps=fps, b_frames=2)) for fps in ("30", "25"))
    second = shifted(second, 4_021)
    recording = await recorded(house, first, second)
    before = expected_times(first)
    begun = recording.times("source")[len(before)]
    assert before[-1] < begun < before[-1] + 9_000
    assert recording.listed == ["source", *RUNG_NAMES]
    for name in [*recording.listed, "audio"]:
        assert recording.cuts(name) == recording.cuts("source")
        assert recording.gaps(name) == []
    for name in recording.listed:
        assert recording.times(name) == before + expected_times(second, begun)
        assert [one.discontinuity for one in recording.playlists[name].segments].count(True) == 1


async def test_the_ladder_that_this_machine_carries_keeps_the_times(
    settings: Settings, sqlite_db: TortoiseContext
) -> None:
    units = retimed(read_units(make_flv(816, 816, seconds=4, b_frames=2)), jittered(15))
    settings = settings.model_copy(update={"ladder": ",".join(RUNG_NAMES)})
    async with studio(settings, capacity=EncodingCapacity(await find_capabilities())) as house:
        recording = await recorded(house, units)
    check_ladder(recording, units)
