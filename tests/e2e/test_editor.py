"""Correcting subtitles in a real browser: with the keyboard alone, one at a time, until the public reads them."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from playwright.async_api import Browser, Page, expect

from accounts.models import Role
from tests.support.accessibility import violations
from tests.support.browser import visitor
from tests.support.house import House, Planned
from tests.support.subtitle_house import enter_as, lecture_to_correct
from tests.support.subtitles import heard
from tests.support.viewer import eventually
from transcripts.cues.draft import DraftCue

pytestmark = [pytest.mark.browser, pytest.mark.ffmpeg]

LIAISON, ADMINISTRATOR = "示例联络员丁", "示例管理员戊"
CURRENT = ".cue-current"
TEXT = f"{CURRENT} textarea"


def draft() -> list[DraftCue]:
    """Two cues the machine was not sure of, and one that it may have made up."""
    cues = heard(
        "各位听众大家好",
        "今天讲行政负义法第十一条",
        "什么情况可以申请",
        "向哪个机关提出",
        "期限是六十日",
        "谢谢观看",
    )
    cues[1], cues[4] = replace(cues[1], prob=0.31), replace(cues[4], prob=0.45)
    cues[5] = replace(cues[5], prob=None, held="静音处的文字")
    return cues


@pytest.fixture(scope="module")
def lecture(shared_house: House) -> Planned:
    with ThreadPoolExecutor(1) as elsewhere:  # a loop may be running here
        made = lecture_to_correct(shared_house, draft(), "行政复议法解读")
        return elsewhere.submit(lambda: asyncio.run(made)).result()


@asynccontextmanager
async def editor(
    browser: Browser, house: House, lecture: Planned, role: Role, name: str
) -> AsyncIterator[Page]:
    """Somebody of the test's own before the lecture's subtitles."""
    async with visitor(browser, viewport={"width": 1440, "height": 900}) as (context, complaints):
        complaints.forgive(r"409 \(Conflict\)")  # what another one holds
        await enter_as(context, house, role, name)
        page = await context.new_page()
        await open_editor(page, house, lecture)
        yield page


async def open_editor(page: Page, house: House, lecture: Planned) -> None:
    await page.goto(f"{house.url}/desk/subtitles/{lecture.number}")
    await expect(page.locator("subtitle-editor")).to_have_attribute("data-ready", "true")


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def rewrite(page: Page, text: str) -> None:
    await press(page, "Control+a")
    await page.keyboard.type(text)


async def texts(page: Page) -> list[str]:
    """As the list shows them, the one being typed in as well."""
    found: list[str] = await page.evaluate(
        "[...document.querySelectorAll('.cue')].map((row) => row.querySelector('textarea')?.value"
        " ?? [...row.querySelectorAll('.cue-line')].map((line) => line.textContent).join('/'))"
    )
    return found


async def starts(page: Page) -> list[str]:
    return await page.locator(".cue-play").all_inner_texts()


async def saved(page: Page) -> None:
    await expect(page.locator("[data-part=state]")).to_have_text("已保存")


async def until_head(page: Page, expression: str) -> None:
    """Of the player's film: `at` its second."""
    film = "const film = document.querySelector('video'); const at = film.currentTime;"
    script = f"(() => {{ {film} return {expression}; }})()"

    async def holds() -> bool:
        return bool(await page.evaluate(script))

    await eventually(holds, expression, seconds=20)


