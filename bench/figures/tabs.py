"""Forty real tabs in rounds of eight over one live, from different unit links, and forty more over its replay: the
report beside an auditor's count.

As tests/e2e/test_audience.py does it once; here with more tabs, each for a time of its own, some too short to count.
"""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

from playwright.async_api import Browser

from bench.browser import chromium
from bench.figure import Bench, Row, log
from bench.media import clip
from bench.publisher import file_push
from bench.server import Lecture, weiketang
from bench.waiting import first_listed
from core.clock import CHINA, SystemClock
from tests.support.by_hand import count, told

AT_ONCE = 8
SHORTEST, LONGEST = 10.0, 45.0
"""Seconds that a tab is open; 30 s of media make a view."""
PATIENCE_MS = 120_000  # eight at once are slow to open on a busy machine
LISTEN = "(player) => { player.setAudioOnly(true); if (!player.isLive) player.playFromStart(); }"


async def run(bench: Bench) -> AsyncIterator[Row]:
    if not bench.ours:
        return
    tabs = bench.choose(40, 16)
    source = await clip()
    rolls = random.Random(40)
    async with bench.folder() as folder, weiketang(folder) as server, chromium() as browser:
        lecture = await server.create("Bench tabs")
        codes = [unit["code"] for unit in json.loads(await server.command("unit", "list", "--json"))]
        async with file_push(lecture.publish_url, source, folder=folder):
            await first_listed(lecture.playlist_url, segments=2)
            await rounds(browser, lecture, tabs, [*codes, "", "999999"], rolls)
            await server.end(lecture)
        await rounds(browser, lecture, tabs, [*codes, "", "999999"], rolls)
        today = SystemClock().now().astimezone(CHINA).date()
        first, last = today - timedelta(days=1), today + timedelta(days=1)
        days = ("--from", f"{first}", "--to", f"{last}")
        raw = await server.command("audience", "export-raw", *days)
        report = told(json.loads(await server.command("report", *days, "--format", "json")))
        by_hand = count(raw.splitlines(), first, last)
    log.info("tabs: reported %s, by hand %s", report, by_hand)
    visits = len({json.loads(line)["visit"] for line in raw.splitlines()})
    what = f"{tabs} tabs over a live, {tabs} over its replay"
    yield Row("weiketang", f"{what}: report and auditor's count differ", float(report != by_hand), "", 0.0)
    yield Row("weiketang", f"{what}: tabs that reported", visits, "", 2 * tabs, "higher")
    yield Row("weiketang", f"{what}: views of the live", report["totals"]["live"], "")
    yield Row("weiketang", f"{what}: views of the replay", report["totals"]["replay"], "")


async def rounds(
    browser: Browser, lecture: Lecture, tabs: int, codes: Sequence[str], rolls: random.Random
) -> None:
    for _ in range(tabs // AT_ONCE):
        links = [rolls.choice(codes) for _ in range(AT_ONCE)]
        await asyncio.gather(
            *(tab(browser, lecture, link, rolls.uniform(SHORTEST, LONGEST)) for link in links)
        )


async def tab(browser: Browser, lecture: Lecture, unit: str, seconds: float) -> None:
    """Somebody with a browser of their own, who leaves without a word."""
    context = await browser.new_context(viewport={"width": 800, "height": 600})
    try:
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        address = f"{lecture.watch_url}?u={unit}" if unit else lecture.watch_url
        await page.goto(address, wait_until="domcontentloaded")
        player = page.locator("lecture-player")
        await player.wait_for()
        await player.evaluate(LISTEN)
        await asyncio.sleep(seconds)
        await page.close(run_before_unload=False)
        await asyncio.sleep(1)  # the last report of a page that is gone is sent by the browser
    finally:
        await context.close()
