"""Pages of figures in a real browser: every width, WCAG, charts from their tables, and one sheet of A4."""

import asyncio
import re
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page

from core.clock import CHINA
from tests.e2e.test_plan_pages import ELDER, WIDTHS, look, wide
from tests.support.browser import visitor
from tests.support.bureau import Bureau
from tests.support.busy_figures import BusyFigures, furnish_figures
from tests.support.cast import Person

pytestmark = [pytest.mark.browser]

PLACE = "/desk/statistics"
DRAWN = "document.querySelectorAll('.chart-picture:not([hidden]) svg path').length"
SHEETS = re.compile(rb"/Type\s*/Page\b")
A4_LANDSCAPE = re.compile(rb"/MediaBox\s*\[0 0 (841|842)[\d.]* (594|595)[\d.]*\]")


@pytest.fixture
async def figures(bureau: Bureau) -> BusyFigures:
    return await furnish_figures(bureau.today, bureau.clock.now() - timedelta(minutes=5))


async def test_pages_of_figures_fit_every_width_and_meet_wcag(
    bureau: Bureau, browser: Browser, figures: BusyFigures
) -> None:
    cast, year = bureau.cast, figures.year
    month = bureau.clock.now().astimezone(CHINA).month
    found = await asyncio.gather(
        walk(
            bureau,
            browser,
            cast.official,
            [
                f"{PLACE}/{year}",
                f"{PLACE}/{year}/{month}",
                f"{PLACE}/units/{figures.host}/{year}",
                f"{PLACE}/lectures/{figures.watched}",
            ],
        ),
        walk(bureau, browser, cast.liaison_a, [f"{PLACE}/unit/{year}"]),
    )
    assert [line for lines in found for line in lines] == []


async def walk(bureau: Bureau, browser: Browser, person: Person, paths: list[str]) -> list[str]:
    found: list[str] = []
    async with visitor(browser, base_url=bureau.url) as (context, _):
        await bureau.let_in(context, person)
        page = await context.new_page()
        for path in paths:
            found += [f"{person.name} {line}" for line in await look(page, path)]
        await context.add_cookies([{"name": ELDER, "value": "1", "url": bureau.url}])
        for path in paths:
            await page.goto(path)
            found += await wide(page, f"{person.name} {path} in elder mode", WIDTHS[-1:])
    return found


async def test_the_year_prints_on_one_sheet_of_a4_with_its_chart(
    bureau: Bureau, browser: Browser, figures: BusyFigures
) -> None:
    async with bureau.page_of(browser, bureau.cast.official, 1440) as (page, _):
        await page.goto(f"{PLACE}/{figures.year}")
        await page.wait_for_function(f"{DRAWN} > 20")
        printed = await page.pdf(prefer_css_page_size=True)
        assert len(SHEETS.findall(printed)) == 1
        assert A4_LANDSCAPE.search(printed)


async def test_a_chart_is_what_its_table_says_and_the_keyboard_reaches_the_table(
    bureau: Bureau, browser: Browser, figures: BusyFigures
) -> None:
    async with bureau.page_of(browser, bureau.cast.official) as (page, _):
        await page.goto(f"{PLACE}/{figures.year}")
        picture = page.locator(".chart-picture").first
        await page.wait_for_function(f"{DRAWN} > 20")
        words = await picture.get_attribute("aria-label")
        assert words is not None
        [total] = await page.locator("tbody tr:first-child td:nth-child(5)").first.all_text_contents()
        assert f"1月{total}人次" in words
        await tab_to(page, ".chart .table-scroll")
        await page.locator("[data-copy=sentence-1]").click()
        await page.wait_for_selector("[data-copied]:has-text('已复制')", state="attached")


async def tab_to(page: Page, selector: str) -> None:
    for _ in range(120):
        await page.keyboard.press("Tab")
        if await page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no Tab leads to {selector}")


async def test_without_scripts_the_tables_stand_alone(
    bureau: Bureau, browser: Browser, figures: BusyFigures
) -> None:
    async with visitor(browser, base_url=bureau.url, java_script_enabled=False) as (context, _):
        await bureau.let_in(context, bureau.cast.official)
        page = await context.new_page()
        await page.goto(f"{PLACE}/lectures/{figures.watched}")
        assert not await page.locator(".chart-picture").first.is_visible()
        assert await page.locator(".chart table").first.is_visible()