async def test_a_lecture_is_corrected_with_the_keyboard_alone(
    house: House, lecture: Planned, browser: Browser
) -> None:
    async with editor(browser, house, lecture, Role.LIAISON, LIAISON) as page:
        await page.keyboard.press("?")
        await expect(page.get_by_role("dialog", name="快捷键")).to_contain_text("在光标处拆成两条")
        assert await violations(page) == []
        await page.keyboard.press("Escape")

        await page.keyboard.press("n")  # the least sure of the machine's comes before the rest
        await expect(page.locator(TEXT)).to_be_focused()
        await expect(page.locator(TEXT)).to_have_value("今天讲行政负义法第十一条")
        await page.keyboard.press("Control+Enter")
        await until_head(page, "!film.paused && at > 2")
        await page.keyboard.press("Alt+r")
        assert await page.evaluate("document.querySelector('video').playbackRate") == 0.75
        await page.keyboard.press("Alt+r")
        await page.keyboard.press("Alt+l")
        await until_head(page, "at > 3.4")
        await until_head(page, "at < 3.2")  # round again
        await page.keyboard.press("Alt+l")
        await page.keyboard.press("Control+Enter")
        await until_head(page, "film.paused")

        await expect(page.locator(".hint").first).to_contain_text("今天讲行政复议法第十一条")
        await page.keyboard.press("Alt+1")
        await expect(page.locator(TEXT)).to_have_value("今天讲行政复议法第十一条")
        await expect(page.locator("[data-part=elsewhere]")).to_contain_text("也改成“行政复议法”")
        await saved(page)
        chapters = page.locator("[data-part=chapters]")
        await chapters.get_by_role("button", name="不用章节：《行政复议法》第十一条").press("Enter")
        await expect(chapters).to_contain_text("不作章节（")
        again = chapters.get_by_role("button", name="恢复章节：《行政复议法》第十一条")
        await expect(again).to_be_focused()
        await again.press("Enter")
        await expect(chapters).not_to_contain_text("不作章节（")
        await page.locator(TEXT).focus()

        await page.keyboard.press("Alt+n")
        await expect(page.locator(TEXT)).to_have_value("期限是六十日")
        await rewrite(page, "期限是知道行政行为之日起六十日以内")
        await expect(page.locator(".cue-count.cue-over")).to_contain_text("每行 17 字（最多 16）")
        await expect(page.locator(f"{CURRENT} .cue-error")).to_contain_text("要改：")
        await rewrite(page, "期限是六十日")
        await expect(page.locator(f"{CURRENT} .cue-error")).to_have_count(0)
        await page.keyboard.press("Alt+k")  # right as it stands; on to what is held
        await expect(page.locator(f"{CURRENT} .cue-head")).to_contain_text("待核对：静音处的文字")
        await saved(page)
        await page.keyboard.press("Control+z")  # not right after all: it waits again, here and on the server
        await expect(page.locator("[data-part=summary]")).to_have_text("待核对 1 条，没把握 1 条")
        await saved(page)
        await page.keyboard.press("Alt+k")
        await expect(page.locator(f"{CURRENT} .cue-head")).to_contain_text("待核对：静音处的文字")
        await press(page, "Shift+Tab", "Enter")  # 删掉
        assert "谢谢观看" not in await texts(page)
        await expect(page.locator("[data-part=summary]")).to_have_text("没有要核对的了")

        await press(page, "Alt+ArrowUp", "Alt+ArrowUp")
        await expect(page.locator(TEXT)).to_have_value("什么情况可以申请")
        await press(page, "Home", *["ArrowRight"] * 4, "Alt+s")
        assert (await texts(page))[2:4] == ["什么情况", "可以申请"]
        await press(page, "Alt+ArrowUp", "Alt+j")
        assert (await texts(page))[2:4] == ["什么情况可以申请", "向哪个机关提出"]

        await page.keyboard.press("Alt+t")
        await expect(page.get_by_label("移动多少秒")).to_be_focused()
        await rewrite(page, "0.5")
        await press(page, "Tab", "ArrowDown", "Enter")  # from here on
        assert await starts(page) == ["00:00.000", "00:02.000", "00:04.500", "00:06.500", "00:08.500"]
        await page.keyboard.press("Alt+Comma")
        assert (await starts(page))[2] == "00:04.400"
        await page.keyboard.press("Control+z")
        await page.keyboard.press("Control+z")
        assert (await starts(page))[2:] == ["00:04.000", "00:06.000", "00:08.000"]
        await page.keyboard.press("Control+y")
        await page.keyboard.press("Control+z")

        await page.keyboard.press("Control+h")
        await page.keyboard.type("申请")
        await expect(page.locator("[data-part=find-count]")).to_contain_text("有 1 条字幕")
        await press(page, "Tab")
        await page.keyboard.type("申请复议")
        await press(page, "Tab", "Tab", "Tab", "Enter")
        await expect(page.locator("[data-part=said]")).to_contain_text("替换了 1 处")
        corrected = [
            "各位听众大家好",
            "今天讲行政复议法第十一条",
            "什么情况可以申请复议",
            "向哪个机关提出",
            "期限是六十日",
        ]
        assert await texts(page) == corrected
        await saved(page)
        await open_editor(page, house, lecture)
        assert await texts(page) == corrected
        await expect(page.locator("[data-part=summary]")).to_have_text("没有要核对的了")
        assert await violations(page) == []
        await page.goto(f"{house.url}/desk/subtitles")  # lets go of it


