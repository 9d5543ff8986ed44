"""Versions of the subtitles: read by those who may, compared, restored; nothing is lost by it."""

import pytest

from tests.support.subtitle_pages import (
    CORRECTORS,
    READERS,
    lecture,
    only_these_see,
    others_may_not_send,
    send,
    texts,
)
from tests.support.subtitles import COLLEAGUE, now_of
from tests.support.website import Website
from transcripts.editing.holding import take
from transcripts.models import CueVersion

CHANGED = {
    "revision": 1,
    "cues": [{"id": "cue1", "start_ms": 2000, "end_ms": 4000, "lines": ["今天讲行政复议法"]}],
}


async def corrected(website: Website) -> str:
    base, _, _ = await lecture(website)
    assert (await send(website, website.cast.liaison_a, f"{base}/save", CHANGED)).status_code == 200
    await send(website, website.cast.liaison_a, f"{base}/release", {})
    return base


async def test_who_may_read_the_draft_may_read_its_versions(website: Website) -> None:
    base = await corrected(website)
    await only_these_see(website, f"{base}/versions", READERS)
    await only_these_see(website, f"{base}/versions?before=1&after=2", READERS)


async def test_only_the_unit_and_the_bureau_restore(website: Website) -> None:
    base = await corrected(website)
    fields = {"version": "1", "revision": "2"}
    await others_may_not_send(website, f"{base}/versions/restore", fields, CORRECTORS)
    assert await CueVersion.all().count() == 2
    assert "恢复这一版" not in (await website.page(website.cast.auditor, f"{base}/versions")).text
    answer = await website.submit(website.cast.administrator, f"{base}/versions/restore", fields)
    assert answer.headers["location"] == f"{base}/versions"
    page = (await website.page(website.cast.administrator, f"{base}/versions")).text
    assert "版本 1 已恢复为新的草稿（版本 3），原来的都还在。" in page
    assert page.index("<strong>版本 3") < page.index("<strong>版本 2") < page.index("<strong>版本 1")
    assert await CueVersion.all().count() == 3


async def test_the_difference_is_shown_letter_by_letter_with_who_and_when(website: Website) -> None:
    base = await corrected(website)
    page = (await website.page(website.cast.auditor, f"{base}/versions?before=1&after=2")).text
    assert "今天讲行政<del>负义</del><ins>复议</ins>法" in page
    assert "示例联络员甲" in page
    same = (await website.page(website.cast.auditor, f"{base}/versions?before=2&after=2")).text
    assert "两个版本一样。" in same


@pytest.mark.parametrize("query", ["before=1&after=9", "before=9&after=1"])
async def test_a_version_there_is_not_is_said_so(website: Website, query: str) -> None:
    base = await corrected(website)
    answer = await website.page(website.cast.liaison_a, f"{base}/versions?{query}")
    assert answer.status_code == 404
    assert "没有版本 9" in answer.text


@pytest.mark.parametrize("query", ["before=x&after=1", "before=-1&after=2", "before=1&after=99999999999999"])
async def test_nonsense_in_the_address_is_refused(website: Website, query: str) -> None:
    base = await corrected(website)
    assert (await website.page(website.cast.liaison_a, f"{base}/versions?{query}")).status_code == 422


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"version": "1", "revision": "1"}, 409, "刚刚被示例联络员甲改过"),
        ({"version": "2", "revision": "2"}, 409, "就是现在的草稿"),
        ({"version": "7", "revision": "2"}, 404, "没有版本 7"),
        ({"version": "", "revision": "2"}, 422, ""),
        ({"version": "1; drop", "revision": "2"}, 422, ""),
    ],
)
async def test_what_cannot_be_restored_changes_nothing(
    website: Website, fields: dict[str, str], status: int, words: str
) -> None:
    base = await corrected(website)
    answer = await website.submit(website.cast.liaison_a, f"{base}/versions/restore", fields)
    assert answer.status_code == status
    assert words in answer.text
    assert await CueVersion.all().count() == 2


async def test_while_somebody_corrects_nothing_is_restored_under_their_hands(website: Website) -> None:
    base, row, transcript = await lecture(website)
    await send(website, website.cast.liaison_a, f"{base}/save", CHANGED)
    await send(website, website.cast.liaison_a, f"{base}/release", {})
    await take(row.number, by=COLLEAGUE, now=website.clock.now(), settings=website.settings)
    fields = {"version": "1", "revision": "2"}
    answer = await website.submit(website.cast.liaison_a, f"{base}/versions/restore", fields)
    assert answer.status_code == 409
    assert "示例联络员丙正在校对" in answer.text
    assert (await texts(transcript))[1] == "今天讲行政复议法"
    assert (await now_of(transcript)).editor == "user:liaison-a2"


async def test_a_lecture_without_subtitles_has_no_versions(website: Website) -> None:
    lecture_ = await website.lecture()
    answer = await website.page(website.cast.administrator, f"/desk/subtitles/{lecture_.number}/versions")
    assert answer.status_code == 404
