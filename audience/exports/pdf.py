"""A paper as PDF on A4, to be signed and stamped: sentences, tables, definition, digests. Slow: in a thread."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from audience.exports.sheets import Cell, Paper, Sheet
from core.fonts import Typeface
from core.pdf import FAMILY, blank_paper, finished
from core.web.text import zh_date

if TYPE_CHECKING:
    from fpdf import FPDF

MEDIA_TYPE = "application/pdf"
MARGIN = 14.0  # mm, as for all below
FOOT = 16.0
LINE = 5.0
HEAD_FILL = (238, 244, 251)
SIGNATURES = ("填报人：", "审核人：", "单位（盖章）：")
SIGNATURE_ROOM = 46.0
"""Kept together on one page: the three lines and the date."""


def paper_pdf(paper: Paper, face: Typeface, sheets: Collection[str]) -> bytes:
    """sheets: names of those that are printed; the others are for machines. Raises FontMissing."""
    made = blank_paper(face, title=paper.title, made_at=paper.made_at)
    made.set_margins(MARGIN, MARGIN, MARGIN)
    made.set_auto_page_break(True, margin=FOOT)
    made.add_page()
    made.set_font(FAMILY, "B", 17)
    made.multi_cell(0, 9, paper.title, align="C", new_x="LMARGIN", new_y="NEXT")
    made.ln(3)
    made.set_font(FAMILY, size=11)
    for sentence in paper.sentences:
        made.multi_cell(0, 6.5, sentence, align="L", new_x="LMARGIN", new_y="NEXT")
    for sheet in paper.sheets:
        if sheet.name in sheets and sheet.rows:
            _table(made, sheet)
    _notes(made, paper)
    _signatures(made)
    _page_numbers(made)
    return finished(made)


def _table(made: "FPDF", sheet: Sheet) -> None:
    from fpdf.enums import TableBordersLayout
    from fpdf.fonts import FontFace

    _heading(made, sheet.name)
    made.set_font(FAMILY, size=8.5)
    with made.table(
        col_widths=tuple(column.width for column in sheet.columns),
        borders_layout=TableBordersLayout.ALL,
        line_height=LINE,
        padding=(0.6, 1.2),
        text_align=tuple("RIGHT" if column.is_figure else "LEFT" for column in sheet.columns),
        headings_style=FontFace(emphasis="BOLD", fill_color=HEAD_FILL),
        first_row_as_headings=True,
    ) as table:
        header = table.row()
        for column in sheet.columns:
            header.cell(column.title, align="CENTER")
        for row in sheet.rows:
            table.row([_words(cell) for cell in row])
        if sheet.total is not None:
            table.row([_words(cell) for cell in sheet.total], style=FontFace(emphasis="BOLD"))


def _notes(made: "FPDF", paper: Paper) -> None:
    _heading(made, "说明和统计口径")
    made.set_font(FAMILY, size=8.5)
    lines = [*paper.notes, f"统计口径第 {paper.definition_version} 版："]
    lines += [f"{name}：{text}" for name, text in paper.definition]
    for line in lines:
        made.multi_cell(0, 4.6, line, align="L", new_x="LMARGIN", new_y="NEXT")
    for seal in paper.seals:
        day = f"{seal.month.year}年{seal.month.month}月：{zh_date(seal.sealed_on)}定版"
        line = f"{day}，原始记录摘要（SHA-256）{seal.raw_sha256}"
        made.multi_cell(0, 4.6, line, align="L", new_x="LMARGIN", new_y="NEXT")


def _heading(made: "FPDF", words: str) -> None:
    if made.will_page_break(24):
        made.add_page()
    made.ln(4)
    made.set_font(FAMILY, "B", 11.5)
    made.cell(0, 7, words, new_x="LMARGIN", new_y="NEXT")


def _signatures(made: "FPDF") -> None:
    if made.will_page_break(SIGNATURE_ROOM):
        made.add_page()
    made.ln(10)
    made.set_font(FAMILY, size=11)
    width = (made.w - 2 * MARGIN) / len(SIGNATURES)
    for words in SIGNATURES:
        made.cell(width, 8, words)
    made.ln(20)
    made.cell(0, 8, "年　　月　　日", align="R")


def _page_numbers(made: "FPDF") -> None:
    pages = made.pages_count
    made.set_auto_page_break(False)
    for number in range(1, pages + 1):
        made.page = number
        made.set_font(FAMILY, size=9)  # each page begins without the face that the one before left
        made.set_font(FAMILY, size=8)
        made.set_xy(MARGIN, made.h - 10)
        made.cell(0, 5, f"第 {number} 页，共 {pages} 页", align="C")


def _words(cell: Cell) -> str:
    return f"{cell:,}" if isinstance(cell, int) else cell
