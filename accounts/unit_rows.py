"""A list of units as it is read from a table: which columns, what each cell may be, what is wrong with it. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.credit_codes import credit_code_fault, normal_credit_code
from accounts.models import UnitKind
from core.workbooks import RowFault, TableRow

COLUMNS: Mapping[str, str] = {
    "code": "代码",
    "name": "名称",
    "kind": "类别",
    "display_order": "显示顺序",
    "credit_code": "统一社会信用代码",
    "retired_on": "停用日期",
    "merged_into": "并入单位代码",
}
NEEDED = ("code", "name", "kind", "display_order")
OPTIONAL = ("credit_code", "retired_on", "merged_into")
KINDS: Mapping[str, UnitKind] = {
    "州级单位": UnitKind.DEPARTMENT,
    "州级": UnitKind.DEPARTMENT,
    "部门": UnitKind.DEPARTMENT,
    "县（市）": UnitKind.COUNTY,
    "县(市)": UnitKind.COUNTY,
    "县市": UnitKind.COUNTY,
}
"""What may stand in 类别; the first of each is what we write."""
KIND_NAMES: Mapping[UnitKind, str] = {UnitKind.DEPARTMENT: "州级单位", UnitKind.COUNTY: "县（市）"}
CODE = re.compile(r"[0-9A-Za-z]{1,16}", re.ASCII)
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
HEADER_WITHIN = 5  # rows from the top; a title may stand above
LONGEST_NAME = 60
HIGHEST_ORDER = 9999


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One line of a list that is right in itself. None: the list has no such column, what is there stays."""

    row: int
    code: str
    name: str
    kind: UnitKind
    display_order: int
    credit_code: str | None = None
    retired_on: str | None = None
    """YYYY-MM-DD, or empty for a unit in use."""
    merged_into: str | None = None


def read_rows(table: Sequence[TableRow]) -> tuple[list[UnitRow], list[RowFault]]:
    """The units of a table and everything that is wrong with it, row by row."""
    place = next((index for index, row in enumerate(table[:HEADER_WITHIN]) if _is_header(row)), None)
    if place is None:
        return [], [RowFault(1, "表头", "没有找到表头。请下载模板，不要改动第一行的列名。")]
    header = table[place]
    columns = {field: header.cells.index(title) for field, title in COLUMNS.items() if title in header.cells}
    missing = [COLUMNS[field] for field in NEEDED if field not in columns]
    if missing:
        return [], [RowFault(header.number, "表头", f"缺少这些列：{'、'.join(missing)}。请按模板补上。")]
    rows: list[UnitRow] = []
    faults: list[RowFault] = []
    for line in table[place + 1 :]:
        cells = {
            field: line.cells[column] if column < len(line.cells) else "" for field, column in columns.items()
        }
        if not any(cells.values()):
            continue
        wrong = _faults(line.number, cells)
        faults += wrong
        if not wrong:
            rows.append(_row(line.number, cells))
    faults += _twice(rows, "code") + _twice(rows, "name") + _twice(rows, "credit_code")
    if not rows and not faults:
        faults.append(RowFault(header.number, "内容", "表头下面没有单位。请从第二行起，一行填一个单位。"))
    return rows, sorted(faults, key=lambda fault: fault.row)


def read_day(text: str) -> date | None:
    """`2027-01-01`, `2027/1/1` or `2027年1月1日`; None for anything else."""
    match = DAY.fullmatch(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def name_fault(name: str) -> str | None:
    if not name:
        return "请填写单位名称。"
    if len(name) > LONGEST_NAME or not name.isprintable():
        return f"单位名称要有 1 到 {LONGEST_NAME} 个字，不能有换行。"
    return None


def _is_header(row: TableRow) -> bool:
    return COLUMNS["code"] in row.cells and COLUMNS["name"] in row.cells


def _faults(number: int, cells: Mapping[str, str]) -> list[RowFault]:
    found: dict[str, str] = {}
    if not CODE.fullmatch(cells["code"]):
        found["code"] = "代码要有 1 到 16 位数字或字母，请核对；代码定下后不能改。"
    if fault := name_fault(cells["name"]):
        found["name"] = fault
    if cells["kind"] not in KINDS:
        found["kind"] = "类别只能填“州级单位”或“县（市）”。"
    order = cells["display_order"]
    if not (order.isascii() and order.isdecimal() and 1 <= int(order[:9]) <= HIGHEST_ORDER):
        found["display_order"] = f"显示顺序要填 1 到 {HIGHEST_ORDER} 的整数。"
    code = normal_credit_code(cells.get("credit_code", ""))
    if code and (fault := credit_code_fault(code)):
        found["credit_code"] = fault
    retired = cells.get("retired_on", "")
    if retired and read_day(retired) is None:
        found["retired_on"] = "停用日期要像 2027-01-01 这样填，还在用的单位留空。"
    into = cells.get("merged_into", "")
    if into and into == cells["code"]:
        found["merged_into"] = "单位不能并入自己，请填另一个单位的代码，或留空。"
    elif into and not CODE.fullmatch(into):
        found["merged_into"] = "请填并入的那个单位的代码，或留空。"
    return [RowFault(number, COLUMNS[field], text) for field, text in found.items()]


def _row(number: int, cells: Mapping[str, str]) -> UnitRow:
    day = read_day(cells.get("retired_on", ""))
    return UnitRow(
        row=number,
        code=cells["code"],
        name=cells["name"],
        kind=KINDS[cells["kind"]],
        display_order=int(cells["display_order"]),
        credit_code=normal_credit_code(cells["credit_code"]) if "credit_code" in cells else None,
        retired_on=(day.isoformat() if day else "") if "retired_on" in cells else None,
        merged_into=cells.get("merged_into"),
    )


def _twice(rows: Sequence[UnitRow], field: str) -> list[RowFault]:
    first: dict[str, int] = {}
    faults = []
    for row in rows:
        value = getattr(row, field)
        if not value:
            continue
        if value in first:
            text = f"“{value}”和第 {first[value]} 行重复了，请改正其中一行。"
            faults.append(RowFault(row.row, COLUMNS[field], text))
        first.setdefault(value, row.row)
    return faults
