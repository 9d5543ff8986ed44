"""What was said, for the public: captions at their second, the transcript beside the player, search."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.async_api import Browser, Page, expect

from core.database import database, transaction
from core.settings import load_settings
from schedules.models import Broadcast
from tests.support.accessibility import violations
from tests.support.browser import visitor
from tests.support.house import House, Planned
from tests.support.media import make_flv
from tests.support.published_subtitles import cues, published
from tests.support.studio import push_whole
from tests.support.viewer import WITNESS, Viewer, eventually
from transcripts.search.indexing import index_lecture

pytestmark = [pytest.mark.browser, pytest.mark.ffmpeg]

SECONDS = 12
LINES = (
    "今天讲行政复议法",
    "先看第十一条",
    "谁可以<申请>|怎样提出申请",
    "期限是六十日",
    "以上是本讲内容",
    "谢谢大家",
)
SHOWN = {0.5: "今天讲行政复议法", 3: "先看第十一条", 5: "谁可以<申请>\n怎样提出申请", 7.5: "期限是六十日"}
CAPTION = ".lp-captions"
NO_MEDIA_SOURCE = "delete window.MediaSource; delete window.ManagedMediaSource;"


@pytest.fixture(scope="module")
def lecture(shared_house: House) -> Planned:
    """Given through the real port; its subtitles published as the editor publishes them."""
    with ThreadPoolExecutor(1) as elsewhere:  # a loop may be running here
        return elsewhere.submit(lambda: asyncio.run(give(shared_house))).result()


async def give(house: House) -> Planned:
    planned = await house.plan("新修订的法律解读")
    await push_whole(make_flv(320, 180, "25", SECONDS, gop=25), planned.push_url)
    await house.end(planned)
    async with database(load_settings(data_dir=house.folder / "data")), transaction():
        broadcast = await Broadcast.get(number=planned.number)
        assert broadcast.ended_at is not None
        await published(broadcast, cues(*LINES, seconds=2), now=broadcast.ended_at)
        await index_lecture(broadcast.id)
    return planned


async def open_page(browser_page: Page, address: str) -> Viewer:
    await browser_page.add_init_script(WITNESS)
    await browser_page.goto(address)
    return Viewer(browser_page)


async def seek(page: Page, second: float) -> None:
    await page.evaluate("(at) => { document.querySelector('video').currentTime = at; }", second)


async def caption(page: Page) -> str:
    return str(await page.evaluate("document.querySelector('.lp-captions').textContent"))


async def test_captions_follow_the_speech_and_are_as_somebody_wants_them(
    house: House, lecture: Planned, browser: Browser
) -> None:
    async with visitor(browser) as (context, _):
        page = await context.new_page()
        viewer = await open_page(page, lecture.watch_url)
        await viewer.press(".lp-big-play")
        await viewer.until_playing(by=0.5)
        await page.evaluate("document.querySelector('video').playbackRate = 2")
        await expect(page.locator(CAPTION)).to_have_text("先看第十一条")
        await page.evaluate("document.querySelector('video').pause()")
        for second, text in SHOWN.items():
            await seek(page, second)
            await until_caption(page, text)
        box = page.locator(".lp-captions-box > button")
        await box.click()
        assert [line for line in await violations(page) if "media-time-display" not in line] == []
        await page.get_by_role("menuitemradio", name="特大").click()
        await page.get_by_role("menuitemradio", name="黄字黑底").click()
        await page.get_by_role("menuitemradio", name="在上方").click()
        await page.keyboard.press("Escape")
        await expect(box).to_be_focused()
        await page.keyboard.press("c")
        await expect(page.locator(CAPTION)).to_be_hidden()
        await page.reload()
        assert await page.evaluate("localStorage.getItem('wkt.captions')") == (
            '{"on":false,"size":"huge","style":"yellow","place":"top"}'
        )
        await viewer.press(".lp-big-play")
        await viewer.until_playing(by=0.2)
        await expect(page.locator(CAPTION)).to_be_hidden()
        await page.keyboard.press("c")
        await seek(page, 5)
        await until_caption(page, SHOWN[5])
        for name, value in {"size": "huge", "style": "yellow", "place": "top"}.items():
            await expect(page.locator(CAPTION)).to_have_attribute(f"data-{name}", value)
        await page.keyboard.press("f")
        await until_true(page, "document.fullscreenElement !== null")
        await expect(page.locator(CAPTION)).to_be_visible()


async def nothing_covers_the_captions(page: Page) -> None:
    """Of what is painted at each line's edges and middle, the words are the topmost: controls and shade lie beside
    or below."""
    covering = await page.evaluate(
        """() => {
          const style = document.createElement("style");
          style.textContent = ".lp-shade, .lp-captions, .lp-captions * { pointer-events: auto !important; }";
          document.head.append(style);
          const found = [];
          const words = document.querySelector(".lp-captions span");
          for (const line of words.getClientRects()) {
            for (const across of [0.05, 0.5, 0.95]) for (const down of [0.05, 0.5, 0.95]) {
              const [x, y] = [line.x + line.width * across, line.y + line.height * down];
              const top = document.elementFromPoint(x, y);
              if (top !== words) found.push(`${top.tagName}.${top.className} at ${x},${y}`);
            }
          }
          style.remove();
          return found;
        }"""
    )
    assert covering == []


async def until_caption(page: Page, text: str) -> None:
    async def is_shown() -> bool:
        return await caption(page) == text

    await eventually(is_shown, f"the caption {text}", seconds=10)


async def until_true(page: Page, expression: str) -> None:
    async def holds() -> bool:
        return bool(await page.evaluate(expression))

    await eventually(holds, expression, seconds=10)


async def test_the_transcript_goes_where_one_points_and_is_found_by_search(
    house: House, lecture: Planned, browser: Browser
) -> None:
    async with visitor(browser) as (context, _):
        await context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = await context.new_page()
        viewer = await open_page(page, house.url + "/search?q=期限是")
        place = page.locator(f'a.search-place[href="/l/{lecture.number}?t=6"]')
        await expect(place.locator("mark")).to_have_text("期限是")
        await place.click()
        await page.wait_for_url(re.compile(r"\?t=6$"))
        current = page.locator('.cue[aria-current="true"]')
        await expect(current).to_have_text("期限是六十日")
        await viewer.press(".lp-big-play")
        await until_true(page, "document.querySelector('video').currentTime >= 6")
        assert await page.evaluate("document.querySelector('video').currentTime") < 9
        await page.evaluate("document.querySelector('video').pause()")

        await page.locator(".cue", has_text="先看第十一条").click()
        await until_true(page, "Math.abs(document.querySelector('video').currentTime - 2.5) < 1.5")
        await page.evaluate("document.querySelector('video').pause()")
        await seek(page, 0.2)
        await page.locator(".cue").first.focus()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(current).to_have_text("谁可以<申请>怎样提出申请")
        await page.evaluate("document.querySelector('video').pause()")

        await seek(page, 4.5)
        await page.get_by_role("button", name="复制带链接").click()
        await expect(page.locator(".transcript-said")).to_contain_text("已复制")
        copied = await page.evaluate("navigator.clipboard.readText()")
        assert copied == f"谁可以<申请>怎样提出申请\n{lecture.watch_url}?t=4"

        await page.get_by_placeholder("在文字稿里找").fill("申请怎样")
        await expect(page.locator(".transcript-count")).to_have_text("1 / 1")
        await expect(page.locator(".cue.is-found")).to_have_text("谁可以<申请>怎样提出申请")
        await page.goto(f"{house.url}/l/{lecture.number}?u=520013&t=8")
        await expect(current).to_have_text("以上是本讲内容")
        assert await violations(page) == []


async def test_the_browser_s_own_player_has_the_same_captions(
    house: House, lecture: Planned, browser: Browser
) -> None:
    async with visitor(browser) as (context, _):
        page = await context.new_page()
        await page.add_init_script(NO_MEDIA_SOURCE)
        viewer = await open_page(page, f"{lecture.watch_url}?t=5")
        await viewer.press(".lp-big-play")
        await until_caption(page, SHOWN[5])
        assert await page.evaluate("document.querySelector('video > track').track.mode") == "hidden"


async def test_the_transcript_is_there_without_any_script(
    house: House, lecture: Planned, browser: Browser
) -> None:
    async with visitor(browser, java_script_enabled=False) as (context, _):
        page = await context.new_page()
        await page.goto(lecture.watch_url)
        await expect(page.get_by_text("期限是六十日")).to_be_visible()
        await page.locator("summary", has_text="下载").click()
        await expect(page.get_by_role("link", name="SRT 字幕")).to_be_visible()


async def test_on_a_phone_all_of_it_fits_and_paper_has_the_words_alone(
    house: House, lecture: Planned, browser: Browser
) -> None:
    async with visitor(browser, viewport={"width": 360, "height": 740}) as (context, _):
        page = await context.new_page()
        viewer = await open_page(page, f"{lecture.watch_url}?t=5")
        await viewer.press(".lp-big-play")
        await viewer.until_playing(by=0.1)
        await page.evaluate("document.querySelector('video').pause()")
        await seek(page, 5)
        await until_caption(page, SHOWN[5])
        await expect(page.locator(".lp-bottom")).to_be_visible()  # it stands: the controls stay
        await nothing_covers_the_captions(page)
        await page.locator(".lp-captions-box > button").click()
        menu = page.locator(".lp-captions-box .lp-menu")
        await expect(menu).to_be_visible()
        for part in (menu, page.locator(f"{CAPTION} span"), page.locator(".transcript")):
            box = await part.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 360
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
        await page.keyboard.press("Escape")
        player, text = [await page.locator(part).bounding_box() for part in ("lecture-player", ".transcript")]
        assert player is not None
        assert text is not None
        assert text["y"] >= player["y"] + player["height"]

        await page.emulate_media(media="print")
        await expect(page.locator(".cue", has_text="谢谢大家")).to_be_visible()
        for hidden in ("lecture-player", ".transcript-tools"):
            await expect(page.locator(hidden)).to_be_hidden()
