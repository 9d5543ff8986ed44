"""Real tabs from different unit links over one live and its replay: the report says what an auditor counts."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route

from core.clock import CHINA, SystemClock
from tests.support.browser import visitor
from tests.support.by_hand import count, told
from tests.support.cast import UNIT_A, UNIT_B
from tests.support.house import House, Planned
from tests.support.media import make_flv
from tests.support.studio import pushing, until
from tests.support.viewer import PATIENCE_SECONDS, Viewer, open_lecture

pytestmark = [pytest.mark.browser, pytest.mark.ffmpeg, pytest.mark.realtime]

ENOUGH = 31.0
"""Seconds of media that make a visit, and one more."""
TOO_LITTLE = 8.0
PLAYED = "() => { const v = document.querySelector('video').played; let s = 0; \
for (let i = 0; i < v.length; i++) s += v.end(i) - v.start(i); return s; }"

HIDDEN = """
() => {
  Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
  Object.defineProperty(document, "hidden", { get: () => true });
  document.dispatchEvent(new Event("visibilitychange"));
}
"""


class Tab:
    """One tab of somebody's browser, listening to a lecture."""

    def __init__(self, context: BrowserContext, viewer: Viewer) -> None:
        self.context = context
        self.viewer = viewer
        self._before = 0.0

    @property
    def page(self) -> Page:
        return self.viewer.page

    async def played(self) -> float:
        seconds: float = await self.page.evaluate(PLAYED)
        return seconds

    async def plays(self, seconds: float) -> None:
        """Until so much has been played from the element's present source."""
        await until(lambda: self._has_played(seconds), PATIENCE_SECONDS)

    async def _has_played(self, seconds: float) -> bool:
        return await self.played() >= seconds

    async def leave(self) -> None:
        """Close it as a person does: the page hears of it."""
        async with self.page.expect_response("**/api/v1/beacons"):
            await self.page.evaluate("() => window.dispatchEvent(new Event('pagehide'))")
        await self.page.close()


@asynccontextmanager
async def somebody(browser: Browser) -> AsyncIterator[BrowserContext]:
    async with visitor(browser, viewport={"width": 800, "height": 600}) as (context, complaints):
        complaints.forgive(r"api/v1/beacons")  # one of them is cut off on purpose
        yield context


async def listen(context: BrowserContext, address: str) -> Tab:
    """Open it on the audio rung; the live starts by itself, muted."""
    viewer = await open_lecture(context, address)
    await viewer.until(lambda look: look["view"] == "player", "the player")
    await viewer.until_playing(by=0.5, picture=False)
    await viewer.press(".lp-audio")
    return Tab(context, viewer)


async def hide(page: Page) -> None:
    """The page is told what a hidden one is told, and plays on. (Playwright holds every page to be in front.)"""
    await page.evaluate(HIDDEN)


async def freeze(tab: Tab) -> None:
    """The browser freezes the page, as phones do with a tab that was left; then it is thrown away."""
    session = await tab.context.new_cdp_session(tab.page)
    async with tab.page.expect_response("**/api/v1/beacons"):
        await session.send("Page.setWebLifecycleState", {"state": "frozen"})
    await tab.page.close()


