"""The encoder goes away in mid-lecture and comes back: viewers are told, wait, and go on without a hand moved."""

import asyncio
import time

import pytest
from playwright.async_api import Browser, BrowserContext

from tests.support.browser import visitor
from tests.support.house import House, Planned
from tests.support.media import make_flv
from tests.support.replays import breaks, decode_pieces, read
from tests.support.studio import pushing
from tests.support.viewer import Viewer, open_lecture

pytestmark = [pytest.mark.browser, pytest.mark.ffmpeg, pytest.mark.realtime]

DROP_SECONDS = 110.0
RUNGS = ("source", "480p")
LONGEST_STEP = 0.1  # seconds: 25 pictures a second, and the seam where the film begins again


async def test_a_drop_of_110_seconds_is_ridden_out_on_both_rungs_and_leaves_one_replay(
    house: House, browser: Browser
) -> None:
    lecture = await house.plan("信号中断")
    film = make_flv(1280, 720, "25", 10, gop=25, bitrate="1500k")
    async with visitor(browser) as (context, _):
        async with pushing(film, lecture.push_url, realtime=True, loop=True):
            await house.until_on_air(lecture)
            viewers = await asyncio.gather(*(watching(context, lecture, rung) for rung in RUNGS))
        dropped = time.monotonic()
        for viewer in viewers:
            await viewer.until(lambda look: "信号中断" in look["message"], "the notice")
        stopped_at = [(await viewer.look())["position"] for viewer in viewers]
        await asyncio.sleep(DROP_SECONDS - (time.monotonic() - dropped))
        assert (await house.status(lecture))["state"] == "interrupted"
        async with pushing(film, lecture.push_url, realtime=True, loop=True):
            await asyncio.gather(*map(goes_on, viewers, stopped_at, RUNGS))
            at_the_edge, behind = viewers
            await behind.seek(1)
            await behind.until_playing(by=0.5)
            await house.end(lecture)
        away_at = await replay_is_one_piece(house, lecture)
        await asyncio.gather(was_at_the_edge(at_the_edge), was_behind(behind))
        await asyncio.gather(*(viewer.plays_over(away_at) for viewer in viewers))


async def watching(context: BrowserContext, lecture: Planned, rung: str) -> Viewer:
    viewer = await open_lecture(context, lecture.watch_url)
    await viewer.until_playing()
    await viewer.choose_quality("原画" if rung == "source" else rung)
    await viewer.until(lambda look: look["height"] == height(rung), rung)
    await viewer.until_playing()
    return viewer


def height(rung: str) -> int:
    return 720 if rung == "source" else 480


async def goes_on(viewer: Viewer, before: float, rung: str) -> None:
    await viewer.until(lambda look: look["position"] > before + 0.5, "playback goes on", seconds=40)
    look = await viewer.until_playing(by=3)
    assert look["height"] == height(rung)
    assert not look["message"]
    assert "直播中" in look["live"]


async def replay_is_one_piece(house: House, lecture: Planned) -> float:
    """Checks both rungs; the time (s) at which the encoder had been away."""
    shown = await house.show(lecture)
    assert shown["state"] == "ended"
    assert len(shown["publications"]) == 2
    playlists = {rung: await read(house, lecture.replay(rung)) for rung in RUNGS}
    assert all(playlist.ended for playlist in playlists.values())
    (behind,) = breaks(playlists["source"])
    assert breaks(playlists["480p"]) == [behind]
    for rung, playlist in playlists.items():
        pieces = await decode_pieces(house, lecture.replay(rung), playlist)
        assert len(pieces) == 2
        for piece in pieces:
            assert piece.longest_step("video") < LONGEST_STEP
    return sum(one.duration for one in playlists["source"].segments if one.msn < behind)


async def was_at_the_edge(viewer: Viewer) -> None:
    """Who has seen the end is told so, and offered the replay."""
    await viewer.until(lambda look: "直播已结束" in look["message"], "the end")
    await viewer.press(".lp-message button")
    await viewer.until_playing(by=0.5)


async def was_behind(viewer: Viewer) -> None:
    """Who was watching an earlier part stays there."""
    await viewer.until(lambda look: look["mode"] == "replay", "the replay")
    look = await viewer.until_playing(by=0.5)
    assert look["position"] > 1
    assert not look["message"]
