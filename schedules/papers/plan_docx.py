"""排期表 as a document on landscape A4. Pure data in, bytes out."""

from datetime import datetime
from io import BytesIO
from unicodedata import category

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from schedules.papers.plan_table import COLUMNS, PlanTable

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLE_FONT, HEADER_FONT, TEXT_FONT = "方正小标宋简体", "黑体", "仿宋_GB2312"
TITLE_SIZE, TEXT_SIZE, NOTE_SIZE = Pt(20), Pt(10.5), Pt(9)
WIDTHS = (Mm(24), Mm(14), Mm(42), Mm(32), Mm(53), Mm(40), Mm(28), Mm(34))
UNWRITTEN = {"Cc", "Cf", "Cs"}
"""XML has no control characters and no surrogates (XML 1.0 §2.2)."""


def plan_docx(table: PlanTable, *, now: datetime) -> bytes:
    """The file; the header stands again on every page. Takes tens of milliseconds: not on the event loop."""
    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin, section.bottom_margin = Mm(18), Mm(15)
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _put(heading, table.title, TITLE_FONT, TITLE_SIZE)
    made = document.add_table(rows=0, cols=len(COLUMNS))
    made.style = "Table Grid"
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    for column, width in zip(made.columns, WIDTHS, strict=True):
        column.width = width  # LibreOffice and WPS go by the grid, Word by the cells
    header = _fill(made, COLUMNS, HEADER_FONT)
    _repeat(header)
    for row in table.rows:
        _keep_whole(_fill(made, row.cells, TEXT_FONT))
    for words in table.notes:
        _put(document.add_paragraph(), words, TEXT_FONT, NOTE_SIZE)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = table.title, "", ""
    properties.created = properties.modified = now.replace(tzinfo=None)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _fill(table: Table, cells: tuple[str, ...], font: str) -> _Row:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    for place, (cell, words) in enumerate(zip(row.cells, cells, strict=True)):
        _write(cell, words, font, WIDTHS[place], is_centred=font == HEADER_FONT or place < 2)
    return row


def _write(cell: _Cell, words: str, font: str, width: Length, *, is_centred: bool) -> None:
    cell.width = width
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for place, line in enumerate(words.split("\n")):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        if is_centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _put(paragraph, line, font, TEXT_SIZE)


def _put(paragraph: Paragraph, words: str, font: str, size: Length) -> None:
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(2)
    run = paragraph.add_run("".join(letter for letter in words if category(letter) not in UNWRITTEN))
    run.font.name, run.font.size = font, size
    # Word keeps a typeface of its own for Chinese letters.
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _repeat(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _keep_whole(row: _Row) -> None:
    """No lecture is torn apart between two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
