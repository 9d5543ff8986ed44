"""Every page of the plan in a real browser, as whoever works with it: it fits every width and serves everybody."""

import asyncio
from collections.abc import Iterable

import pytest
from playwright.async_api import Browser, Page

from accounts.links import issue_link
from core.grants import LinkPurpose
from schedules.models import Broadcast
from tests.support.accessibility import violations
from tests.support.browser import visitor
from tests.support.bureau import Bureau
from tests.support.busy_desk import BusyDesk, acting, furnish
from tests.support.cast import Person

pytestmark = [pytest.mark.browser]

WIDTHS = (1440, 768, 360)
ELDER = "wkt_elder"
STOPS = 4
"""So many presses of Tab on each page must each land on something that shows it."""

STRUCTURE = """
() => {
  const count = (selector) => document.querySelectorAll(selector).length;
  const wrong = [];
  if (count("h1") !== 1) wrong.push(`${count("h1")} h1`);
  for (const landmark of ["header", "main", "footer", "nav[aria-label]"]) {
    if (!document.querySelector(`body ${landmark}`)) wrong.push(`no ${landmark}`);
  }
  if (document.documentElement.lang !== "zh-CN") wrong.push("no language");
  if (!document.title.trim()) wrong.push("no title");
  return wrong;
}
"""
FOCUS = """
() => {
  const at = document.activeElement;
  const near = [at, at.nextElementSibling, at.closest("label")].filter(Boolean);
  const isShown = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return near.some((each) => isShown(getComputedStyle(each))) ? "" : at.outerHTML;
}
"""
TOO_WIDE = "document.documentElement.scrollWidth - window.innerWidth"


async def test_pages_of_the_plan_fit_every_width_and_meet_wcag(bureau: Bureau, browser: Browser) -> None:
    desk = await furnish(bureau)
    cast = bureau.cast
    found = await asyncio.gather(
        walk(bureau, browser, cast.administrator, administrators(desk)),
        walk(bureau, browser, cast.liaison_b, liaisons(desk)),
        # Who only reads sees the same pages with less on them.
        walk(bureau, browser, cast.duty, ["/desk/duty", f"/desk/review/{desk.bureau_review}"], places=False),
        walk(bureau, browser, cast.official, [f"/desk/year/{desk.year}?view=list"], places=False),
        walk(bureau, browser, cast.auditor, [f"/desk/review/{desk.scheduled}"], places=False),
        by_link(bureau, browser, LinkPurpose.APPROVER, desk.unit_review),
        by_link(bureau, browser, LinkPurpose.LECTURER, desk.scheduled),
    )
    assert [line for lines in found for line in lines] == []


def administrators(desk: BusyDesk) -> list[str]:
    """What lies below the places of the desk."""
    year, review = f"/desk/year/{desk.year}", "/desk/review"
    return [
        year,
        f"{year}?view=list",
        f"{year}/generate",
        f"{year}/undo",
        f"{year}/lectures/{desk.draft}",
        f"/desk/calendar/{desk.year}",
        f"/desk/table/{desk.year}",
        *(f"{review}/{number}" for number in (desk.late, desk.bureau_review, desk.scheduled)),
        f"{review}/{desk.bureau_review}/return",
        f"{review}/{desk.scheduled}/cancel",
        f"{review}/{desk.postponing}/postponement",
        f"/desk/swaps/{desk.swap}",
        f"/desk/prompts/{desk.prompt}",
        f"/desk/prompts/new/{desk.returned}",
        "/desk/reminders?which=all",
        "/desk/reminders/contacts",
        "/desk/reminders/contacts/522701",
        "/desk/units/522701",
        "/desk/unit-imports",
        "/desk/people/new",
        "/desk/audit?about=9999",
        f"/desk/broadcasts/{desk.scheduled}/pack",
    ]


def liaisons(desk: BusyDesk) -> list[str]:
    numbers = (desk.late, desk.unit_review, desk.scheduled, desk.postponing)
    return [
        *(f"/desk/unit/{number}" for number in numbers),
        f"/desk/unit/{desk.returned}/hand-in",
        f"/desk/unit/{desk.late}/postpone",
        f"/desk/unit/swaps/{desk.swap}",
        f"/desk/prompts/{desk.prompt}/feedback",
    ]


async def walk(
    bureau: Bureau, browser: Browser, person: Person, more: Iterable[str], *, places: bool = True
) -> list[str]:
    """Through every place of the person's desk and the pages below; in elder mode once again, on a phone."""
    found: list[str] = []
    async with visitor(browser, base_url=bureau.url) as (context, _):
        await bureau.let_in(context, person)
        page = await context.new_page()
        paths = [*more]
        if places:
            await page.goto("/desk")
            paths += await page.locator(".desk-nav a").evaluate_all("all => all.map(each => each.pathname)")
            assert paths[-1].startswith("/account/")
        for path in paths:
            found += [f"{person.name} {line}" for line in await look(page, path)]
        await context.add_cookies([{"name": ELDER, "value": "1", "url": bureau.url}])
        for path in paths:
            await page.goto(path)
            assert await page.locator("html.elder").count() == 1
            found += await wide(page, f"{person.name} {path} in elder mode", WIDTHS[-1:])
    return found


async def by_link(bureau: Bureau, browser: Browser, purpose: LinkPurpose, number: str) -> list[str]:
    """The page with the button, and the task behind it, of somebody without an account."""
    lecture = await Broadcast.get(number=number)
    token = await issue_link(
        purpose,
        unit_code=lecture.unit_id,
        subject=number,
        holder=lecture.lecturer_name if purpose is LinkPurpose.LECTURER else "示例分管领导",
        by=acting(bureau.cast.liaison_b),
        now=bureau.clock.now(),
        settings=bureau.settings,
    )
    async with visitor(browser, base_url=bureau.url) as (context, _):
        page = await context.new_page()
        found = await look(page, f"/link/{token}")
        await page.click("main button[type=submit]")
        await page.wait_for_selector(
            "text=材料" if purpose is LinkPurpose.APPROVER else "h1:has-text('主讲人确认')"
        )
        return found + await look(page, page.url)


async def look(page: Page, path: str) -> list[str]:
    """What is wrong with a page: its structure, what the keyboard shows, WCAG, its width."""
    await page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    answer = await page.goto(path)
    assert answer is not None
    assert answer.status == 200, f"{path}: {answer.status}"
    wrong = [*await page.evaluate(STRUCTURE), *await violations(page)]
    for _ in range(STOPS):
        await page.keyboard.press("Tab")
        if unseen := await page.evaluate(FOCUS):
            wrong.append(f"focus is not seen on {unseen[:120]}")
    return [f"{path}: {each}" for each in wrong] + await wide(page, path, WIDTHS)


async def wide(page: Page, where: str, widths: Iterable[int]) -> list[str]:
    found: list[str] = []
    for width in widths:
        await page.set_viewport_size({"width": width, "height": 900})
        if (over := await page.evaluate(TOO_WIDE)) > 0:
            found.append(f"{where} at {width}: {over} px wider than the screen")
    return found
