"""词库: read by who corrects, changed by the bureau; a list in and out, and whatever somebody may put in."""

import pytest

from tests.support.subtitle_pages import only_these_see, others_may_not_send
from tests.support.website import Website
from transcripts.models import GlossaryTerm, TermKind

BUREAU = ("administrator", "duty")
READERS = (*BUREAU, "liaison-a", "liaison-b", "auditor")
PLACE = "/desk/glossary"


async def bring(website: Website, data: bytes, name: str = "词库.txt") -> tuple[int, str]:
    browser = await website.browser(website.cast.administrator)
    answer = await browser.post(
        f"{PLACE}/import", files={"file": (name, data)}, headers={"sec-fetch-site": "same-origin"}
    )
    if answer.status_code == 303:
        answer = await website.page(website.cast.administrator, PLACE)
    return answer.status_code, answer.text


async def test_who_corrects_reads_it_and_the_bureau_changes_it(website: Website) -> None:
    await only_these_see(website, PLACE, READERS)
    await only_these_see(website, f"{PLACE}/export", READERS)
    for path, fields in (("", {"text": "复议机关甲", "kind": "organ"}), ("/remove", {"text": "复议机关甲"})):
        await others_may_not_send(website, PLACE + path, fields, BUREAU)
    assert not await GlossaryTerm.filter(text="复议机关甲").exists()
    assert "加进词库</button>" not in (await website.page(website.cast.liaison_a, PLACE)).text


async def test_a_term_is_added_found_and_taken_out(website: Website) -> None:
    person = website.cast.administrator
    await website.submit(person, PLACE, {"text": "复议机关甲", "kind": "organ"})
    page = (await website.page(person, PLACE)).text
    assert "“复议机关甲”已加进词库。" in page
    assert (await GlossaryTerm.get(text="复议机关甲")).added_by == "示例管理员"
    assert "复议机关甲" in (await website.page(person, f"{PLACE}?q=关甲")).text
    again = await website.submit(person, PLACE, {"text": "复议机关甲", "kind": "term"})
    assert again.status_code == 409
    assert 'value="复议机关甲"' in again.text
    await website.submit(person, f"{PLACE}/remove", {"text": "复议机关甲"})
    assert not await GlossaryTerm.filter(text="复议机关甲").exists()
    await website.submit(person, f"{PLACE}/remove", {"text": "复议机关甲"})  # twice is told
    assert (await website.page(person, PLACE)).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "", "kind": "term"},
        {"text": "一", "kind": "term"},
        {"text": "词" * 61, "kind": "term"},
        {"text": "复议\x00机关", "kind": "term"},
        {"text": "复议机关甲", "kind": "nonsense"},
    ],
)
async def test_what_is_no_term_is_refused_at_its_field(website: Website, fields: dict[str, str]) -> None:
    answer = await website.submit(website.cast.administrator, PLACE, fields)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert fields["text"] not in [term.text for term in await GlossaryTerm.all()]


async def test_a_list_goes_in_and_comes_out(website: Website) -> None:
    status, page = await bring(website, "复议机关甲\t机关\n测试用语乙\n复议机关甲\n".encode())
    assert status == 200
    assert "加了 2 个词" in page
    assert (await GlossaryTerm.get(text="复议机关甲")).kind is TermKind.ORGAN
    out = (await website.page(website.cast.liaison_a, f"{PLACE}/export")).content
    assert "复议机关甲" in out.decode()
    status, page = await bring(website, out)
    assert (status, "加了 0 个词" in page) == (200, True)


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", "一\n".encode(), "复议机关甲\t没有的类别\n".encode()])
async def test_a_list_that_cannot_be_read_is_refused_and_adds_nothing(website: Website, data: bytes) -> None:
    await website.page(website.cast.administrator, PLACE)  # what came with us is laid at the first sight
    before = await GlossaryTerm.all().count()
    status, page = await bring(website, data)
    assert status == 422, page
    assert "error-file" in page
    assert await GlossaryTerm.all().count() == before


async def test_too_long_a_list_is_refused(website: Website) -> None:
    most = website.settings.glossary_import_kib * 1024
    status, _ = await bring(website, b"x" * (most + 1))
    assert status in (413, 422)
    terms = "".join(f"测试用语{n}\n" for n in range(website.settings.glossary_most + 1))
    status, page = await bring(website, terms.encode())
    assert status == 422
    assert str(website.settings.glossary_most) in page


async def test_markup_in_a_term_is_words(website: Website) -> None:
    await website.submit(website.cast.administrator, PLACE, {"text": "<b>粗</b>", "kind": "term"})
    page = (await website.page(website.cast.administrator, f"{PLACE}?q=<b>")).text
    assert "<b>粗" not in page
