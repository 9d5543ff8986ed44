"""Subtitles from people: a file brought in, or a script cut into lines and timed; by whom, and whatever they send."""

import re
from typing import Any

import httpx2
import pytest

from schedules.models import Broadcast, Material, MaterialKind
from schedules.states import AirState, Language
from schedules.turns.materials import open_materials
from tests.support.cast import Person
from tests.support.subtitle_pages import (
    CORRECTORS,
    lecture,
    only_these_see,
    others_may_not_send,
    send,
    texts,
)
from tests.support.subtitles import COLLEAGUE, now_of
from tests.support.website import Website
from transcripts.editing.holding import take
from transcripts.models import CueVersion, Recognition, Transcript, VersionKind

SRT = (
    "1\n00:00:01,000 --> 00:00:03,000\n各位听众大家好\n\n"
    "2\n00:00:03,000 --> 00:00:06,500\n今天讲行政复议法\n第十一条\n"
)
VTT = "WEBVTT\n\n00:01.000 --> 00:03.000\n各位听众大家好\n\n00:03.000 --> 00:06.500\n今天讲行政复议法\n第十一条\n"
TXT = "[00:00:01] 各位听众大家好\n[00:00:03] 今天讲行政复议法第十一条\n"
SCRIPT = "各位听众大家好。今天讲新修订的行政复议法第十一条。\n谢谢大家！"


async def bring(
    website: Website, person: Person, base: str, name: str, data: bytes, revision: str = "1"
) -> httpx2.Response:
    browser = await website.browser(person)
    return await browser.post(
        f"{base}/bring",
        data={"revision": revision},
        files={"file": (name, data)},
        headers={"sec-fetch-site": "same-origin"},
    )


async def new_lecture(website: Website, **values: Any) -> tuple[str, Broadcast]:
    """Given, and nothing of it was recognised: it has no transcript yet."""
    row = await website.lecture("布依语普法")
    await Broadcast.filter(id=row.id).update(
        air_state=AirState.ENDED, first_live_at=website.clock.now(), ended_at=website.clock.now(), **values
    )
    return f"/desk/subtitles/{row.number}", row


async def test_only_who_corrects_brings_subtitles_in(website: Website) -> None:
    base, _, transcript = await lecture(website)
    await only_these_see(website, f"{base}/bring", CORRECTORS)
    await others_may_not_send(website, f"{base}/tap", {"revision": "1", "text": SCRIPT}, CORRECTORS)
    for person in website.cast:
        if person.name not in CORRECTORS:
            answer = await bring(website, person, base, "a.srt", SRT.encode())
            assert answer.status_code == (303 if person.user is None else 403)
    assert (await now_of(transcript)).draft_version == 1
    done = await bring(website, website.cast.liaison_a, base, "a.srt", SRT.encode())
    assert done.headers["location"] == base


@pytest.mark.parametrize(("name", "text"), [("字幕.srt", SRT), ("a.VTT", VTT), ("a.txt", TXT)])
async def test_files_become_the_new_draft_and_the_old_one_stays_a_version(
    website: Website, name: str, text: str
) -> None:
    base, _, transcript = await lecture(website)
    assert (await bring(website, website.cast.liaison_a, base, name, text.encode())).status_code == 303
    assert "已导入 2 条字幕（版本 2），请核对。" in (await website.page(website.cast.liaison_a, base)).text
    assert [each.replace("/", "") for each in await texts(transcript)] == [
        "各位听众大家好",
        "今天讲行政复议法第十一条",
    ]
    row = await CueVersion.get(transcript_id=transcript.id, number=2)
    assert (row.kind, row.note, row.person) == (VersionKind.IMPORTED, name, "示例联络员甲")
    assert await CueVersion.filter(transcript_id=transcript.id, number=1).exists()


