"""Scenario 2, from duty to lecture: handed in incomplete, passed by the unit, returned, mended, passed."""

import re
from datetime import datetime

import pytest
from playwright.async_api import Browser, FilePayload, Page

from core.clock import CHINA
from core.web.text import zh_datetime
from schedules.models import Step
from schedules.reminders.sending import make_due
from schedules.turns.steps import issue
from tests.support.bureau import Bureau
from tests.support.cast import UNIT_B
from tests.support.plan import ADMIN, PDF, drafted

pytestmark = [pytest.mark.browser, pytest.mark.ffmpeg]

PHONE = 390
APPROVER = "示例分管领导"
REASON = "引用的行政复议法条款已经修订，请按 2024 年 1 月 1 日起施行的文本改。"
TYPED = {
    "title": "新修订行政复议法解读",
    "laws": "行政复议法（2017年修正）",
    "audience": "本系统干部职工、村（居）民",
    "lecturer_name": "示例讲师A",
    "lecturer_post": "法规科科长",
    "lecturer_phone": "0854-8221234",
}
CHECKS = {"content": "内容审核", "secrecy": "保密审查", "rights": "肖像、著作权授权"}


async def test_a_lecture_goes_from_the_reminder_through_a_return_to_its_place_in_the_plan(
    bureau: Bureau, browser: Browser
) -> None:
    number = await told(bureau)
    cast = bureau.cast
    async with (
        bureau.page_of(browser, cast.administrator) as (desk, refusals),
        bureau.page_of(browser, width=PHONE) as (liaison, complaints),
    ):
        complaints.forgive("422")  # the browser itself notes the status of a form that comes back
        refusals.forgive("422")
        link = await link_from_the_reminder(desk, number)
        await enters_by(liaison, link, "报送和查看本单位的轮值")
        await a_link_opens_once(bureau, browser, link)

        await hands_in_without_script(liaison, number)
        await hands_in(liaison, file_script=pdf("讲稿.pdf"))
        await unit_passes(bureau, browser, liaison, number)

        await bureau_returns(desk, number)
        await liaison_mends(liaison, number)
        await unit_passes(bureau, browser, liaison, number)
        await bureau_passes(desk, number)
        await everything_is_told(liaison, number)
    await another_unit_sees_nothing(bureau, browser, number)


async def told(bureau: Bureau) -> str:
    """The bureau has told 都匀市 of a lecture in 15 working days, so the first reminder is due."""
    start = bureau.working_days_ahead(15)
    number = f"{start.year}-{start.month}-1"
    await drafted(number, UNIT_B, bureau.clock, starts_at=start)
    now = bureau.clock.now()
    await issue([number], by=ADMIN, now=now, settings=bureau.settings)
    assert await make_due(now, bureau.settings, bureau.calendar, ()) == 1
    return number


def pdf(name: str) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": PDF}


async def link_from_the_reminder(desk: Page, number: str) -> str:
    await desk.goto("/desk/reminders")
    reminder = desk.locator(".reminder-list > li", has_text=number)
    assert "轮值提醒" in await reminder.inner_text()
    await reminder.locator("text=带一次性链接的文字").click()
    text = await desk.input_value("#text")
    assert "24小时内有效" in text
    found = re.search(r"http://\S+/link/\S+", text)
    assert found is not None
    return found.group()


async def enters_by(page: Page, link: str, task: str) -> None:
    """Looking at the link does nothing yet; its one button opens the task."""
    await page.goto(link)
    await page.wait_for_selector(f"text={task}")
    await page.click("main button[type=submit]")
    await page.wait_for_url(lambda url: "/link/" not in url)


async def a_link_opens_once(bureau: Bureau, browser: Browser, link: str) -> None:
    async with bureau.page_of(browser) as (page, complaints):
        complaints.forgive("410")
        await page.goto(link)
        await page.wait_for_selector("text=这个链接已经用过了")
        assert await page.locator("main form").count() == 0


async def hands_in_without_script(page: Page, number: str) -> None:
    """Refused item by item; what was typed and the files that came with it are kept."""
    assert page.url.endswith(f"/desk/unit/{number}")
    await page.click("text=填写报送")
    for name, text in TYPED.items():
        await page.fill(f"[name={name}]", text)
    await page.set_input_files("[name=file_slides]", [pdf("课件.pdf")])
    await page.set_input_files("[name=file_consent]", [pdf("授权书.pdf")])
    await page.check("[name=consent_recording]")
    await page.check("[name=promised]")
    await page.click("text=报送，交单位初审")
    items = page.locator("#faults li a")
    await items.first.wait_for()
    assert await items.evaluate_all("links => links.map(link => link.getAttribute('href'))") == [
        "#field-consent_publication",
        "#field-file_script",
    ]
    assert "讲稿" in await items.nth(1).inner_text()
    assert await page.input_value("[name=title]") == TYPED["title"]
    assert await page.locator(".material-name a").all_inner_texts() == ["课件.pdf", "授权书.pdf"]
    await items.first.click()
    assert await page.evaluate("document.activeElement.id") == "field-consent_publication"
    await page.keyboard.press("Space")


