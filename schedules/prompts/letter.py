"""普法提示 as an official letter (docx), made of data after GB/T 9704-2012 党政机关公文格式.

What the standard sets: the issuer in red and a red line under the 发文字号 (7.2.4, 7.2.5, 7.2.7), the title in 小标宋
of 二号 (7.3.1), the addressed unit flush left (7.3.2), the text in 仿宋 of 三号 (7.3.3), 22 lines a page (5.2.3),
issuer and date at the right of the end (7.3.5), the page's number in 四号 (7.5). 签发人 stands only on letters to
a higher office (7.2.6), so it is kept in the records and not printed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from core.web.text import zh_date, zh_datetime

RED = RGBColor(0xC0, 0x00, 0x00)
TITLE_FONT, TEXT_FONT, LATIN_FONT = "方正小标宋简体", "仿宋_GB2312", "Times New Roman"
SIZE_2, SIZE_3, SIZE_4 = Pt(22), Pt(16), Pt(14)
LINE = Pt(29)
"""22 lines over the 225 mm of the type area (5.2.3)."""

ARTICLE_57 = (
    "《中华人民共和国法治宣传教育法》第五十七条规定：“县级以上人民政府司法行政部门发现同级负有法治宣传教育职责的"
    "部门、单位，未依法履行法治宣传教育职责的，应当及时发出普法提示。有关部门、单位收到普法提示后，应当及时采取"
    "改进措施并反馈相关情况。”"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """document_number and issued_on are None in a draft. as_of: the day late_days were counted on."""

    issuer: str
    number_word: str
    unit_name: str
    lecture_number: str
    starts_at: datetime
    hand_in: date
    reminded_on: date
    late_days: int
    as_of: date
    feedback_until: date
    document_number: str | None = None
    issued_on: date | None = None


def title_of(letter: Letter) -> str:
    return "".join(_title_lines(letter))


def _title_lines(letter: Letter) -> tuple[str, str]:
    """It never fits one line, so it is broken between words, into parts of like length (7.3.1)."""
    return f"关于{letter.unit_name}未按期报送", "法治微课堂材料的普法提示"


def paragraphs_of(letter: Letter) -> list[str]:
    """The body, as it reads."""
    return [
        f"按照法治微课堂年度安排，贵单位承担{letter.lecture_number}期（{zh_datetime(letter.starts_at)}开播）的主讲任务，"
        f"应于{zh_date(letter.hand_in)}前报送主题、主讲人、课件和讲稿。我局已于{zh_date(letter.reminded_on)}提醒贵单位。"
        f"截至{zh_date(letter.as_of)}，已逾期{letter.late_days}个工作日，我局仍未收到上述材料。",
        ARTICLE_57,
        "现依法向贵单位发出普法提示，请做好以下工作：",
        "一、尽快报送本期材料；确有困难的，说明理由并申请延期或者调换。",
        "二、查明未按期报送的原因，及时采取改进措施，落实普法责任制。",
        f"三、于{zh_date(letter.feedback_until)}前，将改进措施和落实情况反馈我局，可以书面反馈，也可以在法治微课堂系统中填写。",
    ]


def letter_docx(letter: Letter, *, now: datetime) -> bytes:
    """The file. Takes tens of milliseconds: not on the event loop. now: what the file says it was made at."""
    document = docx.Document()
    _page(document)
    _head(document, letter)
    _title(document, letter)
    _line(document, f"{letter.unit_name}：", TEXT_FONT, SIZE_3, WD_ALIGN_PARAGRAPH.LEFT)
    for text in paragraphs_of(letter):
        body = _line(document, text, TEXT_FONT, SIZE_3, WD_ALIGN_PARAGRAPH.JUSTIFY)
        body.paragraph_format.first_line_indent = SIZE_3 * 2
    _signature(document, letter)
    properties = document.core_properties
    properties.author = properties.last_modified_by = letter.issuer
    properties.title, properties.comments = title_of(letter), ""
    properties.created = properties.modified = now.replace(tzinfo=None)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _title(document: Document, letter: Letter) -> None:
    first, second = _title_lines(letter)
    title = _line(document, first, TITLE_FONT, SIZE_2, WD_ALIGN_PARAGRAPH.CENTER, before=LINE, after=LINE)
    title.runs[0].add_break()
    _font(title.add_run(second), TITLE_FONT, SIZE_2)


def _page(document: Document) -> None:
    """A4 with the type area of 156 × 225 mm (5.2.1), and the page's number beneath it: one character from the outer
    edge, at the right of odd pages and at the left of even ones (7.5).
    """
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)
    document.settings.odd_and_even_pages_header_footer = True
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    odd.alignment, odd.paragraph_format.right_indent = WD_ALIGN_PARAGRAPH.RIGHT, SIZE_4
    even.alignment, even.paragraph_format.left_indent = WD_ALIGN_PARAGRAPH.LEFT, SIZE_4
    for footer in (odd, even):
        _page_number(footer)


def _page_number(footer: Paragraph) -> None:
    _font(footer.add_run("— "), "宋体", SIZE_4)
    _font(footer.add_run("1"), "宋体", SIZE_4)
    _font(footer.add_run(" —"), "宋体", SIZE_4)
    number = footer.runs[1]._r
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    number.addprevious(field)
    field.append(number)


def _head(document: Document, letter: Letter) -> None:
    """The issuer in red, the 发文字号, the red line."""
    issuer = _line(document, letter.issuer, TITLE_FONT, Pt(36), WD_ALIGN_PARAGRAPH.CENTER, after=LINE)
    issuer.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    issuer.runs[0].font.color.rgb = RED
    year = f"{letter.as_of.year}"
    number = letter.document_number or f"{letter.number_word}〔{year}〕　　号（草稿，未印发）"
    line = _line(document, number, TEXT_FONT, SIZE_3, WD_ALIGN_PARAGRAPH.CENTER)
    _red_rule_under(line)


def _red_rule_under(paragraph: Paragraph) -> None:
    borders = OxmlElement("w:pBdr")
    rule = OxmlElement("w:bottom")
    # Size in eighths of a point, distance in points: 4 mm under the number (7.2.7).
    for name, value in (("val", "single"), ("sz", "18"), ("space", "11"), ("color", str(RED))):
        rule.set(qn(f"w:{name}"), value)
    borders.append(rule)
    # A file is valid only with the border before these (ECMA-376 §17.3.1.26).
    properties: Any = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _signature(document: Document, letter: Letter) -> None:
    """Issuer and date at the right: the date four characters from the edge, the issuer centred over it."""
    issued = zh_date(letter.issued_on) if letter.issued_on else "　　　　年　　月　　日"
    over = 4 + max(0.0, (_ems(issued) - _ems(letter.issuer)) / 2)
    issuer = _line(document, letter.issuer, TEXT_FONT, SIZE_3, WD_ALIGN_PARAGRAPH.RIGHT, before=LINE * 2)
    issuer.paragraph_format.right_indent = round(SIZE_3 * over)
    issuer.paragraph_format.keep_with_next = True
    dated = _line(document, issued, TEXT_FONT, SIZE_3, WD_ALIGN_PARAGRAPH.RIGHT)
    dated.paragraph_format.right_indent = SIZE_3 * 4


def _ems(text: str) -> float:
    """How wide a line is, in Chinese characters."""
    return sum(0.5 if letter.isascii() else 1.0 for letter in text)


def _line(
    document: Document,
    text: str,
    font: str,
    size: Pt,
    alignment: WD_ALIGN_PARAGRAPH,
    *,
    before: int = 0,
    after: int = 0,
) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.alignment = alignment
    shape = paragraph.paragraph_format
    shape.space_before, shape.space_after = Pt(0) + before, Pt(0) + after
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    _close_up(paragraph)
    _font(paragraph.add_run(text), font, size)
    return paragraph


def _close_up(paragraph: Paragraph) -> None:
    """No gaps between figures and Chinese letters, as a date is written in a letter (ECMA-376 §17.3.1.2, .3)."""
    properties: Any = paragraph._p.get_or_add_pPr()
    for name in ("autoSpaceDE", "autoSpaceDN"):
        switch = OxmlElement(f"w:{name}")
        switch.set(qn("w:val"), "0")
        properties.insert_element_before(switch, "w:spacing", "w:ind", "w:jc", "w:rPr")


def _font(run: Any, name: str, size: Pt) -> None:
    """The Chinese font goes beside the Latin one: Word chooses by the letter (ECMA-376 §17.3.2.26)."""
    run.font.name, run.font.size = LATIN_FONT, size
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)
