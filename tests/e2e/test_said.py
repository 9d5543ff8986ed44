"""Real speech, from the encoder to a stranger who finds the sentence: recognised, corrected, published, found.

The recogniser is the tests' own (`tests.support.sphinx_engine`), everything else is the house as it is shipped.
"""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from accounts.models import Role
from core.database import database
from core.settings import load_settings
from tests.support.browser import visitor
from tests.support.house import UNHURRIED, House, Planned, running_house
from tests.support.media import run_ffmpeg
from tests.support.speech import Said, SpeechData, SpokenLecture, assemble
from tests.support.sphinx_engine import spoken_from_until
from tests.support.studio import push_whole, until
from tests.support.subtitle_house import enter_as
from tests.support.viewer import WITNESS, Viewer, eventually
from transcripts.models import CueVersion, Piece, VersionKind

pytestmark = [pytest.mark.browser, pytest.mark.ffmpeg, pytest.mark.realtime]

CLIPS = ("asr_example.wav", "zh.wav", "BAC009S0724W0121.wav", "rag_math.wav")
SETTINGS = {
    **UNHURRIED,
    "speech_engine": "tests.support.sphinx_engine:open_engine",
    "speech_piece_least_seconds": "6",
    "speech_piece_most_seconds": "14",
}
NEAR_SECONDS = 0.6
PATIENCE_SECONDS = 120
WRONG, RIGHT = "达摩院", "微课堂"


@dataclass(frozen=True, slots=True)
class Given:
    """A lecture that was pushed and has ended. truth: from when until when (s) each clip is spoken."""

    house: House
    planned: Planned
    spoken: SpokenLecture
    truth: tuple[tuple[float, float], ...]

    def clip(self, words: str) -> tuple[Said, float]:
        """The clip in which these words are said, and when it is begun to be spoken."""
        return next(
            (said, start)
            for said, (start, _) in zip(self.spoken.said, self.truth, strict=True)
            if words in said.clip.reference
        )


@pytest.fixture(scope="module")
def given(speech_data: SpeechData, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Given]:
    folder = tmp_path_factory.mktemp("said")
    clips = {clip.path.name: clip for clip in speech_data.clips}
    spoken = assemble([clips[name] for name in CLIPS])
    truth = []
    for said in spoken.said:
        start, end = spoken_from_until(speech_data, said.clip.pcm(), said.clip.reference)
        truth.append((said.start + start, said.start + end))
    with running_house(folder, **SETTINGS) as house:
        with ThreadPoolExecutor(1) as elsewhere:  # a loop may be running here
            film = film_of(spoken, folder)
            planned = elsewhere.submit(lambda: asyncio.run(give(house, film))).result()
        yield Given(house, planned, spoken, tuple(truth))


def film_of(spoken: SpokenLecture, folder: Path) -> Path:
    """What an encoder would send: the recordings beside a small moving picture."""
    sound, film = spoken.write_wav(folder / "spoken.wav"), folder / "spoken.flv"
    picture = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=15"]
    coded = ["-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-g", "15", "-bf", "0"]
    run_ffmpeg(*picture, "-i", str(sound), *coded, "-c:a", "aac", "-ar", "44100", "-shortest", str(film))
    return film


async def give(house: House, film: Path) -> Planned:
    planned = await house.plan("四段录音")
    assert await push_whole(film, planned.push_url) == ""
    await house.end(planned)

    async def is_over() -> bool:
        return bool((await house.status(planned))["state"] == "ended")

    await until(is_over, 30)
    return planned


async def found(house: House, words: str) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = (await house.get(f"/api/v1/search?q={words}")).json()
    return answer


async def seek(page: Page, second: float) -> None:
    await page.evaluate("(at) => { document.querySelector('video').currentTime = at; }", second)


async def until_caption(page: Page, holds: str) -> None:
    """A JavaScript condition on `text`."""
    script = (
        f"(() => {{ const text = document.querySelector('.lp-captions').textContent; return {holds}; }})()"
    )

    async def is_so() -> bool:
        return bool(await page.evaluate(script))

    await eventually(is_so, f"a caption of which {holds}", seconds=20)


