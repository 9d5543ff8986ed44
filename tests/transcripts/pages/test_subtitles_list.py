"""The list of lectures and how far their subtitles are, the model's error rate, the guide: for whom, and what."""

import re
from datetime import date, datetime

import pytest

from schedules.models import Broadcast
from schedules.states import PlanState
from tests.support.bureau import THREE_O_CLOCK
from tests.support.cast import UNIT_B
from tests.support.repository import ROOT
from tests.support.subtitle_pages import READERS, lecture, only_these_see, send
from tests.support.subtitles import heard, now_of, subtitled
from tests.support.website import Website
from transcripts.models import Recognition, SubtitleState, Transcript

LISTERS = (*READERS, "liaison-b", "official")
OVERSEERS = ("administrator", "duty", "official", "auditor")


async def publish(website: Website, base: str) -> None:
    await website.submit(website.cast.liaison_a, f"{base}/hand-over", {"revision": "1"})
    done = await website.submit(
        website.cast.administrator, f"{base}/publish", {"revision": "1", "looked": "yes"}
    )
    assert done.status_code == 303


async def test_everybody_of_the_house_sees_the_list_and_a_unit_its_own_alone(website: Website) -> None:
    _, mine, _ = await lecture(website)
    _, others, _ = await lecture(website, unit=UNIT_B, title="别的单位的")
    await only_these_see(website, "/desk/subtitles", LISTERS)
    for person in website.cast:
        if person.name not in LISTERS:
            continue
        page = (await website.page(person, "/desk/subtitles")).text
        assert (mine.number in page) == (person.name != "liaison-b"), person.name
        assert (others.number in page) == (person.name != "liaison-a"), person.name


async def test_officials_see_how_far_they_are_and_neither_the_draft_nor_who_corrects(
    website: Website,
) -> None:
    base, row, _ = await lecture(website)
    await send(website, website.cast.liaison_a, f"{base}/hold", {})
    official = (await website.page(website.cast.official, "/desk/subtitles")).text
    assert "待校对" in official
    assert "正在校对" not in official
    assert f'href="{base}"' not in official
    assert "示例联络员甲正在校对" in (await website.page(website.cast.auditor, "/desk/subtitles")).text
    website.clock.advance(website.settings.subtitle_hold_seconds)
    assert "正在校对" not in (await website.page(website.cast.auditor, "/desk/subtitles")).text
    assert row.title in official


async def test_each_stage_has_a_tab_with_its_count(website: Website) -> None:
    waiting, waiting_row = await subtitled(website.clock, [], title="等模型的")
    await Transcript.filter(id=waiting_row.id).update(
        recognition=Recognition.WAITING_FOR_MODEL, detail="请运行 weiketang models install small"
    )
    _, review, _ = await lecture(website, title="待校对的")
    handed_base, handed, _ = await lecture(website, title="待发布的")
    await website.submit(website.cast.liaison_a, f"{handed_base}/hand-over", {"revision": "1"})
    published_base, published, _ = await lecture(website, title="发布了的")
    await publish(website, published_base)
    expected = {"waiting": waiting, "review": review, "handed_over": handed, "published": published}
    person = website.cast.administrator
    for state, row in expected.items():
        page = (await website.page(person, f"/desk/subtitles?state={state}")).text
        assert row.number in page
        assert not any(other.number in page for name, other in expected.items() if name != state), state
    everything = (await website.page(person, "/desk/subtitles")).text
    for words in (
        "待识别 1",
        "待校对 1",
        "待发布 1",
        "已发布 1",
        "等待语音模型：请运行 weiketang models install small",
    ):
        assert words in everything


async def test_what_was_changed_after_publishing_says_so(website: Website) -> None:
    base, _, transcript = await lecture(website)
    await publish(website, base)
    body = {"revision": 1, "cues": [{"id": "cue1", "start_ms": 2000, "end_ms": 4000, "lines": ["改过"]}]}
    assert (await send(website, website.cast.liaison_a, f"{base}/save", body)).status_code == 200
    assert "发布后又改过" in (await website.page(website.cast.liaison_a, "/desk/subtitles")).text
    row = await now_of(transcript)
    assert (row.state, row.published_version) == (SubtitleState.PUBLISHED, 1)


async def test_what_is_not_published_after_t_plus_3_is_late(website: Website) -> None:
    _, row, _ = await lecture(website)
    for given, due, is_late in (
        (date(2026, 11, 19), "11月24日", False),
        (date(2026, 11, 18), "11月23日", True),
    ):
        starts_at = datetime.combine(given, THREE_O_CLOCK)
        await Broadcast.filter(id=row.id).update(
            starts_at=starts_at, first_starts_at=starts_at, plan_state=PlanState.SCHEDULED
        )
        page = (await website.page(website.cast.liaison_a, "/desk/subtitles")).text  # today is the 24th
        assert due in page
        assert ("已过期限" in page) == is_late


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "９", "99999999999"])
async def test_pages_there_are_not_are_not_found(website: Website, page: str) -> None:
    await lecture(website)
    answer = await website.page(website.cast.administrator, f"/desk/subtitles?page={page}")
    assert answer.status_code == 404
    assert (await website.page(website.cast.administrator, "/desk/subtitles?state=x")).status_code == 200


async def test_the_navigation_counts_what_is_to_be_done(website: Website) -> None:
    base, _, _ = await lecture(website)
    unit, bureau = website.cast.liaison_a, website.cast.administrator

    async def counted() -> tuple[bool, bool]:
        words = '<span class="count">1<span class="visually-hidden"> 期字幕待办'
        pages = [await website.page(each, "/desk/subtitles") for each in (unit, bureau)]
        return words in pages[0].text, words in pages[1].text

    assert await counted() == (True, False)
    await website.submit(unit, f"{base}/hand-over", {"revision": "1"})
    assert await counted() == (False, True)


async def test_the_models_error_rate_is_for_those_who_oversee_and_names_no_people(website: Website) -> None:
    base, row, _ = await lecture(website, cues=heard("十个字都没有听错的话"))
    await only_these_see(website, "/desk/subtitles/quality", OVERSEERS)
    assert (
        "还没有可以比较的讲座" in (await website.page(website.cast.official, "/desk/subtitles/quality")).text
    )
    await publish(website, base)
    page = (await website.page(website.cast.official, "/desk/subtitles/quality")).text
    assert row.number in page
    assert "whisper small" in page
    assert "0.0%" in page
    main = page[page.index("<h1>") :]
    assert "示例联络员甲" not in main
    assert "示例管理员" not in main


async def test_the_guide_is_a_page_linked_from_the_editor_and_says_what_the_document_says(
    website: Website,
) -> None:
    base, _, _ = await lecture(website)
    await only_these_see(website, "/desk/subtitles/guide", (*READERS, "liaison-b"))
    assert "/desk/subtitles/guide" in (await website.page(website.cast.liaison_a, base)).text
    page = plain((await website.page(website.cast.liaison_a, "/desk/subtitles/guide")).text)
    document = (ROOT / "docs" / "guide" / "怎样校对字幕.md").read_text("utf-8")
    steps = re.findall(r"^\d\. \*\*(.+?)。\*\*((?:.|\n(?!\d\.|\n))+)", document, re.MULTILINE)
    assert len(steps) == 6
    for title, words in steps:
        assert plain(title) + plain(words) in page


def plain(text: str) -> str:
    """Letters and marks alone: no tags, no spaces, no code marks."""
    return re.sub(r"<[^>]*>|\s|`", "", text)
