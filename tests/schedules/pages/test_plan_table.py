from io import BytesIO
from urllib.parse import unquote

import docx
from openpyxl import load_workbook

from schedules.states import PlanState
from tests.support.cast import UNIT_B
from tests.support.website import Website
from tests.support.year_plans import days_later, planned, told

PATHS = ("/desk/table", "/desk/table/2027", "/desk/table/2027.xlsx", "/desk/table/2027.docx")
SEES_DRAFTS = {"administrator", "duty", "official", "auditor"}


async def test_everybody_with_an_account_reads_the_table_and_nobody_else(website: Website) -> None:
    for path in PATHS:
        for person in website.cast:
            response = await website.page(person, path)
            if person.user is None:
                assert response.headers["location"].startswith("/login"), path
            else:
                assert response.status_code == (303 if path == "/desk/table" else 200), (path, person.name)
                assert "/login" not in response.headers.get("location", "")


async def test_a_unit_reads_what_all_units_were_told_and_no_draft(website: Website) -> None:
    await told(website, "2027-1-1", title="下达了的")
    await told(website, "2027-1-2", title="别家下达了的", unit_id=UNIT_B, starts_at=days_later(14))
    await planned(website, "2027-2-1", title="还是草案的", starts_at=days_later(28))
    for person in website.cast:
        if person.user is None:
            continue
        text = (await website.page(person, "/desk/table/2027")).text
        assert "下达了的" in text
        assert "别家下达了的" in text
        assert ("还是草案的" in text) is (person.name in SEES_DRAFTS), person.name


async def test_files_hold_what_the_page_shows_under_a_chinese_name(website: Website) -> None:
    await told(website, "2027-1-1", title="欠薪怎么办", audience="全州干部职工")
    administrator = website.cast.administrator
    xlsx = await website.page(administrator, "/desk/table/2027.xlsx")
    assert unquote(xlsx.headers["content-disposition"]).endswith("''2027年法治微课堂直播安排表.xlsx")
    sheet = load_workbook(BytesIO(xlsx.content)).active
    assert sheet is not None
    assert (sheet["E3"].value, sheet["G3"].value) == ("欠薪怎么办", "示例联络员甲")
    word = await website.page(administrator, "/desk/table/2027.docx")
    assert unquote(word.headers["content-disposition"]).endswith("''2027年法治微课堂直播安排表.docx")
    assert docx.Document(BytesIO(word.content)).tables[0].rows[1].cells[4].text == "欠薪怎么办"


async def test_a_unit_finds_no_draft_in_its_files_either(website: Website) -> None:
    await planned(website, "2027-2-1", title="还是草案的")
    response = await website.page(website.cast.liaison_a, "/desk/table/2027.xlsx")
    sheet = load_workbook(BytesIO(response.content)).active
    assert sheet is not None
    assert all("草案" not in str(cell.value) for row in sheet.iter_rows() for cell in row)


async def test_a_cancelled_lecture_stays_in_the_table_and_says_so(website: Website) -> None:
    await told(website, "2027-1-1", plan_state=PlanState.CANCELLED)
    text = (await website.page(website.cast.official, "/desk/table/2027")).text
    assert "已取消" in text
    assert "原定2027年1月14日" in text


async def test_a_year_that_is_expected_says_so_and_unknown_years_are_not_found(website: Website) -> None:
    await told(website, "2027-1-1")
    administrator = website.cast.administrator
    assert "2027 年放假安排还没有公布" in (await website.page(administrator, "/desk/table/2027")).text
    for year in ("2031", "0", "99999999999", "x"):
        for suffix in ("", ".xlsx", ".docx"):
            response = await website.page(administrator, f"/desk/table/{year}{suffix}")
            assert response.status_code == 404, (year, suffix)


async def test_an_empty_year_says_what_will_be_here(website: Website) -> None:
    text = (await website.page(website.cast.liaison_b, "/desk/table/2027")).text
    assert "2027年还没有下达的期次" in text
