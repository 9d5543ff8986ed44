"""Scenario 7, the 普法提示: refused until the law allows it, then issued and answered; withdrawn, not counted."""

import io
from datetime import date, datetime, timedelta

import pytest
from docx import Document
from playwright.async_api import Browser, Page

from core.web.text import zh_date
from schedules.models import Prompt
from schedules.reminders.sending import make_due
from tests.support.bureau import THREE_O_CLOCK, Bureau
from tests.support.cast import UNIT_B
from tests.support.turns import turn

pytestmark = [pytest.mark.browser, pytest.mark.ffmpeg]

NAME = "都匀市"
OTHER_UNIT, OTHER_NAME = "522702", "福泉市"
RED = "rgb(179, 38, 30)"
MEASURES = "已换了联络员，材料本周五前报送。"
SEND = """
feedback_until => fetch(location.href, { method: "POST", body: new URLSearchParams({ feedback_until }) })
  .then(answer => answer.status)
"""
MISTAKE = "经核实，单位已在线下按期报送。"


async def test_a_prompt_is_drafted_only_when_due_issued_answered_and_withdrawn(
    bureau: Bureau, browser: Browser
) -> None:
    late = await overdue(bureau, UNIT_B, working_days=5, order=1)
    early = await overdue(bureau, OTHER_UNIT, working_days=4, order=2)
    cast, document = bureau.cast, f"黔南司普提〔{bureau.today.year}〕1号"
    async with (
        bureau.page_of(browser, cast.administrator) as (desk, refusals),
        bureau.page_of(browser, cast.liaison_b) as (liaison, _),
    ):
        refusals.forgive("409")  # the browser itself notes the status of what is refused
        reasons = {late: "还没有一条送达的报送提醒", early: "报送才逾期 4 个工作日"}
        await nothing_may_be_drafted_yet(bureau, desk, reasons)
        await reminder_has_arrived(desk, late)
        await drafts(desk, late)
        await unit_sees_nothing_of_a_draft(liaison)

        await issues(desk, document)
        await letter_reads(desk, document, bureau.today)
        await feeds_back(liaison, document)
        await is_counted(desk, bureau.today.year, 1, "已反馈")

        await withdraws(desk)
        await is_counted(desk, bureau.today.year, 0, "已撤回")
        await liaison.goto("/desk/prompts")
        assert "已撤回" in await liaison.inner_text("main")


async def overdue(bureau: Bureau, unit: str, *, working_days: int, order: int) -> str:
    """A lecture whose hand-in ended so many working days ago; the reminders that are due by now are there."""
    hand_in = bureau.today
    while bureau.calendar.working_days_between(hand_in, bureau.today) < working_days:
        hand_in -= timedelta(days=1)
    if not bureau.calendar.is_working(hand_in):
        hand_in = bureau.calendar.add_working_days(hand_in, -1)
    day = bureau.calendar.add_working_days(hand_in, bureau.settings.deadline_hand_in_days)
    number = f"{day.year}-{day.month}-{order}"
    await turn(datetime.combine(day, THREE_O_CLOCK), number=number, unit_code=unit)
    await make_due(bureau.clock.now(), bureau.settings, bureau.calendar, ())
    return number


async def nothing_may_be_drafted_yet(bureau: Bureau, desk: Page, reasons: dict[str, str]) -> None:
    """The list says why, so does the page behind it, and what is sent all the same is refused."""
    until = bureau.working_days_ahead(10).date().isoformat()
    await desk.goto("/desk/prompts")
    assert await desk.locator("text=起草普法提示").count() == 0
    for number, reason in reasons.items():
        assert reason in await desk.inner_text(f".late-list > li:has-text('{number}')")
    for number, reason in reasons.items():
        await desk.goto(f"/desk/prompts/new/{number}")
        assert reason in await desk.inner_text(".reasons")
        assert await desk.locator(".desk-main form").count() == 0
        assert await desk.evaluate(SEND, until) == 409
    assert await Prompt.all().count() == 0


