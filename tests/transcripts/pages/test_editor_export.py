"""Drafts as files: for those who may read them, with a mark that says whether people have read them."""

from dataclasses import replace
from io import BytesIO

import docx
import pytest

from tests.support.subtitle_pages import READERS, lecture, only_these_see, send
from tests.support.subtitles import heard
from tests.support.website import Website
from transcripts.cues.importing import read_subtitles
from transcripts.cues.vtt_check import check_vtt

FORMS = ("srt", "vtt", "txt", "docx")
UNCHECKED, CHECKED = "自动生成，未校对", "自动生成，已人工校对"


def words_of(form: str, body: bytes) -> str:
    if form != "docx":
        return body.decode("utf-8-sig")
    return "\n".join(each.text for each in docx.Document(BytesIO(body)).paragraphs)


async def test_a_draft_is_a_file_for_those_who_may_read_it(website: Website) -> None:
    base, _, _ = await lecture(website)
    for form in FORMS:
        await only_these_see(website, f"{base}/export.{form}", READERS)
    answer = await website.page(website.cast.auditor, f"{base}/export.srt")
    assert answer.headers["cache-control"] == "no-store"
    assert "attachment" in answer.headers["content-disposition"]


@pytest.mark.parametrize("form", FORMS)
async def test_each_file_says_whether_people_have_read_it(website: Website, form: str) -> None:
    base, _, _ = await lecture(website)
    person = website.cast.liaison_a

    async def words() -> str:
        return words_of(form, (await website.page(person, f"{base}/export.{form}")).content)

    assert UNCHECKED in await words()
    assert "今天讲行政负义法" in await words()
    assert UNCHECKED in (await website.page(person, base)).text
    await website.submit(person, f"{base}/hand-over", {"revision": "1"})
    assert CHECKED in await words()
    body = {"revision": 1, "cues": [{"id": "cue1", "start_ms": 2000, "end_ms": 4000, "lines": ["又改了"]}]}
    assert (await send(website, person, f"{base}/save", body)).status_code == 200
    assert UNCHECKED in await words()


async def test_what_no_machine_made_does_not_say_so(website: Website) -> None:
    by_hand = [replace(each, prob=None, engine="", model="", sha256="") for each in heard("各位听众", "谢谢")]
    base, _, _ = await lecture(website, cues=by_hand)
    person = website.cast.liaison_a
    assert "人工制作，未校对" in (await website.page(person, base)).text
    assert "人工制作，未校对" in (await website.page(person, f"{base}/export.txt")).text
    await website.submit(person, f"{base}/hand-over", {"revision": "1"})
    checked = (await website.page(person, f"{base}/export.txt")).text
    assert "人工制作，已校对" in checked
    assert "自动生成" not in checked


async def test_files_come_back_in_as_they_went_out(website: Website) -> None:
    base, _, _ = await lecture(website, cues=heard("各位/听众 & <大家>", "谢谢"))
    for form in ("srt", "vtt", "txt"):
        body = (await website.page(website.cast.liaison_a, f"{base}/export.{form}")).content
        if form == "vtt":
            assert check_vtt(body) == []
        texts = [each.text.replace(" ", "") for each in read_subtitles(f"a.{form}", body)]
        assert texts == ["各位听众&<大家>", "谢谢"], form


async def test_what_is_held_stays_out(website: Website) -> None:
    cues = [*heard("谢谢大家"), *heard("字幕由志愿者提供", held="静音处的文字", first=1)]
    base, _, _ = await lecture(website, cues=cues)
    for form in FORMS:
        body = (await website.page(website.cast.administrator, f"{base}/export.{form}")).content
        assert "志愿者" not in words_of(form, body)
        assert "谢谢大家" in words_of(form, body)


async def test_other_forms_and_lectures_without_subtitles_are_not_found(website: Website) -> None:
    base, _, _ = await lecture(website, cues=[])
    for path in ("export.srt", "export.exe", "export.json"):
        assert (await website.page(website.cast.administrator, f"{base}/{path}")).status_code == 404
