"""Joins in a real browser: headless Chromium plays, and tells how old each picture was when it was shown."""

import asyncio
import random
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from playwright.async_api import Browser, Page, async_playwright

from bench.pages import page_files, serving
from bench.process import StartError

PATIENCE_SECONDS = 30.0
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


@dataclass(frozen=True, slots=True)
class Join:
    """One viewer's session. frames: (Unix ms when shown, age in ms); times in ms."""

    frames: list[tuple[float, float]]
    first_frame_ms: float
    unreadable: int
    stalls: int
    longest_pause_ms: float
    dropped: int
    height: int

    def settled(self) -> list[float]:
        """Ages in the second half of the session (the method of the peers' figures)."""
        middle = (self.frames[0][0] + self.frames[-1][0]) / 2
        return [age for shown, age in self.frames if shown >= middle]

    def all_ages(self) -> list[float]:
        return [age for _, age in self.frames]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Debian's chromium, headless, for the length of the block."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise StartError("chromium is not installed")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


async def _watched(page: Page, opened_at_ms: float, seconds: float) -> Join:
    """Let the page play, then read what it saw. Raises StartError when it showed nothing readable."""
    # Asked again and again from outside: a page's strict CSP lets no expression be evaluated inside it.
    deadline = monotonic() + PATIENCE_SECONDS
    while not await page.evaluate("window.benchSeen?.frames.length"):
        if monotonic() > deadline:
            raise StartError(f"no picture; the page saw {await page.evaluate('window.benchSeen')}")
        await asyncio.sleep(0.05)
    await asyncio.sleep(seconds)
    seen: dict[str, Any] = await page.evaluate("window.benchResult()")
    if seen["errors"]:
        raise StartError(f"the player gave up: {seen['errors']}")
    frames = [(float(shown), float(age)) for shown, age in seen["frames"]]
    pauses = [after[0] - before[0] for before, after in pairwise(frames)]
    return Join(
        frames=frames,
        first_frame_ms=frames[0][0] - opened_at_ms,
        unreadable=seen["unreadable"],
        stalls=seen["waiting"],
        longest_pause_ms=max(pauses, default=0.0),
        dropped=seen["dropped"],
        height=seen["height"],
    )


Opener = Callable[[Page], Awaitable[None]]


async def joins(browser: Browser, opener: Opener, *, count: int, seconds: float) -> list[Join]:
    """`count` sessions one after another, each in a fresh context, begun at a random moment of the stream."""
    results = []
    for _ in range(count):
        await asyncio.sleep(random.uniform(0.0, 2.0))
        context = await browser.new_context()
        try:
            page = await context.new_page()
            await opener(page)
            opened_at: float = await page.evaluate("performance.timeOrigin")
            results.append(await _watched(page, opened_at, seconds))
        finally:
            await context.close()
    return results


@asynccontextmanager
async def player_page() -> AsyncIterator[Callable[[str, bool], Opener]]:
    """The bench's own page over hls.js: opener(playlist URL, by parts or plain)."""
    async with serving(page_files()) as address:

        def opener(url: str, low_latency: bool) -> Opener:
            query = urlencode({"url": url, **({} if low_latency else {"plain": "1"})})

            async def open_page(page: Page) -> None:
                await page.goto(f"{address}/page.html?{query}")

            return open_page

        yield opener


READER = (Path(__file__).parent / "barcode.js").read_text()


def watch_page(url: str) -> Opener:
    """The shipped watch page with the shipped player; only the barcode reader is put in from outside."""

    async def open_page(page: Page) -> None:
        await page.add_init_script(READER)
        await page.goto(url, wait_until="commit")
        video = await page.wait_for_selector("video", state="attached", timeout=30_000)
        await page.evaluate("video => window.benchWatch(video)", video)

    return open_page
