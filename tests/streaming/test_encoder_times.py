"""Every rung has exactly the source's times, and keyframes where the source has them or the grid wants them."""

import pytest

from streaming.codecs import AvcInfo
from streaming.samples import VideoConfig, VideoSample
from tests.support.encoding import RUNGS, Outcome, encode
from tests.support.media import make_flv, read_units, video_config, video_samples
from tests.support.timings import Rewrite, at, jittered, paused, variable

pytestmark = pytest.mark.ffmpeg


def in_display_order(samples: list[VideoSample]) -> list[VideoSample]:
    return sorted(samples, key=lambda sample: sample.pts_ms)


def expected_keyframes(samples: list[VideoSample], grid_frames: int) -> list[int]:
    """The source's keyframes, and a grid of frames counted from the last one."""
    found, since = [], 0
    for sample in in_display_order(samples):
        since = 0 if sample.keyframe else since + 1
        if since % grid_frames == 0:
            found.append(sample.pts_ms)
    return found


def check(outcome: Outcome, samples: list[VideoSample], grid_frames: int) -> None:
    times = [sample.pts_ms for sample in in_display_order(samples)]
    for rung in RUNGS:
        made = outcome.samples(rung.name)
        assert [sample.pts_ms for sample in made] == times
        assert all(sample.dts_ms == sample.pts_ms for sample in made)
        assert [s.pts_ms for s in made if s.keyframe] == expected_keyframes(samples, grid_frames)
        (config,) = outcome.configs(rung.name)
        info = AvcInfo.parse(config.record)
        assert (info.codecs, info.width, info.height) == (rung.codecs, rung.width, rung.height)
    assert outcome.left_out == []
    assert outcome.exits == []


def source(
    fps: str, b_frames: int, seconds: float = 6, *, gop: int = 60, keyframes_at: tuple[float, ...] = ()
) -> tuple[VideoConfig, list[VideoSample]]:
    units = read_units(
        make_flv(
            width=192,
            height=108,
            fps=fps,
            seconds=seconds,
            gop=gop,
            b_frames=b_frames,
            audio=False,
            keyframes_at=keyframes_at,
        )
    )
    return video_config(units), video_samples(units)


@pytest.mark.parametrize("b_frames", [0, 2])
@pytest.mark.parametrize(("fps", "grid"), [("25", 50), ("30000/1001", 60), ("30", 60), ("60", 120)])
async def test_steady_rates(fps: str, grid: int, b_frames: int) -> None:
    config, samples = source(fps, b_frames)
    samples = at(12_347)(samples)
    check(await encode(config, samples, grid_frames=grid), samples, grid)


@pytest.mark.parametrize(
    ("b_frames", "rewrite"),
    [
        (0, jittered(15)),
        (2, jittered(15)),
        (0, variable(5, 230)),
        (0, variable(1, 4)),
        (0, paused(40, 200)),
        (0, paused(41, 500)),
        (2, paused(60, 1500)),
        (0, at(2**33 + 11)),
        (0, at(-5_001)),
    ],
    ids=[
        "jitter of 15 ms",
        "jitter of 15 ms with B-frames",
        "variable rate",
        "a burst of frames 1 to 4 ms apart",
        "pause of 0.2 s",
        "pause of 0.5 s",
        "pause of 1.5 s with B-frames",
        "after days on the air",
        "times before zero",
    ],
)
async def test_uneven_times(b_frames: int, rewrite: Rewrite) -> None:
    config, samples = source("30", b_frames)
    samples = rewrite(samples)
    check(await encode(config, samples), samples, 60)


@pytest.mark.parametrize(
    ("gop", "keyframes_at", "seconds"),
    [
        (30, (), 6),
        (120, (), 10),
        (249, (), 18),
        (1000, (0.5, 0.9, 3.4, 3.6, 7.2), 9),
        (1000, (1, 2, 3, 7, 11), 12),
    ],
    ids=["every second", "every 4 s", "every 8.3 s", "irregular", "every second, then every 4 s"],
)
@pytest.mark.parametrize("b_frames", [0, 2])
async def test_keyframes_of_the_source_and_the_grid(
    gop: int, keyframes_at: tuple[float, ...], seconds: float, b_frames: int
) -> None:
    config, samples = source("30", b_frames, seconds, gop=gop, keyframes_at=keyframes_at)
    expected = 1 + len(keyframes_at) if keyframes_at else -(-round(seconds * 30) // gop)
    assert sum(sample.keyframe for sample in samples) == expected
    check(await encode(config, samples), samples, 60)


@pytest.mark.parametrize("b_frames", [0, 3])
async def test_hevc_sources_keep_their_times(b_frames: int) -> None:
    path = make_flv(width=192, height=108, fps="25", seconds=4, b_frames=b_frames, audio=False, codec="hevc")
    units = read_units(path)
    samples = jittered(15)(at(977)(video_samples(units)))
    check(await encode(video_config(units), samples, grid_frames=50), samples, 50)


async def test_a_source_that_says_the_wrong_frame_rate_keeps_its_times() -> None:
    config, samples = source("25", 0)
    samples = variable(33, 34)(samples)
    check(await encode(config, samples), samples, 60)
