"""Somebody who watches a lecture on its page, and what they see: whether the picture moves, what the player says."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any

from playwright.async_api import BrowserContext, Page

PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.1
NOTICEABLE_SECONDS = 2.0
"""A pause that a busy machine does not explain."""

WITNESS = """
(() => {
  const seen = { frames: 0, samples: [], loaded: performance.timeOrigin };
  window.seen = seen;
  const onFrame = () => {
    seen.frames += 1;
    seen.video.requestVideoFrameCallback(onFrame);
  };
  setInterval(() => {
    const video = document.querySelector("video");
    if (!video) return;
    if (!seen.video) {
      seen.video = video;
      video.requestVideoFrameCallback(onFrame);
    }
    seen.samples.push([performance.now() / 1000, video.currentTime]);
  }, 50);
})();
"""
"""Put into every page: counts the pictures shown and notes the playhead; times in seconds."""

LOOK = """
() => {
  const video = document.querySelector("video");
  const player = document.querySelector("lecture-player");
  const stage = document.querySelector(".stage");
  const shown = (element) => element && !element.hidden ? element.textContent.trim() : "";
  const hls = player && player.engine && player.engine.hls;
  const date = hls && hls.playingDate;
  return {
    frames: window.seen.frames,
    loaded: window.seen.loaded,
    view: stage ? stage.dataset.view : "",
    mode: player && player.dataset.mode || "",
    position: video ? video.currentTime : 0,
    duration: video && isFinite(video.duration) ? video.duration : 0,
    paused: video ? video.paused : true,
    ended: video ? video.ended : false,
    muted: video ? video.muted : false,
    height: video ? video.videoHeight : 0,
    width: video ? video.videoWidth : 0,
    error: video && video.error ? video.error.message : "",
    latency: date ? (Date.now() - date.getTime()) / 1000 : null,
    message: shown(document.querySelector(".lp-message")),
    line: shown(document.querySelector(".lp-bar")),
    live: shown(document.querySelector(".lp-live")),
  };
}
"""

SEEK = """
(position) => {
  document.querySelector("video").currentTime = position;
  window.seen.samples.length = 0;
}
"""

Look = dict[str, Any]


class Viewer:
    """page: with `WITNESS` put in before it is opened."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def look(self) -> Look:
        """What there is to see now; see LOOK for the names."""
        seen: Look = await self.page.evaluate(LOOK)
        return seen

    async def until(
        self, holds: Callable[[Look], bool], what: str, *, seconds: float = PATIENCE_SECONDS
    ) -> Look:
        """Look until it holds. Fails with the last look when it never does."""
        # Asked from outside: a strict CSP lets Playwright's own waiting evaluate nothing in the page.
        deadline = time.monotonic() + seconds
        while not holds(look := await self.look()):
            assert time.monotonic() < deadline, f"never: {what}; at last {look}"
            await asyncio.sleep(LOOK_SECONDS)
        return look

    async def until_playing(
        self, *, by: float = 1.5, picture: bool = True, seconds: float = PATIENCE_SECONDS
    ) -> Look:
        """Until the playhead has gone on by so many seconds, without a jump, and new pictures were shown."""
        deadline = time.monotonic() + seconds
        look = await self.look()
        begun, frames, gone = look["position"], look["frames"], 0.0
        while gone < by or (picture and look["frames"] - frames < by * 3):
            assert time.monotonic() < deadline, f"it does not play ({gone:.1f} s from {begun:.1f}): {look}"
            await asyncio.sleep(LOOK_SECONDS)
            before, look = look, await self.look()
            step = look["position"] - before["position"]
            if 0 <= step < 1:
                gone += step
            else:
                begun, frames, gone = look["position"], look["frames"], 0.0
        return look

    async def until_still(self, seconds: float, *, patience: float = PATIENCE_SECONDS) -> Look:
        """Until the playhead has not moved for so long."""
        deadline = time.monotonic() + patience
        look, since = await self.look(), time.monotonic()
        while time.monotonic() - since < seconds:
            assert time.monotonic() < deadline, f"it never stands still: {look}"
            await asyncio.sleep(LOOK_SECONDS)
            before, look = look, await self.look()
            if look["position"] != before["position"]:
                since = time.monotonic()
        return look

    async def plays_to(self, position: float) -> Look:
        """Until the playhead has reached a position, in seconds of media."""
        return await self.until(lambda look: look["position"] >= position, f"plays to {position:.1f} s")

    async def seek(self, position: float) -> None:
        """To a position in seconds of media. Earlier pauses are forgotten."""
        await self.page.evaluate(SEEK, position)

    async def longest_pause(self, since: float, until: float) -> float:
        """The longest time (s) for which the playhead stood still while it went from one position to another."""
        samples: list[list[float]] = await self.page.evaluate("() => window.seen.samples")
        inside = [(at, position) for at, position in samples if since <= position <= until]
        assert inside, "it never was there"
        longest, stood_since = 0.0, inside[0][0]
        for (_, before), (at, position) in pairwise(inside):
            if position != before:
                stood_since = at
            longest = max(longest, at - stood_since)
        return longest

    async def plays_over(self, position: float, *, around: float = 2.0) -> None:
        """A replay plays from before a position to behind it, without a noticeable pause there.

        Also when it has played to its end by now, on a busy machine.
        """
        await self.seek(position - around)
        await self.page.evaluate("() => document.querySelector('video').play()")
        await self.plays_to(position + around)
        pause = await self.longest_pause(position - around / 2, position + around)
        assert pause < NOTICEABLE_SECONDS, f"it stood still for {pause:.1f} s at {position:.1f} s"

    async def choose_quality(self, name: str) -> None:
        """By the menu, as a person does it."""
        await self._show_controls()
        await self.page.locator(".lp-quality > .lp-button").click()
        await self.page.locator(".lp-quality .lp-menu-item", has_text=name).first.click()

    async def qualities(self) -> list[str]:
        """The choices of the quality menu, without the notes beside them."""
        await self._show_controls()
        button = self.page.locator(".lp-quality > .lp-button")
        await button.click()
        items = self.page.locator(".lp-quality .lp-menu-item")
        names = [
            (await item.evaluate("item => item.childNodes[1].textContent")) for item in await items.all()
        ]
        await button.click()
        return names

    async def press(self, button: str) -> None:
        """A button of the player, by its class."""
        await self._show_controls()
        await self.page.locator(f"lecture-player {button}").click()

    async def _show_controls(self) -> None:
        """They hide while nobody moves the mouse."""
        await self.page.locator("lecture-player").hover()


async def open_lecture(context: BrowserContext, url: str) -> Viewer:
    """A new tab with a lecture's page."""
    page = await context.new_page()
    await page.add_init_script(WITNESS)
    await page.goto(url)
    return Viewer(page)


async def eventually(holds: Callable[[], Awaitable[bool]], what: str, *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not await holds():
        assert time.monotonic() < deadline, f"never: {what}"
        await asyncio.sleep(LOOK_SECONDS)
