"""A paper as a workbook: each sheet with a header that stays in sight, and one with the definition. Pure."""

from io import BytesIO
from typing import Any

from audience.exports.sheets import Cell, Paper, Sheet
from core.web.text import zh_date

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DEFINITION = "口径说明"
A4 = 9
"""Of xlsxwriter's paper sizes."""
LONGEST_CELL = 32_767
"""Characters, by Excel's own limit."""


def paper_xlsx(paper: Paper) -> bytes:
    """Cells are written as text or numbers, whatever they begin with: a title is no formula and no link."""
    import xlsxwriter

    made = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, options) as book:
        book.set_properties({"title": paper.title, "created": paper.made_at.replace(tzinfo=None)})
        formats = _formats(book)
        for sheet in paper.sheets:
            _table(book.add_worksheet(sheet.name), sheet, formats)
        _definition(book.add_worksheet(DEFINITION), paper, formats)
    return made.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    edge = {"border": 1, "valign": "vcenter", "font_size": 11}
    return {
        "head": book.add_format(
            {**edge, "bold": True, "align": "center", "bg_color": "#EEF4FB", "text_wrap": True}
        ),
        "text": book.add_format({**edge, "text_wrap": True}),
        "figure": book.add_format({**edge, "num_format": "#,##0", "align": "right"}),
        "total": book.add_format({**edge, "bold": True}),
        "total_figure": book.add_format({**edge, "bold": True, "num_format": "#,##0", "align": "right"}),
        "note": book.add_format({"text_wrap": True, "valign": "top", "font_size": 11}),
        "strong": book.add_format({"bold": True, "valign": "top", "font_size": 11}),
    }


def _table(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    page.set_row(0, 34)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
        page.write_string(0, place, column.title, formats["head"])
    for line, row in enumerate(sheet.all_rows, 1):
        is_total = sheet.total is not None and line == len(sheet.rows) + 1
        for place, cell in enumerate(row):
            _write(page, line, place, cell, formats, "total" if is_total else "")
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.set_footer("&C第 &P 页，共 &N 页")


def _write(page: Any, line: int, place: int, cell: Cell, formats: dict[str, Any], kind: str) -> None:
    if isinstance(cell, int):
        page.write_number(line, place, cell, formats[f"{kind}_figure" if kind else "figure"])
    else:
        page.write_string(line, place, cell[:LONGEST_CELL], formats[kind or "text"])


def _definition(page: Any, paper: Paper, formats: dict[str, Any]) -> None:
    """What the figures mean, the sentences, and the digests of sealed months."""
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 96)
    lines = [
        ("报告用语", "\n".join(paper.sentences)),
        ("说明", "\n".join(paper.notes)),
        ("统计口径", f"第 {paper.definition_version} 版"),
        *paper.definition,
        *(
            (
                f"{seal.month.year}年{seal.month.month}月定版",
                f"{zh_date(seal.sealed_on)}定版，原始记录摘要（SHA-256）：{seal.raw_sha256}",
            )
            for seal in paper.seals
        ),
    ]
    for line, (name, text) in enumerate(lines):
        page.write_string(line, 0, name, formats["strong"])
        page.write_string(line, 1, text, formats["note"])
    page.freeze_panes(0, 1)
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
