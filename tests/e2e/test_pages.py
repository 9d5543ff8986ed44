"""Every page in a real browser: it says nothing on the console, fits every width, and can be used by everybody."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from tests.support.accessibility import violations
from tests.support.browser import visitor
from tests.support.desk import enter_desk
from tests.support.house import House
from tests.support.media import make_flv
from tests.support.studio import push_whole

pytestmark = [pytest.mark.browser, pytest.mark.ffmpeg]

WIDTHS = (1440, 768, 360, 320)
ELDER = "wkt_elder"


@dataclass(frozen=True)
class Furnished:
    """A house with a lecture to come and one to play back, and who may see the desk."""

    house: House
    coming: str
    over: str


@pytest.fixture
async def furnished(house: House) -> Furnished:
    coming = await house.plan("未成年人防溺水与监护责任", start=datetime.now(UTC) + timedelta(days=2))
    over = await house.plan("欠薪怎么办：农民工工资支付保障条例（2020年施行）逐条讲解")
    await push_whole(make_flv(640, 360, "25", 3, gop=25), over.push_url)
    await house.end(over)
    return Furnished(house, coming.number, over.number)


async def examine(page: Page, where: str) -> list[str]:
    """What is wrong with an open page at its present width."""
    wide = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    found = [f"{where}: {line}" for line in await violations(page)]
    return found if wide <= 0 else [*found, f"{where}: {wide} px wider than the screen"]


async def walk(context: BrowserContext, house: House, paths: list[str]) -> list[str]:
    found: list[str] = []
    page = await context.new_page()
    for path in paths:
        await page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        await page.goto(house.url + path)
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": 900})
            found += await examine(page, f"{path} at {width}")
    await page.close()
    return found


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
async def test_public_pages_fit_every_width_and_meet_wcag(
    furnished: Furnished, browser: Browser, elder: bool
) -> None:
    house = furnished.house
    async with visitor(browser) as (context, complaints):
        if elder:
            await context.add_cookies([{"name": ELDER, "value": "1", "url": house.url}])
        paths = ["/", "/replays", f"/l/{furnished.coming}", f"/l/{furnished.over}", "/login"]
        assert await walk(context, house, paths) == []
        complaints.forgive("404")  # the browser itself notes the status of a page that is not there
        assert await walk(context, house, ["/no-such-page"]) == []


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
async def test_pages_of_the_desk_fit_every_width_and_meet_wcag(
    furnished: Furnished, browser: Browser, elder: bool
) -> None:
    house, desk = furnished.house, f"/desk/broadcasts/{furnished.coming}"
    async with visitor(browser) as (context, _):
        await enter_desk(context, house)
        if elder:
            await context.add_cookies([{"name": ELDER, "value": "1", "url": house.url}])
        paths = ["/desk/broadcasts", "/desk/broadcasts/new", desk, f"{desk}/end", f"{desk}/key"]
        paths += [f"/desk/broadcasts/{furnished.over}", "/account/sessions", "/account/password"]
        assert await walk(context, house, paths) == []


async def test_the_page_can_be_used_with_the_keyboard_alone(furnished: Furnished, browser: Browser) -> None:
    async with visitor(browser) as (context, _):
        page = await context.new_page()
        await page.goto(f"{furnished.house.url}/l/{furnished.over}")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.textContent") == "跳到主要内容"
        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "main"
        passed: list[str] = []
        while "lp-big-play" not in passed:
            assert len(passed) < 4, passed
            await page.keyboard.press("Tab")
            passed.append(await page.evaluate("document.activeElement.className"))
        await page.keyboard.press("Enter")
        await page.wait_for_selector("lecture-player[data-started=true]")


async def test_elder_mode_is_one_press_and_stays(furnished: Furnished, browser: Browser) -> None:
    async with visitor(browser) as (context, _):
        page = await context.new_page()
        await page.goto(f"{furnished.house.url}/replays")
        before = await page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
        await page.click("text=长者模式")
        await page.wait_for_selector("html.elder")
        assert page.url.endswith("/replays")
        assert await page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 20 > before
        await page.goto(furnished.house.url)
        smallest = await page.evaluate(
            "Math.min(...[...document.querySelectorAll('.button, .site-nav a, .header-tools button')]"
            ".filter((each) => each.offsetParent).map((each) => each.getBoundingClientRect().height))"
        )
        assert smallest >= 48


async def test_zooming_in_is_never_blocked_and_200_percent_still_fits(
    furnished: Furnished, browser: Browser
) -> None:
    async with visitor(browser, viewport={"width": 640, "height": 450}) as (context, _):
        page = await context.new_page()
        await page.goto(furnished.house.url)
        content = await page.get_attribute("meta[name=viewport]", "content")
        assert content == "width=device-width, initial-scale=1"
        # 200 % on a screen of 1280 × 900
        assert await page.evaluate("document.documentElement.scrollWidth") <= 640
