"""What encoders send in the field: far keyframes, HEVC, another size in mid-lecture, one track only, pauses."""

import asyncio
import functools
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext

from tests.support.browser import visitor
from tests.support.desk import enter_desk
from tests.support.house import House, Planned
from tests.support.media import make_flv, media_directory, read_units, run_ffmpeg, write_units
from tests.support.replays import breaks, decode_pieces, read
from tests.support.studio import pushing
from tests.support.timings import shifted
from tests.support.viewer import NOTICEABLE_SECONDS, Viewer, eventually, open_lecture

pytestmark = [pytest.mark.browser, pytest.mark.ffmpeg, pytest.mark.realtime]

LONGEST_STEP = 0.2  # seconds: the seam where a film begins again, reordered pictures and all
JOINABLE = ["自动", "480p", "省流听讲"]
HANG = "() => document.querySelector('lecture-player').engine.hls.stopLoad()"
"""What a page that was held up for 5 s came to with the source of far keyframes: hls.js loads nothing any more."""
FIRST_SIZE_SECONDS = 8
PAUSES = ((5.0, 0.5), (8.0, 1.5))
"""When the picture stands still, and for how long, in seconds."""


async def test_whatever_encoders_send_in_the_field_plays_side_by_side(house: House, browser: Browser) -> None:
    async with visitor(browser) as (context, _):
        for beside_each_other in (
            (far_keyframes_are_watched, sound_alone_is_watched),
            (hevc_is_watched, picture_alone_is_watched),
            (another_size_is_watched, pauses_are_watched),
        ):
            async with asyncio.TaskGroup() as together:
                for watched in beside_each_other:
                    together.create_task(watched(house, context))


async def far_keyframes_are_watched(house: House, context: BrowserContext) -> None:
    """8.3 s apart and with B-frames, as OBS has it: who comes late plays, who was early gets over a hitch, and the
    bureau is warned.
    """
    film = make_flv(640, 360, "30", 25, gop=250, b_frames=2, bitrate="500k")
    async with on_air(house, "关键帧太远", film) as lecture:
        early = await open_lecture(context, lecture.watch_url)
        began = await early.until_playing()
        await early.plays_to(15)
        late = await open_lecture(context, lecture.watch_url)
        await late.until_playing(by=3)
        assert await late.qualities() == JOINABLE
        reached = await early.until_playing()
        assert await early.longest_pause(began["position"], reached["position"]) < NOTICEABLE_SECONDS

        await early.page.evaluate(HANG)
        await eventually(lambda: has_qualities(early, JOINABLE), "the early one joins too", seconds=10)
        await early.until_playing()
        pause = await early.longest_pause(began["position"], math.inf)
        assert pause < 2 * NOTICEABLE_SECONDS, "noticed and mended, before hls.js goes on by itself"

        await enter_desk(context, house)
        desk = await context.new_page()
        await desk.goto(f"{house.url}/desk/broadcasts/{lecture.number}")
        await desk.locator(".notices", has_text="关键帧间隔是 8.3 秒").wait_for()
    playlist = await read(house, lecture.replay("source"))
    (whole,) = await decode_pieces(house, lecture.replay("source"), playlist)
    assert whole.longest_step("video") < LONGEST_STEP, "the source itself is kept without a gap"


async def has_qualities(viewer: Viewer, names: list[str]) -> bool:
    return await viewer.qualities() == names


async def hevc_is_watched(house: House, context: BrowserContext) -> None:
    film = make_flv(640, 360, "25", 10, gop=50, codec="hevc", bitrate="500k")
    async with on_air(house, "新式摄像机", film) as lecture:
        viewer = await open_lecture(context, lecture.watch_url)
        look = await viewer.until_playing(by=3)
        assert look["height"] == 360
        assert await viewer.qualities() == JOINABLE


async def picture_alone_is_watched(house: House, context: BrowserContext) -> None:
    film = make_flv(640, 360, "25", 10, gop=25, audio=False, bitrate="500k")
    async with on_air(house, "忘了开麦克风", film) as lecture:
        viewer = await open_lecture(context, lecture.watch_url)
        look = await viewer.until_playing(by=3)
        assert look["height"] == 360
        assert await viewer.page.locator(".lp-audio").is_hidden()


async def sound_alone_is_watched(house: House, context: BrowserContext) -> None:
    async with on_air(house, "只有声音", make_flv(seconds=10, video=False)) as lecture:
        viewer = await open_lecture(context, lecture.watch_url)
        look = await viewer.until_playing(by=3, picture=False)
        assert look["height"] == 0


async def another_size_is_watched(house: House, context: BrowserContext) -> None:
    async with on_air(house, "换了场景", film_of_two_sizes(), loop=False) as lecture:
        viewer = await open_lecture(context, lecture.watch_url)
        look = await viewer.until_playing()
        assert look["height"] == 360
        look = await viewer.plays_to(FIRST_SIZE_SECONDS + 3)
        assert look["height"] == 180
        pause = await viewer.longest_pause(FIRST_SIZE_SECONDS - 2, FIRST_SIZE_SECONDS + 3)
        assert pause < NOTICEABLE_SECONDS
    playlist = await read(house, lecture.replay("source"))
    assert len(breaks(playlist)) == 1
    assert len(await decode_pieces(house, lecture.replay("source"), playlist)) == 2


async def pauses_are_watched(house: House, context: BrowserContext) -> None:
    async with on_air(house, "翻页时的停顿", film_with_pauses(), loop=False) as lecture:
        viewer = await open_lecture(context, lecture.watch_url)
        await viewer.plays_to(PAUSES[-1][0] + 5)
        for at, seconds in PAUSES:
            pause = await viewer.longest_pause(at - 1, at + seconds + 1)
            assert pause < seconds + NOTICEABLE_SECONDS, "nobody waits much longer than the picture does"
        await viewer.until_playing()


@asynccontextmanager
async def on_air(house: House, title: str, film: Path, *, loop: bool = True) -> AsyncIterator[Planned]:
    """A lecture that a film is pushed to; ended behind the block."""
    lecture = await house.plan(title)
    async with pushing(film, lecture.push_url, realtime=True, loop=loop):
        yield lecture
        await house.end(lecture)


@functools.cache
def film_of_two_sizes() -> Path:
    first = make_flv(640, 360, "25", FIRST_SIZE_SECONDS, gop=25, bitrate="500k")
    second = make_flv(320, 180, "25", 12, gop=25)
    units = [*read_units(first), *shifted(read_units(second), FIRST_SIZE_SECONDS * 1000)]
    return write_units(media_directory() / "two-sizes.flv", units)


@functools.cache
def film_with_pauses() -> Path:
    """20 s of sound, pictures but for the pauses."""
    path = media_directory() / "pauses.flv"
    missing = "+".join(f"gt(t,{at})*lt(t,{at + seconds})" for at, seconds in PAUSES)
    run_ffmpeg(
        *("-f", "lavfi", "-i", f"testsrc2=size=640x360:rate=25,select='not({missing})'"),
        *("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100", "-t", "20"),
        *("-fps_mode", "passthrough", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast"),
        *("-g", "25", "-b:v", "500k", "-c:a", "aac", "-b:a", "64k", "-f", "flv", str(path)),
    )
    return path