async def draft_in_the_rows(given: Given) -> None:
    """Each cue says which machine heard it and how sure it was, and begins when the recording does."""
    async with database(load_settings(data_dir=given.house.folder / "data")):
        pieces = await Piece.all()
        version = await CueVersion.get()
    assert len(pieces) > 2
    assert version.kind is VersionKind.RECOGNISED
    for cue in version.cues:
        assert (cue["engine"], cue["model"]) == ("sphinx-test", "sphinx-zh")
        assert re.fullmatch("[0-9a-f]{64}", cue["sha256"])
        assert 0 < cue["prob"] <= 1
        assert not cue["held"]
    for said, (start, _) in zip(given.spoken.said, given.truth, strict=True):
        first = next(cue for cue in version.cues if cue["start_ms"] / 1000 > said.start)
        assert abs(first["start_ms"] / 1000 - start) < NEAR_SECONDS, (first, said)


async def test_what_was_said_is_recognised_corrected_published_and_only_then_found(
    given: Given, browser: Browser
) -> None:
    house, number = given.house, given.planned.number
    async with visitor(browser, viewport={"width": 1440, "height": 900}) as (context, _):
        await enter_as(context, house, Role.ADMINISTRATOR, "示例管理员己")
        page = await context.new_page()
        await page.goto(f"{house.url}/desk/broadcasts/{number}")
        panel = page.get_by_role("region", name="字幕", exact=True)
        await expect(panel).to_contain_text("自动识别完成", timeout=PATIENCE_SECONDS * 1000)
        await draft_in_the_rows(given)

        assert await found(house, "房地产") == []
        assert (await house.get(f"/l/{number}/subtitles.vtt")).status_code == 404
        async with visitor(browser) as (outside, _):
            stranger = await outside.new_page()
            await stranger.goto(f"{house.url}/search?q=房地产")
            await expect(stranger.locator("a.search-place")).to_have_count(0)
            await stranger.goto(given.planned.watch_url)
            await expect(stranger.locator("lecture-player")).to_be_visible()
            await expect(stranger.get_by_text("房地产")).to_have_count(0)

        await panel.get_by_role("link", name="去校对").click()
        await expect(page.locator("subtitle-editor")).to_have_attribute("data-ready", "true")
        await page.locator(".cue").first.click()
        text = page.locator(".cue-current textarea")
        await expect(text).to_have_value(re.compile(WRONG))
        await text.fill((await text.input_value()).replace(WRONG, RIGHT))
        await expect(page.locator("[data-part=state]")).to_have_text("已保存")
        await page.get_by_role("button", name="校对完成").click()
        await expect(page.get_by_text("校对完成，已交给州局发布")).to_be_visible()
        await page.goto(f"{house.url}/desk/subtitles/{number}/publish")
        await page.get_by_role("button", name="发布字幕").click()
        await expect(page.get_by_text("字幕已发布")).to_be_visible()

    said, start = given.clip("房地产")
    async with visitor(browser) as (context, _):
        page = await context.new_page()
        await page.add_init_script(WITNESS)
        await page.goto(f"{house.url}/search?q=房地产")
        place = page.locator("a.search-place").first
        await expect(place.locator("mark")).to_have_text("房地产")
        second = int((await place.get_attribute("href") or "").rpartition("?t=")[2])
        assert abs(second - start) <= 1 + NEAR_SECONDS
        assert [(each["number"], each["seconds"]) for each in await found(house, "房地产")] == [
            (number, second)
        ]
        assert await found(house, WRONG) == []
        await place.click()
        await expect(page.locator('.cue[aria-current="true"]')).to_have_text(said.clip.reference)
        viewer = Viewer(page)
        await viewer.press(".lp-big-play")
        await viewer.until_playing(by=0.3)
        await until_caption(page, f"text === '{said.clip.reference}'")
        await page.evaluate("document.querySelector('video').pause()")
        for each, (start, end) in zip(given.spoken.said, given.truth, strict=True):
            await seek(page, start - 1)
            await until_caption(page, "text === ''")
            await seek(page, start + NEAR_SECONDS)
            await until_caption(page, f"text && {each.clip.reference!r}.startsWith(text.slice(0, 5))")
            await seek(page, end - NEAR_SECONDS)
            await until_caption(page, f"{each.clip.reference!r}.endsWith(text.slice(-4)) && text")
