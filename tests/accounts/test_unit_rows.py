from collections.abc import Sequence

import pytest

from accounts.models import UnitKind
from accounts.unit_rows import UnitRow, read_day, read_rows
from core.workbooks import TableRow
from tests.support.workbooks import HEADER

GOOD = ("520001", "州教育局", "州级单位", "1", "", "", "")


def table(*rows: Sequence[str], header: Sequence[str] = HEADER) -> list[TableRow]:
    return [TableRow(number, tuple(row)) for number, row in enumerate([header, *rows], start=1)]


def test_a_list_is_read() -> None:
    rows, faults = read_rows(
        table(GOOD, ("522701", "都匀市", "县(市)", "29", " 91350100m000100y43", "2027年1月2日", "520001"))
    )
    assert faults == []
    assert rows == [
        UnitRow(2, "520001", "州教育局", UnitKind.DEPARTMENT, 1, "", "", ""),
        UnitRow(3, "522701", "都匀市", UnitKind.COUNTY, 29, "91350100M000100Y43", "2027-01-02", "520001"),
    ]


def test_a_title_may_stand_above_columns_in_any_order_and_the_optional_ones_may_be_missing() -> None:
    rows, faults = read_rows(
        [TableRow(1, ("黔南州责任单位名册",)), *table(("州教育局", "9", "x"), header=())[1:]]
    )
    assert (rows, faults[0].field) == ([], "表头")
    given = [
        TableRow(1, ("黔南州责任单位名册",)),
        TableRow(3, ("名称", "备注", "显示顺序", "类别", "代码")),
        TableRow(4, ("州教育局", "无", "1", "部门", "520001")),
    ]
    assert read_rows(given) == ([UnitRow(4, "520001", "州教育局", UnitKind.DEPARTMENT, 1)], [])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (0, ""),
        (0, "52-001"),
        (0, "5" * 17),
        (0, "５２"),
        (1, ""),
        (1, "局" * 61),
        (1, "州\x00局"),
        (2, ""),
        (2, "省级"),
        (3, ""),
        (3, "0"),
        (3, "-1"),
        (3, "1.5"),
        (3, "10000"),
        (3, "9" * 5000),
        (3, "²"),
        (4, "123"),
        (5, "明年"),
        (5, "2027-02-30"),
        (6, "520001"),
        (6, "州教育局"),
    ],
)
def test_each_wrong_cell_is_named_by_row_and_column_with_a_remedy(column: int, value: str) -> None:
    row = [*GOOD]
    row[column] = value
    rows, faults = read_rows(table(("520009", "州别的局", "州级单位", "2"), row))
    assert [(fault.row, fault.field) for fault in faults] == [(3, HEADER[column])]
    assert faults[0].text.endswith("。")
    assert len(rows) == 1


def test_all_faults_are_told_at_once_in_the_order_of_the_rows() -> None:
    _, faults = read_rows(table(("", "", "", "8"), GOOD, (*GOOD[:1], "别的局", *GOOD[2:])))
    assert [(fault.row, fault.field) for fault in faults] == [
        (2, "代码"),
        (2, "名称"),
        (2, "类别"),
        (4, "代码"),
    ]
    assert "和第 3 行重复" in faults[-1].text


@pytest.mark.parametrize("header", [(), ("代码",), ("代码", "名称"), ("编号", "单位")])
def test_a_list_without_its_header_is_told_so(header: Sequence[str]) -> None:
    rows, faults = read_rows(table(GOOD, header=header))
    assert (rows, [fault.field for fault in faults]) == ([], ["表头"])


def test_an_empty_list_is_told_so() -> None:
    assert [fault.field for fault in read_rows(table())[1]] == ["内容"]
    assert [fault.field for fault in read_rows([])[1]] == ["表头"]


@pytest.mark.parametrize("text", ["", "2027", "2027-13-01", "0000-01-01", "01/02/2027", "２０２７-1-1x"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_day(text) is None