async def hands_in(page: Page, **files: FilePayload) -> None:
    for name, file in files.items():
        await page.set_input_files(f"[name={name}]", [file])
    await page.click("text=报送，交单位初审")
    await page.wait_for_selector("text=已报送。请把初审链接发给单位分管领导。")


async def unit_passes(bureau: Bureau, browser: Browser, liaison: Page, number: str) -> None:
    """The liaison makes the link, the approver has no account and reads everything before the opinion."""
    await liaison.fill("[name=holder]", APPROVER)
    await liaison.click("text=生成初审链接")
    link = await liaison.input_value("#one-time-link")
    async with bureau.page_of(browser, width=PHONE) as (page, _):
        await enters_by(page, link, "单位初审")
        assert page.url.endswith(f"/approve/{number}")
        seen = await page.inner_text("main")
        assert all(text in seen for text in ("课件.pdf", "讲稿.pdf", "授权书.pdf", TYPED["title"]))
        await page.fill("[name=opinion]", "同意报送")
        await page.click("text=初审通过，报州司法局")
        await page.wait_for_selector("text=初审已通过，材料报到了州司法局。")


async def bureau_returns(desk: Page, number: str) -> None:
    """Its desk says what to do next; without a reason nothing is sent back."""
    await desk.goto("/desk")
    assert TYPED["title"] in await desk.inner_text(".next-thing")
    await desk.click("text=去审核")
    await desk.click("text=退回修改…")
    await desk.click("main button[type=submit]:has-text('退回')")
    await desk.wait_for_selector("#error-reason")
    await desk.fill("[name=reason]", REASON)
    await desk.click("main button[type=submit]:has-text('退回')")
    await desk.wait_for_selector(f"text={number} >> nth=0")
    await desk.wait_for_selector(".flash >> text=退回")


async def liaison_mends(liaison: Page, number: str) -> None:
    await liaison.goto("/desk/unit")
    assert "待报送" in await liaison.inner_text(".next-turn")
    await liaison.goto(f"/desk/unit/{number}/hand-in")
    assert REASON in await liaison.inner_text(".returned")
    await liaison.fill("[name=laws]", "行政复议法（2023年修订）")
    await hands_in(liaison)


async def bureau_passes(desk: Page, number: str) -> None:
    """Two checks are not enough; the third one passes it, and the files are sealed."""
    await desk.goto(f"/desk/review/{number}")
    for kind in ("content", "secrecy"):
        await desk.fill(f"[name={kind}_name]", "示例审核员")
        await desk.fill(f"[name={kind}_opinion]", f"{CHECKS[kind]}同意")
    await desk.click("text=审核通过，列入排期")
    missing = desk.locator("#faults li a")
    await missing.first.wait_for()
    assert await missing.evaluate_all("links => links.map(link => link.getAttribute('href'))") == [
        "#field-rights_name",
        "#field-rights_opinion",
    ]
    await desk.fill("[name=rights_name]", "示例法务")
    await desk.fill("[name=rights_opinion]", "授权齐全")
    await desk.click("text=审核通过，列入排期")
    await desk.wait_for_selector(f"text={number} 审核通过，已列入排期，材料已封存。")
    assert await desk.locator(".material-digest code").count() == 3


async def everything_is_told(liaison: Page, number: str) -> None:
    """The timeline has every act with who, when and what was said."""
    steps = await Step.filter(broadcast__number=number).order_by("at")
    assert [each.label for each in steps].count("报送") == 2
    await liaison.goto(f"/desk/unit/{number}")
    assert "已排期" in await liaison.inner_text(".desk-head")
    acts = await liaison.locator(".timeline li").all_inner_texts()
    assert len(acts) == len(steps)
    for step in steps:
        assert any(
            all(text in act for text in (step.label, step.person, told_at(step.at), step.opinion))
            for act in acts
        ), step.label
    told = "\n".join(acts)
    assert all(text in told for text in (REASON, "同意报送", APPROVER, "示例联络员乙", "示例管理员"))


def told_at(moment: datetime) -> str:
    return zh_datetime(moment.astimezone(CHINA))


async def another_unit_sees_nothing(bureau: Bureau, browser: Browser, number: str) -> None:
    async with bureau.page_of(browser, bureau.cast.liaison_a) as (page, complaints):
        complaints.forgive("403")
        for path in (f"/desk/unit/{number}", f"/desk/unit/{number}/hand-in", f"/desk/review/{number}"):
            answer = await page.goto(path)
            assert answer is not None
            assert answer.status == 403
            assert TYPED["lecturer_phone"] not in await page.content()
