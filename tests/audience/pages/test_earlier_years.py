"""往年数字: entered by hand with their source, kept apart as 旧口径."""

import json

import pytest

from audience.models import EarlierYear
from core.audit.models import AuditEntry
from tests.support.website import Website, website

__all__ = ["website"]

PATH = "/desk/earlier-years"


def fields(**changes: str) -> dict[str, str]:
    return {
        "year": "2022", "lectures": "24", "views": "20000", "is_at_least": "yes",
        "source": "2022年新闻报道：直播普法24次，收看超2万人次", **changes,
    }  # fmt: skip


async def test_the_administrator_enters_and_officials_read(website: Website) -> None:
    cast = website.cast
    for person in cast:
        may_read = person in (cast.administrator, cast.official, cast.auditor)
        expected = 200 if may_read else 303 if person is cast.anonymous else 403
        assert (await website.page(person, PATH)).status_code == expected, person.name
        if person is not cast.administrator:
            answer = await website.submit(person, PATH, fields())
            assert answer.status_code == (303 if person is cast.anonymous else 403), person.name
    assert await EarlierYear.all().count() == 0
    assert (await website.submit(cast.administrator, PATH, fields())).status_code == 303
    page = (await website.page(cast.official, PATH)).text
    assert "旧口径" in page
    assert "超过 20000" in page
    assert "更正" not in page


async def test_a_correction_is_meant_and_kept_in_the_audit_log(website: Website) -> None:
    administrator = website.cast.administrator
    await website.submit(administrator, PATH, fields())
    assert (await website.submit(administrator, PATH, fields(views="21000"))).status_code == 409
    form = await website.page(administrator, f"{PATH}/2022")
    assert 'name="replaces"' in form.text
    answer = await website.submit(administrator, PATH, fields(views="21000", replaces="yes"))
    assert answer.status_code == 303
    assert (await EarlierYear.get(year=2022)).views == 21_000
    last = await AuditEntry.filter(action="audience.earlier_year_entered").order_by("-number").first()
    assert last is not None
    assert (json.loads(last.before)["views"], json.loads(last.after)["views"]) == (20_000, 21_000)


@pytest.mark.parametrize(
    "wrong",
    [
        {"year": "2026"},
        {"year": "1999"},
        {"year": "二二年"},
        {"views": "-1"},
        {"views": "", "lectures": ""},
        {"source": ""},
    ],
    ids=str,
)
async def test_what_cannot_be_is_refused_and_stays_typed(website: Website, wrong: dict[str, str]) -> None:
    answer = await website.submit(website.cast.administrator, PATH, fields(**wrong))
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert await EarlierYear.all().count() == 0
