from datetime import timedelta

import pytest

from core.audit.models import AuditEntry
from core.database import transaction
from schedules.models import Broadcast
from tests.support.published_subtitles import cues, given_lecture, published
from tests.support.website import Website
from transcripts.models import LawRevision, StatuteMention
from transcripts.search.indexing import index_lecture

PAGE = "/desk/laws"
LAW = "中华人民共和国行政复议法"
READERS = {"administrator", "official", "auditor"}
MARK = {"law": LAW, "since": "2027-01-01", "note": "条文序号有变化"}


@pytest.fixture
async def lecture(website: Website) -> Broadcast:
    made = await given_lecture("新法解读", now=website.clock.now())
    async with transaction():
        await published(made, cues("今天讲行政复议法", "先看第十一条"), now=website.clock.now())
        await index_lecture(made.id)
    return made


async def test_publishing_notes_the_laws_and_publishing_anew_notes_them_anew(
    website: Website, lecture: Broadcast
) -> None:
    rows = await StatuteMention.all().order_by("at_ms").values_list("law", "article", "at_ms")
    assert rows == [(LAW, "", 0), (LAW, "11", 4000)]
    async with transaction():
        await published(lecture, cues("不讲法律了"), now=website.clock.now())
        await index_lecture(lecture.id)
    assert await StatuteMention.all().count() == 0


async def test_who_may_read_and_who_may_mark(website: Website, lecture: Broadcast) -> None:
    for person in website.cast:
        response = await website.page(person, PAGE)
        if person.user is None:
            assert response.headers["location"].startswith("/login")
        else:
            assert (response.status_code == 200) is (person.name in READERS), person.name
        if response.status_code == 200:
            assert ("标记为已修订" in response.text) is (person.name == "administrator")
        if person.name == "administrator":
            continue
        for act, fields in (("mark", MARK), ("take-back", {"law": LAW})):
            response = await website.submit(person, f"{PAGE}/{act}", fields)
            assert response.status_code == (303 if person.user is None else 403), (act, person.name)
    assert await LawRevision.all().count() == 0


async def test_a_mark_is_shown_on_the_replays_concerned_and_can_be_taken_back(
    website: Website, lecture: Broadcast
) -> None:
    administrator = website.cast.administrator
    old = await given_lecture(
        "旧的一讲", now=website.clock.now(), first_live_at=website.clock.now() - timedelta(days=800)
    )
    async with transaction():
        await published(old, cues("行政复议法"), now=website.clock.now())
        await index_lecture(old.id)
    assert (await website.submit(administrator, f"{PAGE}/mark", MARK)).status_code == 303
    page = (await website.page(administrator, PAGE)).text
    assert "2 期回看上有提示" in page
    for each in (lecture, old):
        assert (
            "《行政复议法》已修订" in (await website.page(website.cast.anonymous, f"/l/{each.number}")).text
        )
    between = (website.clock.now() - timedelta(days=100)).date().isoformat()
    await website.submit(administrator, f"{PAGE}/mark", {**MARK, "since": between})
    assert "1 期回看上有提示" in (await website.page(administrator, PAGE)).text
    assert "已修订" not in (await website.page(website.cast.anonymous, f"/l/{lecture.number}")).text
    assert (await website.submit(administrator, f"{PAGE}/take-back", {"law": LAW})).status_code == 303
    assert "已修订" not in (await website.page(website.cast.anonymous, f"/l/{old.number}")).text
    acts = await AuditEntry.filter(subject=f"law:{LAW}").order_by("number")
    assert [each.action for each in acts] == ["law.revised", "law.revised", "law.revision_taken_back"]
    again = await website.submit(administrator, f"{PAGE}/take-back", {"law": LAW})
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"since": ""}, 422),
        ({"since": "明年"}, 422),
        ({"since": "1900-01-01"}, 422),
        ({"since": "2999-01-01"}, 422),
        ({"note": "长" * 201}, 422),
        ({"law": "没有人讲过的法"}, 404),
        ({"law": ""}, 422),
    ],
)
async def test_what_cannot_be_marked_is_refused_and_nothing_is_kept(
    fields: dict[str, str], status: int, website: Website, lecture: Broadcast
) -> None:
    response = await website.submit(website.cast.administrator, f"{PAGE}/mark", {**MARK, **fields})
    assert response.status_code == status
    assert await LawRevision.all().count() == 0
    assert await AuditEntry.filter(action="law.revised").count() == 0


async def test_a_law_is_found_by_part_of_its_name(website: Website, lecture: Broadcast) -> None:
    administrator = website.cast.administrator
    assert "新法解读" in (await website.page(administrator, f"{PAGE}?law=复议")).text
    assert "没有这部法律" in (await website.page(administrator, f"{PAGE}?law=森林")).text
