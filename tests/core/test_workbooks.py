import io
import time
import zipfile
from datetime import date

import pytest

from core.workbooks import TableRow, WorkbookLimits, WorkbookRefused, read_table
from tests.support.workbooks import with_part, workbook

LIMITS = WorkbookLimits(bytes=10_000_000, unpacked_bytes=100_000_000, rows=500, columns=30)
SMALL = workbook([("520001", "州教育局")])


def read(data: bytes, name: str = "名册.xlsx", **limits: int) -> list[TableRow]:
    given = {"bytes": LIMITS.bytes, "unpacked_bytes": LIMITS.unpacked_bytes, "rows": 500, "columns": 30}
    return read_table(name, data, WorkbookLimits(**given | limits))


def test_cells_come_as_text_and_blank_rows_are_left_out() -> None:
    data = workbook(
        [(520001, " 州 教育局\n", 1.5, date(2027, 1, 2), None), (None,), ("=1+1", "x")], header=None
    )
    assert read(data) == [
        TableRow(1, ("520001", "州 教育局", "1.5", "2027-01-02")),
        TableRow(3, ("0", "x")),
    ]


def test_a_list_of_100000_rows_is_refused_quickly() -> None:
    data = workbook((str(line), "单位") for line in range(100_000))
    began = time.perf_counter()
    with pytest.raises(WorkbookRefused, match="超过 500 行"):
        read(data)
    assert time.perf_counter() - began < 5
    with pytest.raises(WorkbookRefused, match="KiB"):
        read(data, bytes=200 * 1024)


def test_a_cell_far_below_is_refused_without_walking_there() -> None:
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    sheet += b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>'
    began = time.perf_counter()
    with pytest.raises(WorkbookRefused, match="超过 500 行"):
        read(with_part(SMALL, "xl/worksheets/sheet1.xml", sheet))
    assert time.perf_counter() - began < 2


def test_too_many_columns_are_refused_and_named() -> None:
    with pytest.raises(WorkbookRefused, match="第 2 行有 31 列"):
        read(workbook([["x"] * 31]))


def test_a_zip_bomb_is_refused_by_the_sizes_it_states_before_it_is_unpacked() -> None:
    bomb = with_part(SMALL, "xl/media/image1.png", b"\x00" * 200_000_000)
    assert len(bomb) < 1_000_000
    began = time.perf_counter()
    with pytest.raises(WorkbookRefused, match="大得不正常"):
        read(bomb)
    assert time.perf_counter() - began < 0.5


def test_a_bomb_that_lies_about_its_size_is_not_unpacked_further() -> None:
    honest = with_part(SMALL, "xl/styles.xml", b" " * 50_000_000)
    real, lie = (50_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    with pytest.raises(WorkbookRefused):
        read(honest.replace(real, lie), unpacked_bytes=1_000_000)


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><x>&a;</x>',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><x>&a;</x>'.encode("utf-16"),
        b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
    ],
)
def test_entities_are_refused(content: bytes) -> None:
    with pytest.raises(WorkbookRefused):
        read(with_part(SMALL, "xl/sharedStrings.xml", content))


def test_macros_are_refused_by_the_ending_and_by_what_is_inside() -> None:
    with_macro = with_part(SMALL, "xl/vbaProject.bin", b"macro")
    for name, data in (("a.xlsm", SMALL), ("a.XLSM", SMALL), ("a.xlsx", with_macro)):
        with pytest.raises(WorkbookRefused, match="不收带宏的文件"):
            read(data, name)


def test_more_parts_than_office_ever_writes_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part in range(501):
            archive.writestr(f"{part}.xml", "")
    with pytest.raises(WorkbookRefused):
        read(buffer.getvalue())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", b""),
        ("a.xlsx", b"code,name"),
        ("a.xlsx", b"PK\x03\x04 and then nothing"),
        ("a.xlsx", SMALL[:-40]),
        ("a.xlsx", SMALL[: len(SMALL) // 2]),
        ("a.csv", SMALL),
        ("a", SMALL),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("a.xlsx", with_part(SMALL, "xl/worksheets/sheet1.xml", b"<worksheet>")),
        ("a.xlsx", with_part(SMALL, "xl/workbook.xml", b"not xml")),
        ("a.xlsx", with_part(SMALL, "xl/workbook.xml", b"<workbook/>")),
    ],
)
def test_what_is_no_workbook_is_refused_with_a_remedy(name: str, data: bytes) -> None:
    with pytest.raises(WorkbookRefused, match="请"):
        read(data, name)
