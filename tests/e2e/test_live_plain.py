"""Plain HLS on the same addresses: players without low latency, and our own when the network asks for it."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Request, Route
from playwright.async_api import Error as PlaywrightError

from tests.support.browser import visitor
from tests.support.house import House, Planned
from tests.support.media import make_flv
from tests.support.studio import pushing
from tests.support.viewer import WITNESS, Viewer, open_lecture

pytestmark = [pytest.mark.browser, pytest.mark.ffmpeg, pytest.mark.realtime]

PART = re.compile(r"/\d+\.\d+\.m4s$")
SEGMENT = re.compile(r"/\d+\.m4s$")
STALLS = 3
STALL_SECONDS = 2.0  # longer than the player takes for a hiccup

SLOW_NETWORK = """
Object.defineProperty(navigator, "connection", { value: { effectiveType: "3g", downlink: 1, rtt: 300 } });
"""

PLAIN_PAGE = """
<!doctype html>
<video muted autoplay></video>
<script type="module">
  import Hls from "/static/latest/vendor/hls.mjs";
  const hls = new Hls({ lowLatencyMode: false, enableWorker: false });
  hls.loadSource("%s");
  hls.attachMedia(document.querySelector("video"));
</script>
"""


class Requests:
    """The media that a page asks for. (hls.js reloads playlists by blocking requests in either mode.)"""

    def __init__(self, page: Page) -> None:
        self.parts: list[str] = []
        self.segments: list[str] = []
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if PART.search(request.url):
            self.parts.append(request.url)
        elif SEGMENT.search(request.url):
            self.segments.append(request.url)

    def forget(self) -> None:
        self.parts.clear()
        self.segments.clear()

    def must_be_plain(self) -> None:
        """Whole segments, no part."""
        assert self.segments
        assert self.parts == []


async def test_who_cannot_have_low_latency_plays_the_same_addresses_plainly(
    house: House, browser: Browser
) -> None:
    lecture = await house.plan("网速不快的村子")
    film = make_flv(640, 360, "25", 10, gop=25, bitrate="500k")
    async with pushing(film, lecture.push_url, realtime=True, loop=True):
        await house.until_on_air(lecture)
        async with asyncio.TaskGroup() as together:
            together.create_task(another_player_is_plain(browser, house, lecture))
            together.create_task(slow_network_is_plain_from_the_start(browser, lecture))
            together.create_task(three_stalls_make_it_plain(browser, lecture))
        await house.end(lecture)


async def another_player_is_plain(browser: Browser, house: House, lecture: Planned) -> None:
    """hls.js as it comes, its low latency off."""
    async with visitor(browser) as (context, _):
        await context.route("**/plain", lambda route: answer_with(route, PLAIN_PAGE % lecture.playlist_url))
        await plays_plainly(context, f"{house.url}/plain")


async def slow_network_is_plain_from_the_start(browser: Browser, lecture: Planned) -> None:
    async with visitor(browser) as (context, _):
        await context.add_init_script(SLOW_NETWORK)
        await plays_plainly(context, lecture.watch_url)


async def plays_plainly(context: BrowserContext, url: str) -> None:
    page = await context.new_page()
    asked = Requests(page)
    await page.add_init_script(WITNESS)
    await page.goto(url)
    await Viewer(page).until_playing(by=5)
    asked.must_be_plain()


async def three_stalls_make_it_plain(browser: Browser, lecture: Planned) -> None:
    """The page finds out by itself that low latency asks too much of the network."""
    async with visitor(browser) as (context, _):
        gate = Gate()
        await context.route("**/*.m4s", gate.pass_on)
        viewer = await open_lecture(context, lecture.watch_url)
        asked = Requests(viewer.page)
        await viewer.until_playing()
        assert asked.parts
        for _ in range(STALLS - 1):
            with gate.closed():
                await viewer.until_still(STALL_SECONDS)
            await viewer.until_playing(by=1)
        # At the stall itself: the line is gone after some seconds, and a slow machine may take longer to play again.
        with gate.closed():
            await viewer.until(lambda look: "更流畅" in look["line"], "it says so")
        await viewer.until_playing()
        asked.forget()
        await viewer.until_playing(by=5)
        asked.must_be_plain()


class Gate:
    """Lets the media of a page through, or holds it."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()

    async def pass_on(self, route: Route) -> None:
        await self._open.wait()
        with suppress(PlaywrightError):  # the player has given the request up meanwhile
            await route.continue_()

    @contextmanager
    def closed(self) -> Iterator[None]:
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()


async def answer_with(route: Route, page: str) -> None:
    await route.fulfill(body=page, content_type="text/html; charset=utf-8")