async def reminder_has_arrived(desk: Page, number: str) -> None:
    await desk.goto("/desk/reminders")
    reminder = desk.locator(".reminder-list > li", has_text=number).filter(has_text="报送已逾期")
    await reminder.locator("[name=how]").fill("电话告知联络员")
    await reminder.locator("text=记为已送到").click()
    await desk.wait_for_selector("text=已记下这条提醒送到了单位。")


async def drafts(desk: Page, number: str) -> None:
    """Asked once more, with the facts before the eyes; only the one unit can be chosen."""
    await desk.goto("/desk/prompts")
    links = desk.locator("a:has-text('起草普法提示')")
    assert await links.count() == 1
    await links.click()
    await desk.wait_for_selector(f"h1:has-text('向{NAME}起草普法提示？')")
    assert "5 个工作日" in await desk.inner_text(".facts")
    assert number in await desk.inner_text(".desk-main form")
    await desk.click("main button:has-text('起草普法提示')")
    await desk.wait_for_selector(".desk-head >> text=草稿")


async def unit_sees_nothing_of_a_draft(liaison: Page) -> None:
    for path in ("/desk/unit", "/desk/prompts"):
        await liaison.goto(path)
        assert "收到普法提示" not in await liaison.inner_text("main")


async def issues(desk: Page, document: str) -> None:
    await desk.fill("[name=approver]", "示例局长")
    await desk.fill("[name=document_number]", document)
    await desk.click("main button:has-text('登记印发')")
    await desk.wait_for_selector(".desk-head >> text=已印发")
    assert "示例局长" in await desk.inner_text("main")
    await desk.fill("[name=how]", "机要交换")
    await desk.click("main button:has-text('记录送达')")
    await desk.wait_for_selector(".desk-head >> text=已送达")


async def letter_reads(desk: Page, document: str, today: date) -> None:
    """As Word opens it: number, addressee, the law's article, the date."""
    async with desk.expect_download() as downloading:
        await desk.click("text=下载公文（docx）")
    download = await downloading.value
    assert download.suggested_filename.endswith(".docx")
    path = await download.path()
    paragraphs = [each.text for each in Document(io.BytesIO(path.read_bytes())).paragraphs]
    text = "\n".join(paragraphs)
    assert all(
        each in text for each in (document, f"{NAME}：", "法治宣传教育法", "第五十七条", zh_date(today))
    )


async def feeds_back(liaison: Page, document: str) -> None:
    await liaison.goto("/desk/unit")
    bar = liaison.locator(".prompt-bar")
    assert "收到普法提示" in await bar.inner_text()
    assert await bar.evaluate("bar => getComputedStyle(bar).backgroundColor") == RED
    await bar.locator("text=查看并反馈").click()
    assert document in await liaison.inner_text("main")
    await liaison.fill("[name=feedback]", MEASURES)
    await liaison.click("text=提交反馈")
    await liaison.wait_for_selector(".desk-head >> text=已反馈")
    await liaison.goto("/desk/unit")
    assert await bar.count() == 0


async def is_counted(desk: Page, year: int, letters: int, state: str) -> None:
    await desk.goto("/desk/prompts")
    assert f"{year} 年已印发 {letters} 份" in await desk.inner_text(".desk-head")
    row = desk.locator("main tbody tr")
    assert await row.count() == 1
    assert NAME in await row.inner_text()
    assert state in await row.inner_text()


async def withdraws(desk: Page) -> None:
    await desk.click(f"main tbody a:has-text('{NAME}')")
    assert MEASURES in await desk.inner_text("main")
    await desk.fill("[name=reason]", MISTAKE)
    await desk.click("text=撤回这份普法提示")
    await desk.wait_for_selector(".desk-head >> text=已撤回")
    assert MISTAKE in await desk.inner_text("main")
