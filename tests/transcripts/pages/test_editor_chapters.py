"""Declining a suggested chapter beside the cues, with the whole cast and whatever somebody may send by hand."""

from typing import Any

import pytest

from core.audit.models import AuditEntry
from tests.support.subtitle_pages import CORRECTORS, lecture, send
from tests.support.subtitles import heard, now_of
from tests.support.website import Website
from transcripts.editing.versions import draft_of

SAID = heard("今天讲行政复议法第十一条", "谢谢大家")
LAW = "中华人民共和国行政复议法"
TITLE = "《行政复议法》第十一条"


def asked(**values: Any) -> dict[str, Any]:
    return {"revision": 1, "law": LAW, "article": "11", "wanted": False, **values}


async def test_it_is_declined_stays_in_sight_and_is_taken_back(website: Website) -> None:
    base, row, _ = await lecture(website, cues=SAID)
    person = website.cast.liaison_a
    answer = (await send(website, person, f"{base}/chapters", asked())).json()
    (chapter,) = answer["chapters"]
    assert (answer["revision"], answer["version"]) == (2, 2)
    assert (chapter["title"], chapter["declined_by"]) == (TITLE, person.user.display_name)  # type: ignore[union-attr]
    shown = (await website.page(website.cast.auditor, f"{base}/chapters")).json()
    assert shown["chapters"] == [chapter]
    compared = (await website.page(person, f"{base}/versions?before=1&after=2")).text
    assert f"版本 2 不用章节：{TITLE}" in compared
    assert "两个版本一样" not in compared
    publishing = (await website.page(website.cast.administrator, f"{base}/publish")).text
    assert f"<dt>不用的章节</dt><dd>{TITLE}</dd>" in publishing
    again = await send(website, person, f"{base}/chapters", asked(revision=2, wanted=True))
    assert again.json()["chapters"][0]["declined_by"] == ""
    assert "不用的章节" not in (await website.page(website.cast.administrator, f"{base}/publish")).text
    log = (await website.page(website.cast.administrator, f"/desk/audit?subject=subtitle:{row.number}")).text
    assert "不用一处章节建议" in log
    assert "恢复一处章节建议" in log


async def test_only_who_may_correct_decides(website: Website) -> None:
    base, row, transcript = await lecture(website, cues=SAID)
    for person in website.cast:
        if person.name in CORRECTORS:
            continue
        answer = await send(website, person, f"{base}/chapters", asked())
        assert answer.status_code == (401 if person.user is None else 403), person.name
    foreign = await send(
        website, website.cast.liaison_a, f"{base}/chapters", asked(), **{"sec-fetch-site": "cross-site"}
    )
    assert foreign.status_code == 403
    assert (await now_of(transcript)).revision == 1
    assert await AuditEntry.filter(subject=f"subtitle:{row.number}").count() == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(asked(revision=7), 409, id="somebody was quicker"),
        pytest.param(asked(law="刑法"), 404, id="a law nobody spoke of"),
        pytest.param(asked(article="12"), 404, id="an article nobody spoke of"),
        pytest.param(asked(law=""), 422, id="no law"),
        pytest.param(asked(law="法" * 81), 422, id="a name too long"),
        pytest.param(asked(article="1" * 17), 422, id="a number too long"),
        pytest.param(asked(wanted="perhaps"), 422, id="neither"),
        pytest.param(asked(more=1), 422, id="something more"),
        pytest.param([], 400, id="a list"),
        pytest.param(b"\xff", 400, id="no text"),
    ],
)
async def test_what_is_sent_by_hand_is_refused_in_chinese_and_changes_nothing(
    website: Website, body: Any, status: int
) -> None:
    base, _, transcript = await lecture(website, cues=SAID)
    answer = await send(website, website.cast.liaison_a, f"{base}/chapters", body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert not answer.json()["detail"].isascii()
    draft = await draft_of(await now_of(transcript))
    assert draft is not None
    assert (draft.number, draft.declined) == (1, [])


async def test_who_only_reads_is_offered_no_decision(website: Website) -> None:
    base, _, _ = await lecture(website, cues=SAID)
    assert "点“不用”" in (await website.page(website.cast.liaison_a, base)).text
    assert "点“不用”" not in (await website.page(website.cast.auditor, base)).text