async def test_one_takes_over_from_another_and_the_public_reads_what_was_checked(
    house: House, lecture: Planned, browser: Browser
) -> None:
    async with editor(browser, house, lecture, Role.LIAISON, LIAISON) as unit:
        await rewrite_first(unit, "甲写的第一条")
        await saved(unit)
        async with editor(browser, house, lecture, Role.ADMINISTRATOR, ADMINISTRATOR) as bureau:
            await expect(bureau.locator("[data-part=hold]")).to_contain_text(
                f"{LIAISON}正在校对，您现在只能看"
            )
            await expect(bureau.locator("textarea")).to_have_count(0)
            await bureau.get_by_role("button", name="接手", exact=True).press("Enter")
            await bureau.get_by_role("button", name="接手校对").press("Enter")
            await expect(bureau.locator("[data-part=hold]")).to_be_hidden()
            await rewrite_first(bureau, "各位听众下午好")
            await saved(bureau)

            await rewrite_first(unit, "甲又写的")
            await expect(unit.locator("[data-part=hold]")).to_contain_text(f"{ADMINISTRATOR}接手了校对")
            await expect(unit.locator("textarea")).to_have_count(0)
            assert (await texts(unit))[0] == "甲又写的"  # still on their page

            await bureau.goto(f"{house.url}/desk/subtitles/{lecture.number}/versions")
            latest = bureau.locator(".version-list > li").first
            await expect(latest).to_contain_text(ADMINISTRATOR)
            await latest.get_by_role("link", name="和上一版比较").press("Enter")
            await expect(bureau.locator(".difference del").first).to_be_visible()
            await expect(bureau.locator(".difference ins").first).to_be_visible()
            first = bureau.locator(".version-list > li").last
            await first.get_by_role("button", name="恢复这一版").press("Enter")
            await expect(bureau.get_by_text("版本 1 已恢复为新的草稿")).to_be_visible()

            # The unit takes it over again, and is asked about what both have changed.
            await unit.get_by_role("button", name="接手", exact=True).press("Enter")
            await unit.get_by_role("button", name="接手校对").press("Enter")
            await expect(unit.get_by_role("dialog", name="这几条别人也改过")).to_contain_text("甲又写的")
            await unit.get_by_role("button", name="就用选好的").press("Enter")
            await saved(unit)
            assert (await texts(unit))[:2] == ["甲又写的", "今天讲行政负义法第十一条"]
            await correct_all(unit)
            await unit.get_by_role("button", name="校对完成").press("Enter")
            await expect(unit.get_by_text("校对完成，已交给州局发布")).to_be_visible()

            await bureau.goto(f"{house.url}/desk/subtitles/{lecture.number}/publish")
            await bureau.get_by_role("button", name="发布字幕").press("Enter")
            await expect(bureau.get_by_text("字幕已发布")).to_be_visible()
    async with visitor(browser) as (context, _):
        page = await context.new_page()
        await page.goto(lecture.watch_url)
        await expect(page.locator(".cue", has_text="今天讲行政复议法第十一条")).to_be_visible()
        await expect(page.get_by_text("自动生成，已人工校对")).to_be_visible()
        await expect(page.get_by_text("谢谢观看")).to_have_count(0)
        await page.goto(f"{house.url}/search?q=听众上午好")
        await expect(page.locator(f'a.search-place[href^="/l/{lecture.number}"]')).to_be_visible()


