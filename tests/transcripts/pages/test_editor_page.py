"""The editor and its endpoints with the whole cast, two tabs, and whatever somebody may send by hand."""

from typing import Any

import pytest

from schedules.models import Material, MaterialKind
from schedules.replay_states import ReplayState
from schedules.turns.materials import open_materials
from tests.support.subtitle_pages import CORRECTORS, READERS, lecture, send, texts
from tests.support.subtitles import heard, now_of
from tests.support.website import Website
from transcripts.models import CueVersion, TermAnswer, TermQuestion, Waveform

WRITES = (
    "hold",
    "release",
    "save",
    "hints",
    "questions/00000000-0000-0000-0000-000000000000/settle",
    "tapped",
)


def cue(text: str = "今天讲行政复议法", name: str = "cue1", **values: Any) -> dict[str, Any]:
    return {"id": name, "start_ms": 2000, "end_ms": 4000, "lines": text.split("/"), **values}


async def test_the_unit_the_bureau_and_the_auditor_read_the_draft_and_nobody_else(website: Website) -> None:
    base, _, _ = await lecture(website)
    for person in website.cast:
        page = await website.page(person, base)
        expected = 303 if person.user is None else 200 if person.name in READERS else 403
        assert page.status_code == expected, person.name
        for path in ("draft", "script", "chapters"):
            answer = await website.page(person, f"{base}/{path}")
            assert answer.status_code == (401 if person.user is None else expected), (path, person.name)
            if expected != 200:
                assert answer.headers["content-type"] == "application/problem+json"
                assert "行政负义" not in answer.text
        wave = await website.page(person, f"{base}/waveform")
        expected = 401 if person.user is None else 204 if person.name in READERS else 403
        assert wave.status_code == expected, person.name  # a worker has not drawn it yet


async def test_only_the_unit_and_the_bureau_may_write(website: Website) -> None:
    base, _, transcript = await lecture(website)
    for path in WRITES:
        for person in website.cast:
            if person.name in CORRECTORS:
                continue
            answer = await send(website, person, f"{base}/{path}", {"revision": 1, "cues": [cue()]})
            assert answer.status_code == (401 if person.user is None else 403), (path, person.name)
    assert (await now_of(transcript)).revision == 1
    assert (await now_of(transcript)).editor == ""


async def test_another_sites_page_changes_nothing(website: Website) -> None:
    base, _, transcript = await lecture(website)
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
        body = {"revision": 1, "cues": [cue()]}
        answer = await send(website, website.cast.liaison_a, f"{base}/save", body, **headers)
        assert answer.status_code == 403
    assert (await now_of(transcript)).revision == 1


async def test_a_correction_is_saved_checked_and_answered(website: Website) -> None:
    base, _, transcript = await lecture(website)
    long = "今天讲一讲行政复议法和行政诉讼法的区别"
    answer = await send(website, website.cast.liaison_a, f"{base}/save", {"revision": 1, "cues": [cue(long)]})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["revision"], told["version"]) == (2, 2)
    assert told["checked"] == ["cue0", "cue1", "cue2"]
    assert {(fault["cue"], fault["level"], fault["code"]) for fault in told["faults"]} >= {
        ("cue1", "error", "width")
    }
    assert told["cues"][0]["prob"] is None  # a person wrote it
    assert (await texts(transcript))[1] == long


async def test_a_double_submit_and_a_stale_tab_change_nothing_more(website: Website) -> None:
    base, _, transcript = await lecture(website)
    body = {"revision": 1, "cues": [cue("第一个窗口")]}
    statuses = [
        (await send(website, website.cast.liaison_a, f"{base}/save", sent)).status_code
        for sent in (body, body, {**body, "cues": [cue("第二个窗口")]})
    ]
    assert statuses == [200, 409, 409]
    assert (await texts(transcript))[1] == "第一个窗口"
    again = await send(website, website.cast.liaison_a, f"{base}/save", body)
    assert again.json()["code"] == "stale"
    assert "刚刚被示例联络员甲改过" in again.json()["detail"]


