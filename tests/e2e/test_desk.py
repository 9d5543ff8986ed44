"""The bureau's way through a lecture: create it, hand out the key, see it on the air, end it."""

import pytest
from playwright.async_api import Browser

from tests.support.browser import visitor
from tests.support.desk import enter_desk
from tests.support.house import House
from tests.support.media import make_flv
from tests.support.studio import pushing

pytestmark = [pytest.mark.browser, pytest.mark.ffmpeg]


async def test_a_lecture_is_created_shown_on_the_air_and_ended_at_the_desk(
    house: House, browser: Browser
) -> None:
    async with visitor(browser) as (context, _):
        await context.grant_permissions(["clipboard-read", "clipboard-write"])
        await enter_desk(context, house)
        page = await context.new_page()
        await page.goto(f"{house.url}/desk/broadcasts/new")
        await page.fill("[name=title]", "森林防火")
        await page.select_option("[name=unit]", label="州林业局")
        await page.click("text=新建讲座 >> nth=-1")
        await page.wait_for_selector("text=已新建《森林防火》")

        key = page.locator("#key")
        assert await key.get_attribute("type") == "password"
        await page.click("[data-reveal=key]")
        assert await key.get_attribute("type") == "text"
        await page.click("[data-copy=key]")
        await page.wait_for_selector("text=已复制")
        copied = await page.evaluate("navigator.clipboard.readText()")
        assert copied == await key.input_value()

        server = await page.input_value("#server")
        film = make_flv(640, 360, "25", 4, gop=25)
        async with pushing(film, f"{server}/{copied}", realtime=True, loop=True):
            # by itself, without a reload
            await page.wait_for_selector(".situation >> text=640×360")
            await page.wait_for_selector(".pill-live >> text=直播中")
            await page.wait_for_selector("text=正在推流")

            await page.click("text=结束直播…")
            await page.wait_for_selector("text=结束《森林防火》？")
            await page.click("button:has-text('结束直播')")
            await page.wait_for_selector("text=《森林防火》已结束")
        assert await page.locator("#key").count() == 0
        await page.click("text=打开收看页")
        await page.wait_for_selector(".lp-big-play")