async def figures(house: House, first: date, last: date) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the report says, and what the raw log says when it is counted by hand."""
    days = ("--from", first.isoformat(), "--to", last.isoformat())
    raw, report = await asyncio.gather(
        house.command("audience", "export-raw", *days), house.command("report", *days, "--format", "json")
    )
    return told(json.loads(report)), count(raw.splitlines(), first, last)


async def test_the_report_is_what_an_auditor_counts_of_real_tabs(house: House, browser: Browser) -> None:
    lecture = await house.plan("谁在看")
    film = make_flv(160, 90, "10", 6, gop=10, bitrate="60k")
    address = lecture.watch_url
    today = SystemClock().now().astimezone(CHINA).date()
    first, last = today - timedelta(days=1), today + timedelta(days=1)
    async with AsyncExitStack() as stack:
        people = [await stack.enter_async_context(somebody(browser)) for _ in range(7)]
        async with pushing(film, lecture.push_url, realtime=True, loop=True):
            await house.until_on_air(lecture)
            links = (f"?u={UNIT_A}", f"?u={UNIT_B}", "", f"?u={UNIT_A}", f"?u={UNIT_A}", "")
            *stay, hurried = people
            opened = (listen(person, address + link) for person, link in zip(stay, links, strict=True))
            tabs, _ = await asyncio.gather(asyncio.gather(*opened), looks_in(hurried, f"{address}?u=999999"))
            unit_a, unit_b, chooses, hidden, twice, offline = tabs
            second = await listen(twice.context, f"{address}?u={UNIT_B}")
            await chooses.page.select_option("#watching-unit", UNIT_B)
            await hide(hidden.page)
            await cut_off_beacons(offline)
            await shares_without_unit(unit_a, lecture)
            for tab in (unit_a, unit_b, chooses, hidden, twice, second, offline):
                await tab.plays(ENOUGH)
            await offline.page.unroute("**/api/v1/beacons")
            await asyncio.gather(freeze(unit_b), *(tab.leave() for tab in (hidden, twice, second, offline)))
            await house.end(lecture)
        await asyncio.gather(replay(unit_a), replay(chooses))
    reported, by_hand = await figures(house, first, last)
    assert reported == by_hand
    assert reported["lectures"][lecture.number] == {
        "live": 6,
        "replay": 2,
        "units": {
            "None": {"live": 1, "replay": 0},
            UNIT_A: {"live": 3, "replay": 1},
            UNIT_B: {"live": 2, "replay": 1},
        },
        "peak": reported["lectures"][lecture.number]["peak"],
    }
    await nothing_was_lost_or_doubled(house, lecture, first, last)


async def looks_in(person: BrowserContext, address: str) -> None:
    """Too short for a visit, however busy the machine is."""
    tab = await listen(person, address)
    await tab.plays(TOO_LITTLE)
    await tab.leave()


async def cut_off_beacons(tab: Tab) -> None:
    """The picture still comes, but nothing can be reported."""

    async def fail(route: Route) -> None:
        await route.abort("internetdisconnected")

    await tab.page.route("**/api/v1/beacons", fail)


async def shares_without_unit(tab: Tab, lecture: Planned) -> None:
    handed_on = await tab.page.get_attribute("share-link", "data-address")
    assert handed_on is not None
    assert handed_on.endswith(f"/l/{lecture.number}")


async def replay(tab: Tab) -> None:
    """From the first second, faster than people do, so that the test is shorter; distinct media time counts."""
    await tab.viewer.until(lambda look: look["mode"] == "replay", "the replay")
    player = await tab.page.query_selector("lecture-player")
    assert player is not None
    await player.evaluate("(player) => { player.playFromStart(); player.setRate(2); }")
    await tab.viewer.until(lambda look: 0 < look["position"] < ENOUGH, "the beginning")
    await tab.plays(ENOUGH)
    await tab.leave()


async def nothing_was_lost_or_doubled(house: House, lecture: Planned, first: date, last: date) -> None:
    raw = await house.command("audience", "export-raw", "--from", first.isoformat(), "--to", last.isoformat())
    lines = [line for line in map(json.loads, raw.splitlines()) if line["broadcast"] == lecture.number]
    sent = [(line["visit"], line["seq"]) for line in lines]
    assert len(sent) == len(set(sent))
    by_visit: dict[str, set[int]] = {}
    for visit, seq in sent:
        by_visit.setdefault(visit, set()).add(seq)
    assert all(seqs == set(range(len(seqs))) for seqs in by_visit.values()), by_visit
    assert any(not line["visible"] for line in lines), "no tab was hidden"
    told_latency = [line["latency_ms"] for line in lines if line["claimed_mode"] == "live"]
    assert any(told_latency), "no player said how far behind the live it is"
    assert all(line["latency_ms"] is None for line in lines if line["claimed_mode"] == "replay")
