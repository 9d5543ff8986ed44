"""The transcript on the page of a lecture, and its files."""

from datetime import date
from io import BytesIO

import docx
import pytest

from schedules.models import Broadcast
from schedules.states import AirState, PlanState, ReplayState
from tests.support.published_subtitles import cues, drafted, given_lecture, published
from tests.support.website import Website
from transcripts.cues.importing import read_subtitles
from transcripts.cues.vtt_check import check_vtt
from transcripts.models import LawRevision
from transcripts.search.indexing import keep_up

FORMS = ("vtt", "srt", "txt", "docx")
MARK = "自动生成，已人工校对"
LINES = ("今天讲行政复议法第十一条", "谁可以<申请>", "谢谢大家")


@pytest.fixture
async def lecture(website: Website) -> Broadcast:
    made = await given_lecture("新法解读", now=website.clock.now())
    await published(made, cues(*LINES), now=website.clock.now())
    return made


async def test_everybody_reads_the_published_text_and_its_files(website: Website, lecture: Broadcast) -> None:
    for person in website.cast:
        page = await website.page(person, f"/l/{lecture.number}")
        assert "今天讲行政复议法第十一条" in page.text, person.name
        for form in FORMS:
            response = await website.page(person, f"/l/{lecture.number}/subtitles.{form}")
            assert response.status_code == 200, (person.name, form)
            assert response.headers["cache-control"] == "public, max-age=60"


async def test_the_page_has_times_chapters_laws_and_the_mark_without_any_script(
    website: Website, lecture: Broadcast
) -> None:
    page = (await website.page(website.cast.anonymous, f"/l/{lecture.number}")).text
    assert MARK in page
    assert f'data-captions="/l/{lecture.number}/subtitles.vtt"' in page
    assert 'data-start="4.0" data-end="7.9">谁可以&lt;申请&gt;</span>' in page
    assert f'href="/l/{lecture.number}?t=0"' in page
    assert "《行政复议法》第十一条" in page
    assert "查《行政复议法》" in page
    assert "以讲课时有效文本为准" in page


async def test_files_are_valid_and_say_how_they_were_made(website: Website, lecture: Broadcast) -> None:
    async def file(form: str) -> bytes:
        return (await website.page(website.cast.anonymous, f"/l/{lecture.number}/subtitles.{form}")).content

    vtt = await file("vtt")
    assert check_vtt(vtt) == []
    assert MARK in vtt.decode()
    for form in ("vtt", "srt"):
        read = read_subtitles(f"x.{form}", await file(form))
        assert [(cue.start_ms, cue.text) for cue in read if cue.text != MARK] == [
            (at * 4000, line) for at, line in enumerate(LINES)
        ], form
    text = (await file("txt")).decode("utf-8-sig")
    assert MARK in text
    assert LINES[1] in text
    words = "\n".join(each.text for each in docx.Document(BytesIO(await file("docx"))).paragraphs)
    assert MARK in words
    assert "以讲课时有效文本为准" in words
    assert LINES[1] in words


async def test_a_file_that_has_not_changed_is_not_sent_again(website: Website, lecture: Broadcast) -> None:
    path = f"/l/{lecture.number}/subtitles.vtt"
    anonymous = website.cast.anonymous
    first = await website.page(anonymous, path)
    assert first.headers["content-type"] == "text/vtt; charset=utf-8"
    etag = first.headers["etag"]
    for header in (etag, f"W/{etag}", f'"other", {etag}'):
        again = await website.page(anonymous, path, headers={"if-none-match": header})
        assert (again.status_code, again.content) == (304, b"")
    await published(lecture, cues("改过的字幕"), now=website.clock.now())
    changed = await website.page(anonymous, path, headers={"if-none-match": etag})
    assert changed.status_code == 200
    assert "改过的字幕" in changed.text


@pytest.mark.parametrize(
    "fields",
    [
        {"replay_state": ReplayState.WITHHELD},
        {"replay_state": ReplayState.WITHDRAWN},
        {"plan_state": PlanState.DRAFT},
        {"air_state": AirState.LIVE},
    ],
)
async def test_nothing_is_given_of_what_is_not_public(
    fields: dict[str, object], website: Website, lecture: Broadcast
) -> None:
    await Broadcast.filter(id=lecture.id).update(**fields)
    for person in website.cast:
        for form in FORMS:
            response = await website.page(person, f"/l/{lecture.number}/subtitles.{form}")
            assert response.status_code == 404, (person.name, form)
        page = await website.page(person, f"/l/{lecture.number}")
        assert LINES[0] not in page.text, person.name


async def test_of_a_draft_the_page_says_only_that_it_will_come(website: Website) -> None:
    lecture = await given_lecture("新法解读", now=website.clock.now())
    await drafted(lecture, cues("行政负义"), now=website.clock.now())
    for person in website.cast:
        page = (await website.page(person, f"/l/{lecture.number}")).text
        assert "字幕校对后发布" in page, person.name
        assert "负义" not in page
        assert "data-captions" not in page
        for form in FORMS:
            response = await website.page(person, f"/l/{lecture.number}/subtitles.{form}")
            assert response.status_code == 404


async def test_other_forms_and_numbers_are_not_found(website: Website, lecture: Broadcast) -> None:
    for path in (f"/l/{lecture.number}/subtitles.exe", "/l/2026-1-99/subtitles.vtt", "/l/x/subtitles.vtt"):
        assert (await website.page(website.cast.anonymous, path)).status_code == 404


async def test_a_law_revised_since_is_told_on_the_page(website: Website, lecture: Broadcast) -> None:
    from core.database import transaction
    from transcripts.search.indexing import index_lecture

    async with transaction():
        await index_lecture(lecture.id)
    await keep_up()
    path = f"/l/{lecture.number}"
    assert "已修订" not in (await website.page(website.cast.anonymous, path)).text
    now = website.clock.now()
    await LawRevision.create(
        law="中华人民共和国行政复议法",
        since=date(now.year + 1, 1, 1),
        note="条文序号有变化。",
        marked_by="x",
        marked_at=now,
    )
    page = (await website.page(website.cast.anonymous, path)).text
    assert "《行政复议法》已修订" in page
    assert "条文序号有变化。" in page
    await LawRevision.all().update(since=date(now.year - 1, 1, 1))
    assert "已修订" not in (await website.page(website.cast.anonymous, path)).text