async def test_a_script_is_timed_by_tapping_along_and_who_only_looks_changes_nothing(
    house: House, lecture: Planned, browser: Browser
) -> None:
    async with visitor(browser, viewport={"width": 1440, "height": 900}) as (context, _):
        await enter_as(context, house, Role.LIAISON, LIAISON)
        page = await context.new_page()
        await page.goto(f"{house.url}/desk/subtitles/{lecture.number}/bring")
        await page.get_by_label("粘贴讲稿文字").fill("打点的第一条。\n打点的第二条。\n打点的第三条。")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.locator(".tap-list li")).to_have_count(3)
        assert await violations(page) == []
        await page.keyboard.press("p")
        for second in (0.4, 1.4, 2.4):
            await until_head(page, f"at > {second}")
            await page.keyboard.press("Space")
        await page.keyboard.press("Backspace")  # the third came too early: two seconds back, and once more
        await expect(page.locator("[data-part=said]")).to_have_text("打了 2 条，还有 1 条。")
        await until_head(page, "at > 3")
        await page.keyboard.press("Space")
        await expect(page.locator("[data-part=said]")).to_have_text("全部打完，可以存成草稿了。")
        await page.get_by_role("button", name="存成字幕草稿").press("Enter")
        await expect(page.locator("subtitle-editor")).to_have_attribute("data-ready", "true")
        assert await texts(page) == ["打点的第一条", "打点的第二条", "打点的第三条"]
        times = [float(each.split(":")[1]) for each in await starts(page)]
        assert times == sorted(times)
        assert times[0] >= 0.4
        assert times[2] >= 3
        await page.goto(f"{house.url}/desk/subtitles")
    async with editor(browser, house, lecture, Role.AUDITOR, "示例审计员") as page:
        await press(page, "ArrowDown", "Delete", "s", "Alt+Delete", "Control+z")
        assert await texts(page) == ["打点的第一条", "打点的第二条", "打点的第三条"]
        await expect(page.locator("textarea")).to_have_count(0)
        await page.keyboard.press(" ")
        await until_head(page, "!film.paused")
        await page.keyboard.press(" ")
        await until_head(page, "film.paused")
        # The time that is shown and the one that is read out differ for a moment, also after it was stopped.
        assert [line for line in await violations(page) if "media-time-display" not in line] == []


async def rewrite_first(page: Page, text: str) -> None:
    await page.locator(".cue").first.locator("[data-act=play]").focus()
    await press(page, "Escape")
    await page.evaluate("document.activeElement.blur()")
    while await page.locator(".cue").first.get_attribute("aria-current") is None:
        await page.keyboard.press("ArrowUp")
    await page.locator(TEXT).focus()
    await rewrite(page, text)


async def correct_all(page: Page) -> None:
    """The restored draft of the machine, put right."""
    await rewrite_first(page, "各位听众上午好")
    await press(page, "Enter")
    await rewrite(page, "今天讲行政复议法第十一条")
    await press(page, "Alt+n")
    await expect(page.locator(TEXT)).to_have_value("期限是六十日")
    await press(page, "Alt+k")
    await expect(page.locator(TEXT)).to_have_value("谢谢观看")
    await press(page, "Alt+Delete")
    await saved(page)
