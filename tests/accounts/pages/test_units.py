import io
import re

from openpyxl import load_workbook

from accounts.models import Unit
from tests.support.cast import Person
from tests.support.website import Website

READERS = {"administrator", "official", "auditor"}
ONE = "/desk/units/520009"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def status_for(person: Person, allowed: set[str], good: int = 200) -> int:
    return 303 if person.user is None else good if person.name in allowed else 403


async def test_officials_and_auditors_read_and_nobody_else_but_administrators(website: Website) -> None:
    for path in ("/desk/units", "/desk/units.xlsx", "/desk/units-template.xlsx", ONE):
        for person in website.cast:
            response = await website.page(person, path)
            assert response.status_code == status_for(person, READERS), (path, person.name)


async def test_only_administrators_write_and_are_offered_to(website: Website) -> None:
    changes = {
        "rename": {"name": "州教育体育局", "since": "2026-11-24"},
        "details": {"kind": "department", "display_order": "3"},
        "retire": {"on": "2027-01-01"},
        "restore": {},
    }
    for act, fields in changes.items():
        for person in website.cast:
            if person.name == "administrator":
                continue
            response = await website.submit(person, f"{ONE}/{act}", fields)
            assert response.status_code == status_for(person, set()), (act, person.name)
    unit = await Unit.get(code="520009")
    assert (unit.name, unit.display_order, unit.retired_on) == ("州教育局", 9, None)
    assert '<form class="panel' not in (await website.page(website.cast.official, ONE)).text
    assert "导入名册" not in (await website.page(website.cast.auditor, "/desk/units")).text
    for act, fields in changes.items():
        response = await website.submit(website.cast.administrator, f"{ONE}/{act}", fields)
        assert response.headers["location"] == ONE, act
    text = (await website.page(website.cast.administrator, ONE)).text
    assert "州教育局（到 2026年11月24日 为止）" in text


async def test_the_list_says_who_is_out_of_use_and_where_its_work_went(website: Website) -> None:
    fields = {"on": "2026-11-01", "merged_into": "520016"}
    response = await website.submit(website.cast.administrator, f"{ONE}/retire", fields)
    assert response.status_code == 303
    text = (await website.page(website.cast.official, "/desk/units")).text
    assert "2026-11-01 起停用，并入州自然资源局" in text
    assert "39 个单位轮值" in text
    again = await website.submit(website.cast.administrator, f"{ONE}/restore")
    twice = await website.submit(website.cast.administrator, f"{ONE}/restore")
    assert again.status_code == twice.status_code == 303
    assert "没有停用，不用恢复" in (await website.page(website.cast.administrator, ONE)).text


async def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(website: Website) -> None:
    cases = [
        ("rename", {"name": "州公安局", "since": "2026-11-24"}, "name"),
        ("rename", {"name": "新名"}, "since"),
        ("rename", {"name": "新名", "since": "2026-11-25"}, "since"),
        ("details", {"kind": "province", "display_order": "3"}, "kind"),
        ("details", {"kind": "county", "display_order": "x"}, "display_order"),
        ("details", {"kind": "county", "display_order": "3", "credit_code": "12"}, "credit_code"),
        ("retire", {"on": "2127-01-01"}, "on"),
        ("retire", {"on": "2027-01-01", "merged_into": "520009"}, "merged_into"),
    ]
    for act, fields, wrong in cases:
        response = await website.submit(website.cast.administrator, f"{ONE}/{act}", fields)
        assert response.status_code == 422, (act, fields)
        assert re.findall(r'id="error-(\w+)"', response.text) == [wrong]


async def test_a_unit_that_is_not_there_is_not_found(website: Website) -> None:
    for code in ("999", "%00", "州司法局"):
        response = await website.page(website.cast.administrator, f"/desk/units/{code}")
        assert response.status_code == 404, code
        response = await website.submit(
            website.cast.administrator, f"/desk/units/{code}/rename", {"name": "x", "since": "2026-01-01"}
        )
        assert response.status_code in (404, 405), code


async def test_the_list_is_downloaded_as_xlsx_in_the_official_order(website: Website) -> None:
    response = await website.page(website.cast.official, "/desk/units.xlsx")
    assert response.headers["content-type"] == XLSX
    assert 'filename="units.xlsx"' in response.headers["content-disposition"]
    sheet = load_workbook(io.BytesIO(response.content))["单位"]
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 41
    assert rows[13][:4] == ("520013", "州司法局", "州级单位", 13)
