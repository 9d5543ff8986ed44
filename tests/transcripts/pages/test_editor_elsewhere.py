"""统一改正用词: the list to tick with the whole cast, its outcome, and the wording for the glossary."""

import pytest

from tests.support.cast import UNIT_B
from tests.support.subtitle_pages import CORRECTORS, lecture, only_these_see, others_may_not_send, texts
from tests.support.subtitles import heard, now_of
from tests.support.website import Website
from transcripts.models import GlossaryTerm

WORDS = {"wrong": "行政负义", "right": "行政复议"}


async def test_only_who_corrects_sees_the_list_and_may_tick(website: Website) -> None:
    base, _, _ = await lecture(website)
    _, other, transcript = await lecture(website, cues=heard("先讲行政负义"), title="另一讲")
    await only_these_see(website, f"{base}/elsewhere", CORRECTORS)
    fields = {**WORDS, f"revision-{other.number}": "1", "place": f"{other.number}/cue0"}
    await others_may_not_send(website, f"{base}/elsewhere", fields, CORRECTORS)
    assert await texts(transcript) == ["先讲行政负义"]
    page = (
        await website.page(website.cast.liaison_a, f"{base}/elsewhere?wrong=行政负义&right=行政复议")
    ).text
    assert f'value="{other.number}/cue0" checked' in page
    done = await website.submit(website.cast.liaison_a, f"{base}/elsewhere", fields)
    said = (await website.page(website.cast.liaison_a, done.headers["location"])).text
    assert "改正了 1 期，已发布的各期要等州局再发布。" in said
    assert await texts(transcript) == ["先讲行政复议"]


async def test_a_unit_neither_sees_nor_changes_another_units_lectures(website: Website) -> None:
    base, _, _ = await lecture(website)
    _, other, transcript = await lecture(website, cues=heard("先讲行政负义"), unit=UNIT_B, title="别的单位的")
    query = f"{base}/elsewhere?wrong=行政负义&right=行政复议"
    assert "其他期里没有这个写法" in (await website.page(website.cast.liaison_a, query)).text
    assert other.number in (await website.page(website.cast.administrator, query)).text
    fields = {**WORDS, f"revision-{other.number}": "1", "place": f"{other.number}/cue0"}
    refused = await website.submit(website.cast.liaison_a, f"{base}/elsewhere", fields)
    assert refused.status_code == 403
    assert await texts(transcript) == ["先讲行政负义"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "请至少勾选一处"),
        ({"place": "2099-1-1"}, "请至少勾选一处"),
        ({"place": "2099-1-1/cue0"}, "请至少勾选一处"),
        ({"place": "/", "revision-": "1"}, ""),
        ({"place": "2099-1-1/cue0", "revision-2099-1-1": "x"}, "请至少勾选一处"),
        ({"place": "2099-1-1/cue0", "revision-2099-1-1": "1"}, ""),
    ],
)
async def test_ticks_of_ones_own_are_no_fault_of_the_server(
    website: Website, fields: dict[str, str], words: str
) -> None:
    base, _, transcript = await lecture(website)
    answer = await website.submit(website.cast.administrator, f"{base}/elsewhere", {**WORDS, **fields})
    assert answer.status_code in (404, 422)
    assert words in answer.text
    assert (await now_of(transcript)).revision == 1


async def test_wordings_are_refused_at_their_field(website: Website) -> None:
    base, _, _ = await lecture(website)
    page = (await website.page(website.cast.liaison_a, f"{base}/elsewhere?wrong=一&right=二")).text
    assert "请填写原来的写法，2 到 60 个字。" in page


async def test_the_bureau_adds_the_right_wording_to_the_glossary_and_a_unit_asks_it_to(
    website: Website,
) -> None:
    base, _, _ = await lecture(website)
    query = f"{base}/elsewhere?wrong=负义机关&right=复议机关甲"
    assert "加进词库" not in (await website.page(website.cast.liaison_a, query)).text.replace(
        "告诉州局加进词库", ""
    )
    fields = {"wrong": "负义机关", "right": "复议机关甲", "kind": "organ"}
    await others_may_not_send(website, f"{base}/glossary", fields, CORRECTORS)
    refused = await website.submit(website.cast.liaison_a, f"{base}/glossary", fields)
    assert refused.status_code == 409
    assert "词库由州局维护" in refused.text
    assert "加进词库</button>" in (await website.page(website.cast.administrator, query)).text
    for words in ("已加进词库", "已经"):  # the second time it is there already
        await website.submit(website.cast.administrator, f"{base}/glossary", fields)
        assert words in (await website.page(website.cast.administrator, base)).text
    assert (await GlossaryTerm.get(text="复议机关甲")).kind == "organ"
