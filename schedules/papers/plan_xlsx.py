"""排期表 as a workbook. Pure data in, bytes out."""

from io import BytesIO
from typing import TYPE_CHECKING

from schedules.papers.plan_table import COLUMNS, PlanTable

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (11, 7, 25, 18, 36, 26, 16, 26)
"""Of the columns, in characters of the default typeface; a Chinese one takes two."""
HEADER_ROW = 1
A4 = 9
"""Of xlsxwriter's paper sizes."""


def plan_xlsx(table: PlanTable) -> bytes:
    """The file: title, header that stays in sight and on every printed page, rows, notes. Not on the event loop.

    Cells are written as text, whatever they begin with: a topic is no formula.
    """
    import xlsxwriter

    made = BytesIO()
    book = xlsxwriter.Workbook(
        made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": table.title})
    sheet = book.add_worksheet("直播安排表")
    edge = {"border": 1, "valign": "vcenter", "text_wrap": True, "font_size": 11}
    title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    header = book.add_format({**edge, "bold": True, "align": "center", "bg_color": "#EEF4FB"})
    text, middle = book.add_format(edge), book.add_format({**edge, "align": "center"})
    note = book.add_format({"font_size": 10, "font_color": "#465263"})
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 32)
    sheet.merge_range(0, 0, 0, len(COLUMNS) - 1, table.title, title)
    sheet.set_row(HEADER_ROW, 24)
    for column, name in enumerate(COLUMNS):
        sheet.write_string(HEADER_ROW, column, name, header)
    line = HEADER_ROW
    for line, row in enumerate(table.rows, HEADER_ROW + 1):
        for column, cell in enumerate(row.cells):
            sheet.write_string(line, column, cell, middle if column < 2 else text)
    for place, words in enumerate(table.notes, line + 2):
        sheet.write_string(place, 0, words, note)
    sheet.freeze_panes(HEADER_ROW + 1, 1)
    sheet.autofilter(HEADER_ROW, 0, line, len(COLUMNS) - 1)
    _for_print(sheet)
    book.close()
    return made.getvalue()


def _for_print(sheet: "Worksheet") -> None:
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer("&C第 &P 页，共 &N 页")
