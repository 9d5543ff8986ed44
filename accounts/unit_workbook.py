"""The list of units as an xlsx file: what there is, or an empty one to fill in. Not on the event loop."""

import io
from collections.abc import Mapping, Sequence

from accounts.models import Unit
from accounts.unit_rows import COLUMNS, KIND_NAMES

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS: Mapping[str, int] = {
    "code": 12,
    "name": 32,
    "kind": 12,
    "display_order": 10,
    "credit_code": 24,
    "retired_on": 14,
    "merged_into": 14,
}
NOTES = (
    ("代码", "必填。1 到 16 位数字或字母，定下后不能改；县（市）用行政区划代码。系统按代码认单位。"),
    ("名称", "必填。填规范简称；和现在不同就是改名，过去讲的期次仍显示当时的名称。"),
    ("类别", "必填。州级单位，或 县（市）。"),
    ("显示顺序", "必填。整数，各处按它从小到大排列。"),
    ("统一社会信用代码", "选填。18 位，会核对校验位。"),
    ("停用日期", "选填。从这一天起不再轮值，例如 2027-01-01；还在用的单位留空。"),
    ("并入单位代码", "选填。停用后由哪个单位接着承担，填它的代码。"),
)


def roster_workbook(units: Sequence[Unit]) -> bytes:
    """units: in the order they are to stand; none for a template."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#EEF4FB", "bottom": 1})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet("单位")
        for column, (field, title) in enumerate(COLUMNS.items()):
            sheet.set_column(column, column, WIDTHS[field], None if field == "display_order" else text)
            sheet.write_string(0, column, title, head)
        for line, unit in enumerate(units, start=1):
            for column, value in enumerate(_cells(unit)):
                if isinstance(value, int):
                    sheet.write_number(line, column, value)
                elif value:
                    sheet.write_string(line, column, value, text)
        kinds = list(dict.fromkeys(KIND_NAMES.values()))
        sheet.data_validation(1, 2, 500, 2, {"validate": "list", "source": kinds})
        sheet.freeze_panes(1, 0)
        notes = book.add_worksheet("填写说明")
        notes.set_column(0, 0, 20)
        notes.set_column(1, 1, 90)
        for line, (title, note) in enumerate(NOTES):
            notes.write_string(line, 0, title, head)
            notes.write_string(line, 1, note)
    return buffer.getvalue()


def _cells(unit: Unit) -> tuple[str | int, ...]:
    """In the order of COLUMNS."""
    return (
        unit.code,
        unit.name,
        KIND_NAMES[unit.kind],
        unit.display_order,
        unit.credit_code,
        unit.retired_on.isoformat() if unit.retired_on else "",
        unit.merged_into_id or "",
    )