async def test_who_comes_second_is_told_who_corrects_and_may_take_over(website: Website) -> None:
    base, _, transcript = await lecture(website)
    first, second = website.cast.liaison_a, website.cast.administrator
    assert (await send(website, first, f"{base}/hold", {})).json()["hold"]["mine"] is True
    refused = await send(website, second, f"{base}/hold", {})
    assert (refused.status_code, refused.json()["code"], refused.json()["name"]) == (
        409,
        "taken",
        "示例联络员甲",
    )
    assert "示例联络员甲正在校对" in (await website.page(second, "/desk/subtitles")).text
    taken = await send(website, second, f"{base}/hold", {"take_over": refused.json()["key"]})
    assert taken.json()["hold"]["mine"] is True
    lost = await send(website, first, f"{base}/save", {"revision": 1, "cues": [cue()]})
    assert (lost.status_code, lost.json()["code"], lost.json()["name"]) == (409, "taken", "示例管理员")
    assert (await now_of(transcript)).revision == 1
    await send(website, second, f"{base}/release", {})
    assert (await send(website, first, f"{base}/save", {"revision": 1, "cues": [cue()]})).status_code == 200


HOSTILE = {
    "no JSON": (b"{", 400),
    "a list": (b"[]", 400),
    "no revision": ({"cues": [cue()]}, 422),
    "a text for a number": ({"revision": "1", "cues": [cue()]}, 422),
    "NaN": (b'{"revision": 1, "cues": [{"id": "a", "start_ms": NaN, "end_ms": 1, "lines": ["a"]}]}', 422),
    "infinity": (
        b'{"revision": 1, "cues": [{"id": "a", "start_ms": 1e999, "end_ms": 1, "lines": ["a"]}]}',
        422,
    ),
    "half a surrogate": (b'{"revision": 1, "cues": [], "removed": ["\\ud800"]}', 400),
    "a negative time": ({"revision": 1, "cues": [cue(start_ms=-1)]}, 422),
    "a time of next year": ({"revision": 1, "cues": [cue(end_ms=10**15)]}, 422),
    "a float": ({"revision": 1, "cues": [cue(start_ms=0.5)]}, 422),
    "lines that are none": ({"revision": 1, "cues": [cue(lines="text")]}, 422),
    "too many lines": ({"revision": 1, "cues": [cue("/".join("一" * 9))]}, 422),
    "a line without end": ({"revision": 1, "cues": [cue("一" * 5000)]}, 422),
    "control characters": ({"revision": 1, "cues": [cue("a\x00b")]}, 422),
    "an id of another kind": ({"revision": 1, "cues": [cue(name="../../etc")]}, 422),
    "the same cue twice": ({"revision": 1, "cues": [cue(), cue()]}, 422),
    "a field of one's own": ({"revision": 1, "cues": [cue(held="")]}, 422),
    "ten megabytes": (b'{"revision": 1, "x": "' + b"a" * 10_000_000 + b'"}', 413),
    "a hundred thousand cues": (
        {
            "revision": 1,
            "cues": [{"id": f"c{n}", "start_ms": 0, "end_ms": 1, "lines": []} for n in range(100_000)],
        },
        413,
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_bodies_are_refused_in_words_and_change_nothing(website: Website, name: str) -> None:
    base, _, transcript = await lecture(website)
    body, status = HOSTILE[name]
    answer = await send(website, website.cast.liaison_a, f"{base}/save", body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert any("\u4e00" <= letter <= "\u9fff" for letter in answer.json()["detail"])
    assert (await now_of(transcript)).revision == 1
    assert await CueVersion.filter(transcript_id=transcript.id).count() == 1


async def test_more_cues_than_a_lecture_may_have_are_refused(website: Website) -> None:
    base, _, transcript = await lecture(website)
    most = website.settings.subtitle_most_cues
    cues = [{"id": f"c{n}", "start_ms": n, "end_ms": n + 1, "lines": ["a"]} for n in range(most + 1)]
    answer = await send(website, website.cast.liaison_a, f"{base}/save", {"revision": 1, "cues": cues})
    assert answer.status_code == 422
    assert f"最多 {most} 条" in answer.json()["detail"]
    assert (await now_of(transcript)).revision == 1


async def test_unknown_ids_and_foreign_lectures_are_no_fault_of_the_server(website: Website) -> None:
    base, _, transcript = await lecture(website)
    body = {
        "revision": 1,
        "cues": [cue()],
        "removed": ["no-such"],
        "looked": ["neither"],
        "unlooked": ["nor"],
    }
    assert (await send(website, website.cast.liaison_a, f"{base}/save", body)).status_code == 200
    assert len(await texts(transcript)) == 4
    for number in ("2099-1-1", "nonsense"):
        answer = await send(website, website.cast.administrator, f"/desk/subtitles/{number}/save", body)
        assert answer.status_code == 404


async def test_words_of_a_cue_are_never_markup(website: Website) -> None:
    evil = "<script>alert(1)"
    base, _, _ = await lecture(website, cues=heard(evil, held='"><img src=x onerror=alert(2)>'))
    person = website.cast.administrator
    assert (await website.page(person, f"{base}/draft")).json()["cues"][0]["lines"] == [evil]
    for path in ("", "/versions", "/ask", "/elsewhere?wrong=%3Cscript%3E&right=ab", "/publish"):
        page = await website.page(person, base + path)
        assert page.status_code == 200, path
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


async def test_a_replay_that_is_withheld_is_said_not_to_play(website: Website) -> None:
    base, _, _ = await lecture(website, replay_state=ReplayState.WITHHELD)
    page = (await website.page(website.cast.liaison_a, base)).text
    assert "回看现在是“暂缓”" in page
    assert "<lecture-player>" not in page


async def test_the_auditor_looks_and_has_no_button_to_change_anything(website: Website) -> None:
    base, _, _ = await lecture(website)
    page = (await website.page(website.cast.auditor, base)).text
    assert 'data-may-correct="false"' in page
    for words in ("校对完成</button>", "接手</button>", "查找替换", "发布…"):
        assert words not in page, words


async def test_the_outline_of_the_sound_is_given_as_bytes(website: Website) -> None:
    base, _, transcript = await lecture(website)
    await Waveform.create(
        transcript_id=transcript.id, rate=25, peaks=bytes(range(50)), made_at=website.clock.now()
    )
    answer = await website.page(website.cast.liaison_a, f"{base}/waveform")
    assert (answer.content, answer.headers["x-steps-per-second"]) == (bytes(range(50)), "25")


async def test_what_sounds_like_a_term_is_offered(website: Website) -> None:
    base, _, _ = await lecture(website)
    answer = await send(website, website.cast.liaison_a, f"{base}/hints", {"lines": ["今天讲行政负义法"]})
    offers = answer.json()["suggestions"]
    assert {"wrong": "行政负义法", "right": "行政复议法"}.items() <= offers[0].items(), offers
    assert offers[0]["text"] == "今天讲行政复议法"


async def test_a_lecture_without_a_draft_leads_to_where_one_is_brought_in(website: Website) -> None:
    base, _, _ = await lecture(website, cues=[])
    answer = await website.page(website.cast.liaison_a, base)
    assert answer.headers["location"] == f"{base}/bring"
    assert (await website.page(website.cast.auditor, base)).status_code == 404


async def test_the_laws_spoken_of_are_the_chapters_the_public_will_get(website: Website) -> None:
    base, _, _ = await lecture(website, cues=heard("今天讲行政复议法第十一条", "谢谢大家"))
    (chapter,) = (await website.page(website.cast.liaison_a, f"{base}/chapters")).json()["chapters"]
    assert (chapter["cue"], chapter["at_ms"], chapter["title"]) == ("cue0", 0, "《行政复议法》第十一条")
    assert (chapter["name"], chapter["article"], chapter["declined_by"]) == ("行政复议法", "11", "")
    assert chapter["url"].startswith("https://")
    page = (await website.page(website.cast.liaison_a, base)).text
    assert "以讲课时有效文本为准" in page


async def test_the_approved_scripts_wording_stands_beside_what_was_heard(website: Website) -> None:
    base, row, _ = await lecture(website, cues=heard("今天讲行政负义法", "完全是别的话题"))
    script = "今天讲《行政复议法》。\n谢谢大家。".encode()
    now = website.clock.now()
    material = Material(
        broadcast_id=row.id,
        kind=MaterialKind.SCRIPT,
        name="讲稿.txt",
        media_type="text/plain",
        size=len(script),
        sha256="a" * 64,
        uploaded_at=now,
        uploaded_by="示例联络员甲",
        uploaded_actor="user:1",
    )
    await material.save()
    await open_materials(website.settings).put(material.key, script)
    person = website.cast.liaison_a
    assert (await website.page(person, f"{base}/script")).json() == {"passages": {}}  # not approved
    material.frozen_at = now
    await material.save()
    passages = (await website.page(person, f"{base}/script")).json()["passages"]
    assert list(passages) == ["cue0"]
    assert passages["cue0"]["text"] == "今天讲《行政复议法》"


async def test_a_script_that_is_lost_or_no_text_leaves_the_editor_as_it_is(website: Website) -> None:
    base, row, _ = await lecture(website)
    for name in ("扫描件.pdf", "没了.docx"):
        await Material.create(
            broadcast_id=row.id,
            kind=MaterialKind.SCRIPT,
            name=name,
            media_type="application/pdf",
            size=9,
            sha256=name[:2] * 32,
            uploaded_at=website.clock.now(),
            uploaded_by="示例联络员甲",
            uploaded_actor="user:1",
            frozen_at=website.clock.now(),
        )
    answer = await website.page(website.cast.liaison_a, f"{base}/script")
    assert (answer.status_code, answer.json()) == (200, {"passages": {}})


async def test_an_answer_of_the_lecturer_is_settled_once_it_is_taken_over(website: Website) -> None:
    base, _, transcript = await lecture(website)
    question = await TermQuestion.create(
        transcript_id=transcript.id,
        cue="cue1",
        text="今天讲行政负义法",
        start_ms=2000,
        end_ms=4000,
        answer=TermAnswer.CORRECTED,
        suggestion="今天讲行政复议法",
        asked_by="示例联络员甲",
        asked_at=website.clock.now(),
        answered_by="示例讲师A",
    )
    person = website.cast.liaison_a
    (answer,) = (await website.page(person, f"{base}/draft")).json()["answers"]
    assert (answer["suggestion"], answer["name"], answer["right"]) == ("今天讲行政复议法", "示例讲师A", False)
    for _ in range(2):  # twice is no fault
        settled = await send(website, person, f"{base}/questions/{question.id}/settle", {})
        assert settled.status_code == 200
    assert (await website.page(person, f"{base}/draft")).json()["answers"] == []
    for path in ("nonsense", "00000000-0000-0000-0000-000000000000"):
        assert (await send(website, person, f"{base}/questions/{path}/settle", {})).status_code == 404


async def test_hints_are_asked_with_lines_and_nothing_else(website: Website) -> None:
    base, _, _ = await lecture(website)
    for body in ({"lines": "text"}, {"lines": ["a"] * 9}, {}, {"lines": [], "x": 1}):
        assert (await send(website, website.cast.liaison_a, f"{base}/hints", body)).status_code == 422
    long = await send(website, website.cast.liaison_a, f"{base}/hints", {"lines": ["行" * 5000] * 6})
    assert long.status_code == 200