WRONG = {
    "an end before its start": ("a.srt", "1\n00:00:05,000 --> 00:00:03,000\n甲\n".encode(), r"第 \d+ 行"),
    "no times": ("a.srt", "1\n没有时间\n甲\n".encode(), r"文件里没有字幕时间"),
    "no WEBVTT": ("a.vtt", "00:01.000 --> 00:03.000\n甲\n".encode(), r"第 1 行"),
    "a broken time": ("a.vtt", "WEBVTT\n\n00:99.000 --> 00:03.000\n甲\n".encode(), r"第 3 行"),
    "empty": ("a.srt", b"", "请"),
    "another kind of file": ("a.exe", b"MZ", r"\.srt"),
    "a picture": ("a.srt", b"\x89PNG\r\n\x1a\n", "请"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_is_wrong_is_told_at_the_file_with_its_line(website: Website, name: str) -> None:
    base, _, transcript = await lecture(website)
    file, data, words = WRONG[name]
    answer = await bring(website, website.cast.liaison_a, base, file, data)
    assert answer.status_code == 422
    error = re.search(r'id="error-file">.*?<span>(.*?)</span>', answer.text, re.DOTALL)
    assert error is not None
    assert re.search(words, error[1]), error[1]
    assert (await now_of(transcript)).draft_version == 1


async def test_without_a_file_and_with_too_large_a_one_it_is_said_what_to_do(website: Website) -> None:
    base, _, transcript = await lecture(website)
    browser = await website.browser(website.cast.liaison_a)
    headers = {"sec-fetch-site": "same-origin"}
    answer = await browser.post(f"{base}/bring", files={"revision": (None, "1")}, headers=headers)
    assert answer.status_code == 422
    assert "请选择 .srt、.vtt 或 .txt 字幕文件。" in answer.text
    large = b"x" * (website.settings.subtitle_import_kib * 1024 + 1)
    answer = await bring(website, website.cast.liaison_a, base, "a.srt", large)
    assert answer.status_code in (413, 422)
    assert (await now_of(transcript)).draft_version == 1


async def test_what_was_changed_meanwhile_or_is_held_is_not_overwritten(website: Website) -> None:
    base, row, transcript = await lecture(website)
    stale = await bring(website, website.cast.liaison_a, base, "a.srt", SRT.encode(), revision="0")
    assert stale.status_code == 409
    await take(row.number, by=COLLEAGUE, now=website.clock.now(), settings=website.settings)
    held = await bring(website, website.cast.liaison_a, base, "a.srt", SRT.encode())
    assert held.status_code == 409
    assert "示例联络员丙正在校对" in held.text
    assert (await now_of(transcript)).draft_version == 1


async def test_a_lecture_in_another_language_gets_its_subtitles_from_people(website: Website) -> None:
    base, row = await new_lecture(website, language=Language.BOUYEI)
    person = website.cast.liaison_a
    assert (await website.page(person, base)).headers["location"] == f"{base}/bring"
    assert "不送自动识别，字幕由人工制作" in (await website.page(person, f"{base}/bring")).text
    assert (await bring(website, person, base, "a.srt", SRT.encode(), revision="0")).status_code == 303
    transcript = await Transcript.get(broadcast_id=row.id)
    assert (transcript.recognition, transcript.draft_version) == (Recognition.BY_PEOPLE, 1)


async def test_before_a_lecture_is_over_nothing_is_brought_in(website: Website) -> None:
    row = await website.lecture("还没讲")
    answer = await bring(
        website, website.cast.liaison_a, f"/desk/subtitles/{row.number}", "a.srt", SRT.encode(), revision="0"
    )
    assert answer.status_code == 409
    assert "还没有讲完" in answer.text
    assert not await Transcript.exists()


async def test_a_pasted_script_is_cut_into_lines_to_tap_along(website: Website) -> None:
    base, _, _ = await lecture(website)
    page = await website.submit(website.cast.liaison_a, f"{base}/tap", {"revision": "1", "text": SCRIPT})
    assert page.status_code == 200
    lines = re.findall(r"<li data-lines=", page.text)
    assert len(lines) == 3
    empty = await website.submit(website.cast.liaison_a, f"{base}/tap", {"revision": "1", "text": " "})
    assert empty.status_code == 422
    assert "请粘贴讲稿文字，或选一份材料里的讲稿。" in empty.text
    evil = {"revision": "1", "text": "\"'><script>alert(1)</script>"}
    assert "<script>alert" not in (await website.submit(website.cast.liaison_a, f"{base}/tap", evil)).text


async def test_the_approved_script_among_the_materials_may_be_taken(website: Website) -> None:
    base, row, _ = await lecture(website)
    material = await Material.create(
        broadcast_id=row.id,
        kind=MaterialKind.SCRIPT,
        name="讲稿.txt",
        media_type="text/plain",
        size=len(SCRIPT.encode()),
        sha256="b" * 64,
        uploaded_at=website.clock.now(),
        uploaded_by="示例联络员甲",
        uploaded_actor="user:1",
        frozen_at=website.clock.now(),
    )
    await open_materials(website.settings).put(material.key, SCRIPT.encode())
    person = website.cast.liaison_a
    assert "讲稿.txt</option>" in (await website.page(person, f"{base}/bring")).text
    fields = {"revision": "1", "material": str(material.id)}
    page = await website.submit(person, f"{base}/tap", fields)
    assert page.text.count("data-lines") == 3
    for wrong in ("nonsense", "00000000-0000-0000-0000-000000000000"):
        answer = await website.submit(person, f"{base}/tap", {**fields, "material": wrong})
        assert answer.status_code == 422
        assert "没有这份讲稿" in answer.text


async def test_what_was_tapped_is_the_new_draft_and_the_page_may_send_it_once(website: Website) -> None:
    base, _, transcript = await lecture(website)
    cues = [
        {"id": "a", "start_ms": 500, "end_ms": 2500, "lines": ["各位听众大家好"]},
        {"id": "b", "start_ms": 2500, "end_ms": 5000, "lines": ["今天讲行政复议法"]},
    ]
    person = website.cast.liaison_a
    answer = await send(website, person, f"{base}/tapped", {"revision": 1, "cues": cues})
    assert answer.json() == {"version": 2}
    assert await texts(transcript) == ["各位听众大家好", "今天讲行政复议法"]
    version = await CueVersion.get(transcript_id=transcript.id, number=2)
    assert version.kind is VersionKind.TAPPED
    again = await send(website, person, f"{base}/tapped", {"revision": 1, "cues": cues})
    assert (again.status_code, again.json()["code"]) == (409, "stale")


@pytest.mark.parametrize(
    ("cue", "status"),
    [
        ({"id": "a", "start_ms": -5, "end_ms": 1, "lines": ["甲"]}, 422),
        ({"id": "a", "start_ms": 0, "end_ms": 10**12, "lines": ["甲"]}, 422),
        ({"id": "a", "start_ms": 0, "end_ms": 5, "lines": ["甲" * 999]}, 422),
        ({"id": "a", "start_ms": 0, "end_ms": 5}, 422),
        ({"id": "<a>", "start_ms": 0, "end_ms": 5, "lines": ["甲"]}, 422),
    ],
)
async def test_taps_nobody_made_are_refused(website: Website, cue: dict[str, Any], status: int) -> None:
    base, _, transcript = await lecture(website)
    answer = await send(website, website.cast.liaison_a, f"{base}/tapped", {"revision": 1, "cues": [cue]})
    assert answer.status_code == status
    assert (await now_of(transcript)).draft_version == 1
