"""Two encoders with one key: the newer one takes over, and viewers do not notice more than a cut."""

import asyncio
import signal

import pytest
from playwright.async_api import Browser

from tests.support.browser import visitor
from tests.support.house import House
from tests.support.media import make_flv
from tests.support.replays import breaks, decode_pieces, read
from tests.support.studio import pushing
from tests.support.viewer import NOTICEABLE_SECONDS, open_lecture

pytestmark = [pytest.mark.browser, pytest.mark.ffmpeg, pytest.mark.realtime]


async def test_the_page_plays_on_when_another_encoder_takes_over(house: House, browser: Browser) -> None:
    lecture = await house.plan("换一台机器接着讲")
    film = make_flv(640, 360, "25", 10, gop=25, bitrate="500k")
    address = lecture.push_url
    async with visitor(browser) as (context, _):
        viewer = await open_lecture(context, lecture.watch_url)
        async with pushing(film, address, realtime=True, loop=True) as first:
            before = await viewer.until_playing(by=3)
            async with pushing(film, address, realtime=True, loop=True) as second:
                assert await asyncio.wait_for(first.wait(), 15) != 0
                over = await viewer.plays_to(before["position"] + 6)
                pause = await viewer.longest_pause(before["position"], over["position"])
                assert pause < NOTICEABLE_SECONDS

                async with pushing(film, address, realtime=True, loop=True) as again:
                    assert await asyncio.wait_for(again.wait(), 15) != 0
                    assert second.returncode is None, "the takeover is held for a while"
                await viewer.until_playing()

                second.send_signal(signal.SIGSTOP)  # connected still, but nothing comes any more
                silent = await viewer.until(lambda look: "信号中断" in look["message"], "the notice")
                async with pushing(film, address, realtime=True, loop=True):
                    await viewer.plays_to(silent["position"] + 3)
                    await viewer.until_playing()
                    await house.end(lecture)
    assert len((await house.show(lecture))["publications"]) == 3
    playlist = await read(house, lecture.replay("source"))
    assert len(breaks(playlist)) == 2
    assert len(await decode_pieces(house, lecture.replay("source"), playlist)) == 3
