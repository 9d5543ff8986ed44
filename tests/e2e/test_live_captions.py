"""Live captions in a real browser: they come to who is watching already, and go within three seconds."""

import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, expect

from core.audit import Actor, ActorKind
from core.clock import SystemClock
from core.database import database
from core.settings import load_settings
from tests.support.accessibility import violations
from tests.support.browser import visitor
from tests.support.ended_lectures import sample_voice
from tests.support.house import UNHURRIED, House, Planned, running_house
from tests.support.slow_engine import SYLLABLES
from tests.support.studio import pushing
from tests.support.viewer import eventually, open_lecture
from transcripts.live.switch import turn_off, turn_on
from transcripts.speech.registry import ModelState

pytestmark = [pytest.mark.browser, pytest.mark.ffmpeg, pytest.mark.realtime]

ENGINE = "tests.support.slow_engine:open_engine"
ADMINISTRATOR = Actor(ActorKind.USER, "1", "李管理员")
VOICE_SECONDS = 20
WITHIN_SECONDS = 3.0
MARK = "实时字幕，可能有误"
CAPTION = ".lp-captions"
GONE = r"status of 410"
"""What Chromium says when the captions' address is no more."""


@pytest.fixture
def listening_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("house"), **UNHURRIED, speech_engine=ENGINE) as house:
        yield house
        sys.stdout.write(house.log)


@asynccontextmanager
async def rows(house: House) -> AsyncIterator[None]:
    """The house's database, from outside, as its web site or a command has it."""
    async with database(load_settings(data_dir=house.folder / "data")):
        yield


async def switch(house: House, lecture: Planned, *, is_on: bool) -> None:
    now = SystemClock().now()
    async with rows(house):
        if is_on:
            model = ModelState(ENGINE, "", True)
            await turn_on(lecture.number, reason="听障观众需要", model=model, by=ADMINISTRATOR, now=now)
        else:
            await turn_off(lecture.number, reason="听错太多", by=ADMINISTRATOR, now=now)


async def shown(page: Page) -> str:
    """The caption over the picture, without its mark; empty while none is."""
    return str(
        await page.evaluate(
            "(() => { const box = document.querySelector('.lp-captions');"
            " const text = box.querySelector('span'); return box.hidden || !text ? '' : text.textContent; })()"
        )
    )


async def until_shown(page: Page, seconds: float = 30) -> None:
    async def is_shown() -> bool:
        return bool(set(await shown(page)) & set(SYLLABLES))

    await eventually(is_shown, "a caption over the picture", seconds=seconds)


async def until_gone(page: Page, seconds: float) -> None:
    async def is_gone() -> bool:
        return not await shown(page) and await page.locator(".lp-captions-box").is_hidden()

    await eventually(is_gone, "the captions and their menu are gone", seconds=seconds)


async def test_captions_come_to_who_is_watching_and_go_by_the_switch_within_three_seconds(
    listening_house: House, browser: Browser
) -> None:
    house = listening_house
    lecture = await house.plan("有实时字幕的讲座")
    async with visitor(browser) as (context, complaints):
        async with pushing(sample_voice(VOICE_SECONDS), lecture.push_url, realtime=True, loop=True):
            await house.until_on_air(lecture)
            viewer = await open_lecture(context, lecture.watch_url)
            page = viewer.page
            opened = await viewer.until_playing()
            await expect(page.locator(".lp-captions-box")).to_be_hidden()

            await switch(house, lecture, is_on=True)
            await until_shown(page)
            await expect(page.locator(CAPTION)).to_contain_text(MARK)
            assert (await viewer.look())["loaded"] == opened["loaded"]
            await viewer.press(".lp-captions-box > button")
            await expect(page.locator(".lp-captions-box [role=menu]")).to_contain_text(MARK)
            assert [line for line in await violations(page) if "media-time-display" not in line] == []
            await page.keyboard.press("Escape")

            complaints.forgive(GONE)
            off_at = time.monotonic()
            await switch(house, lecture, is_on=False)
            await until_gone(page, WITHIN_SECONDS)
            assert time.monotonic() - off_at < WITHIN_SECONDS
            await viewer.until_playing(by=2)

            await switch(house, lecture, is_on=True)
            await until_shown(page)
            address = (await addresses(house, lecture))[-1]
            await house.end(lecture)
        for url in (lecture.live("captions"), address):
            assert (await house.get(url)).status_code == 410
        assert "SUBTITLES" not in (await house.get(lecture.playlist_url)).text
        assert "SUBTITLES" not in (await house.get(lecture.replay_url)).text
        await viewer.until(lambda look: "直播已结束" in look["message"], "the end")
        await until_gone(page, 5)


async def addresses(house: House, lecture: Planned) -> list[str]:
    """Of the segments that the captions' playlist lists."""
    text = (await house.get(lecture.live("captions"))).text
    uris = [line for line in text.splitlines() if line.endswith(".vtt")]
    assert uris
    return [line.replace("../..", house.url, 1) for line in uris]
