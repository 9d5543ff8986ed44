"""One page through the whole of a lecture: countdown, live, its replay, and a second visit."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, CDPSession

from tests.support.browser import visitor
from tests.support.house import House
from tests.support.media import make_flv
from tests.support.studio import pushing
from tests.support.viewer import Viewer, open_lecture

pytestmark = [pytest.mark.browser, pytest.mark.ffmpeg, pytest.mark.realtime]

LATENCY_SECONDS = 5.0
MOST_LAYOUTS_A_SECOND = 20
"""The time moves four times a second; what is laid out with every picture of the screen makes sixty."""


async def test_one_page_is_countdown_then_live_then_replay_and_the_next_visit_goes_on(
    house: House, browser: Browser
) -> None:
    lecture = await house.plan("欠薪怎么办", start=datetime.now(UTC) + timedelta(minutes=10))
    film = make_flv(1280, 720, "25", 10, gop=25, bitrate="1500k")
    async with visitor(browser) as (context, _):
        viewer = await open_lecture(context, lecture.watch_url)
        opened = await viewer.until(lambda look: look["view"] == "waiting", "the countdown")
        async with pushing(film, lecture.push_url, realtime=True, loop=True):
            await viewer.until(lambda look: look["view"] == "player", "the player")
            await live_is_watched(viewer)
            await viewer.until(lambda look: look["position"] > 42, "a lecture long enough to resume")
            await house.end(lecture)
        look = await viewer.until(lambda look: look["mode"] == "replay", "the replay")
        assert look["loaded"] == opened["loaded"], "the page was loaded again"
        await replay_is_watched(viewer)

        again = await open_lecture(context, lecture.watch_url)
        await again.press(".lp-big-play")
        look = await again.until_playing()
        assert look["position"] > 15
        await again.page.locator(".lp-resume", has_text="已从上次的").wait_for()
        await again.press(".lp-resume button")
        await again.until(lambda look: look["position"] < 5, "the beginning again")
        await again.until_playing()


async def live_is_watched(viewer: Viewer) -> None:
    look = await viewer.until_playing(by=3)
    assert look["muted"]
    assert look["latency"] < LATENCY_SECONDS
    await viewer.press(".lp-unmute")
    look = await viewer.until_playing()
    assert not look["muted"]

    assert await viewer.qualities() == ["自动", "原画", "480p", "省流听讲"]
    await viewer.choose_quality("480p")
    await viewer.until(lambda look: look["height"] == 480, "480p")
    await viewer.choose_quality("原画")
    await viewer.until(lambda look: look["height"] == 720, "the source")

    async with viewer.page.expect_response("**/audio.m3u8*") as listened:
        await viewer.press(".lp-audio")
    assert (await listened.value).ok
    look = await viewer.until_playing(picture=False)
    assert look["width"] == 0
    assert await layouts_a_second(viewer) < MOST_LAYOUTS_A_SECOND, "something on the page never comes to rest"
    await viewer.press(".lp-audio")
    look = await viewer.until_playing()
    assert look["height"] == 720

    edge = look["position"]
    while (await viewer.look())["position"] > 2:
        await viewer.page.keyboard.press("j")
    look = await viewer.until_playing()
    assert look["position"] < 10, "the lecture can be sought back to its first second"
    await viewer.until(lambda look: "回到直播" in look["live"], "the way back to live")
    await viewer.press(".lp-live")
    await viewer.until(lambda look: look["position"] > edge, "live again")
    look = await viewer.until_playing()
    assert "直播中" in look["live"]


async def layouts_a_second(viewer: Viewer, *, seconds: float = 2.0) -> float:
    session = await viewer.page.context.new_cdp_session(viewer.page)
    await session.send("Performance.enable")
    before, began = await _layouts(session), time.monotonic()
    await asyncio.sleep(seconds)
    return (await _layouts(session) - before) / (time.monotonic() - began)


async def _layouts(session: CDPSession) -> float:
    told = await session.send("Performance.getMetrics")
    return float(next(each["value"] for each in told["metrics"] if each["name"] == "LayoutCount"))


async def replay_is_watched(viewer: Viewer) -> None:
    await viewer.until(lambda look: "直播已结束" in look["message"], "the end is told")
    await viewer.press(".lp-message button")
    look = await viewer.until_playing()
    assert look["position"] < 10
    assert look["duration"] > 40
    await viewer.page.keyboard.press("l")
    await viewer.page.keyboard.press("ArrowRight")
    await viewer.plays_to(15 + 7)
