"""The table to fill in for 集中收看, one row a township. Not on the event loop."""

import io

from audience.group_rows import COLUMNS

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = {"place": 32, "sessions": 10, "people": 10}
NOTES = (
    ("乡镇（街道）或地点", "一行一个，同一个不要写两行。"),
    ("场次", "组织了几场，填整数。没有组织的留空，或者填 0。"),
    ("人数", "各场加起来一共多少人，填整数。"),
    ("合计", "不用写，系统会加。"),
    ("日期", "整张表是同一天看的；在上传的页面上填。"),
)


def places_workbook() -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#EEF4FB", "bottom": 1})
        sheet = book.add_worksheet("集中收看")
        for column, (field, title) in enumerate(COLUMNS.items()):
            sheet.set_column(column, column, WIDTHS[field])
            sheet.write_string(0, column, title, head)
        whole = {"validate": "integer", "criteria": ">=", "value": 0, "error_message": "请填整数。"}
        sheet.data_validation(1, 1, 500, 2, whole)
        sheet.freeze_panes(1, 0)
        notes = book.add_worksheet("填写说明")
        notes.set_column(0, 0, 20)
        notes.set_column(1, 1, 60)
        for line, (title, note) in enumerate(NOTES):
            notes.write_string(line, 0, title, head)
            notes.write_string(line, 1, note)
    return buffer.getvalue()
