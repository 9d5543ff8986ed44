import io
import json
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from core.errors import Invalid
from schedules.workdays.announcement import LARGEST_FILE, read_announcement
from schedules.workdays.days import DayKind
from tests.support.announcements import announcement_2027, announcement_2027_json, rows_2027


def sheet(rows: list[tuple[object, ...]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    content = io.BytesIO()
    book.save(content)
    book.close()
    return content.getvalue()


def test_csv_json_and_xlsx_say_the_same() -> None:
    xlsx = sheet(
        [
            ("2027 年放假安排",),
            ("日期", "类型", "名称"),
            *((datetime(day.year, day.month, day.day), kind, name) for day, kind, name in rows_2027()),
        ]
    )
    of_csv = read_announcement(announcement_2027(), "2027.csv")
    of_json = read_announcement(announcement_2027_json(), "2027.JSON")
    of_xlsx = read_announcement(xlsx, "2027.xlsx")
    assert of_csv.year == 2027
    assert of_csv.days == of_json.days == of_xlsx.days
    assert of_csv.days[date(2027, 10, 9)].kind is DayKind.WORKED
    assert of_csv.days[date(2027, 10, 9)].name == "国庆节调休上班"
    assert "2027.csv" in of_csv.source


def test_a_table_saved_by_a_chinese_excel_is_read_too() -> None:
    content = announcement_2027().decode().encode("gb18030")
    assert read_announcement(content, "2027.csv").year == 2027


def test_the_december_before_may_belong_to_it() -> None:
    content = announcement_2027() + "\n2026-12-27,上班,元旦".encode()
    announcement = read_announcement(content, "2027.csv")
    assert announcement.year == 2027
    assert list(announcement.days_of(2026)) == [date(2026, 12, 27)]


def test_every_wrong_row_is_named() -> None:
    wrong = "2027-13-01,放假,元旦\n2027-03-02,也许,某日\n2027-03-03,放假,\n2027-01-01,上班,元旦\n"
    with pytest.raises(Invalid) as caught:
        read_announcement(announcement_2027() + b"\n" + wrong.encode(), "2027.csv")
    last = len(rows_2027()) + 1
    assert [*caught.value.fields] == [f"第 {last + n} 行" for n in (1, 2, 3, 4)]
    assert "日期要写成" in caught.value.fields[f"第 {last + 1} 行"]
    assert "也许" in caught.value.fields[f"第 {last + 2} 行"]
    assert "写了两次" in caught.value.fields[f"第 {last + 4} 行"]


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.csv", "没有找到表头"),
        ("日期,类型,名称\n".encode(), "a.csv", "没有放假安排"),
        (b"\xff\xfe\xff", "a.csv", "文字编码"),
        (b"{", "a.json", "不是有效的 JSON"),
        (b"[" * 100_000, "a.json", "不是有效的 JSON"),
        (b"[1]", "a.json", "要有一个列表"),
        (b"PK", "a.xlsx", "打不开"),
        (b"x", "a.xls", "只能导入"),
        (b"x" * (LARGEST_FILE + 1), "a.csv", "太大"),
        (b"date,kind,name\n" + b"2027-01-01,off,x\n" * 500, "a.csv", "超过"),
        (b"date,kind,name\n1990-01-01,off,x\n", "a.csv", "不在可以导入的年份里"),
    ],
)
def test_a_file_that_is_no_announcement_says_what_is_wrong(content: bytes, name: str, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        read_announcement(content, name)


def test_half_an_announcement_is_refused() -> None:
    rows = [line for line in announcement_2027().decode().splitlines() if "端午" not in line]
    with pytest.raises(Invalid, match="还缺：端午"):
        read_announcement("\n".join(rows).encode(), "2027.csv")
    rows = [line for line in announcement_2027().decode().splitlines() if "2027-10-02" not in line]
    with pytest.raises(Invalid, match="还缺：10月2日"):
        read_announcement("\n".join(rows).encode(), "2027.csv")


def test_another_years_day_among_them_is_refused() -> None:
    with pytest.raises(Invalid, match="混进了 2028-01-01"):
        read_announcement(announcement_2027() + "\n2028-01-01,放假,元旦".encode(), "2027.csv")


def test_a_weekday_marked_as_worked_is_a_slip() -> None:
    with pytest.raises(Invalid, match="本来就是工作日"):
        read_announcement(announcement_2027() + "\n2027-03-03,上班,某日".encode(), "2027.csv")


def test_a_workbook_that_unpacks_into_too_much_is_not_unpacked() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (32 * 1024 * 1024))
    with pytest.raises(Invalid, match="展开以后太大"):
        read_announcement(bomb.getvalue(), "a.xlsx")


def test_json_with_other_types_inside_names_the_entry() -> None:
    with pytest.raises(Invalid, match="第 1 项"):
        read_announcement(json.dumps([{"date": 20270101, "kind": [], "name": {}}]).encode(), "a.json")
