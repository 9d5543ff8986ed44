"""A browser without Media Source, as WeChat on iOS is: the page plays by the browser's own HLS."""

import pytest
from playwright.async_api import Browser

from tests.support.browser import visitor
from tests.support.house import House
from tests.support.media import make_flv
from tests.support.studio import push_whole
from tests.support.viewer import WITNESS, Viewer

pytestmark = [pytest.mark.browser, pytest.mark.ffmpeg, pytest.mark.realtime]

NO_MEDIA_SOURCE = "delete window.MediaSource; delete window.ManagedMediaSource;"


async def test_a_replay_plays_where_there_is_no_media_source(house: House, browser: Browser) -> None:
    lecture = await house.plan("民法典婚姻家庭")
    await push_whole(make_flv(640, 360, "25", 4, gop=25), lecture.push_url)
    await house.end(lecture)
    async with visitor(browser) as (context, _):
        page = await context.new_page()
        await page.add_init_script(NO_MEDIA_SOURCE)
        await page.add_init_script(WITNESS)
        await page.goto(lecture.watch_url)
        viewer = Viewer(page)
        await viewer.press(".lp-big-play")
        look = await viewer.until_playing(by=1)
        assert look["duration"] > 3.5
        source = await page.evaluate("document.querySelector('video').currentSrc")
        assert source.endswith(f"/replay/{lecture.number}/index.m3u8")
