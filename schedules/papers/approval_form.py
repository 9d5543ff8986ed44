"""审批表: what a unit prints, signs and stamps, as docx. Pure data in, bytes out.

It binds what is signed to what was handed in: every file stands in it with its SHA-256, and the form itself with the
version of the lecture it was printed from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from unicodedata import category

import docx
from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from core.web.text import zh_datetime, zh_weekday
from schedules.states import LANGUAGE_LABELS, Language

TITLE_FONT, TEXT_FONT, LABEL_FONT, CODE_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "Consolas"
TITLE_SIZE, TEXT_SIZE, SMALL_SIZE = Pt(20), Pt(12), Pt(9)
NO_SPACE = Pt(0)
ROOM = Pt(3)
"""Between letters and the lines of the table."""
WIDTHS = (Mm(38), Mm(48), Mm(24), Mm(56))
"""Four columns: label and value, twice."""
UNWRITTEN = {"Cc", "Cf", "Cs"}
"""What a person may type and no line shows; XML has no control characters and no surrogates (XML 1.0 §2.2)."""
SIGNATURE = "签名：　　　　　　　　　　　　年　　月　　日"
STAMP = "（盖章）"
BUREAU_CHECKS = ("内容审核", "保密审查", "肖像、著作权授权")
PROMISE = (
    "本单位是这一讲的发布者，承诺内容真实准确、不含国家秘密和工作秘密，"
    "已取得主讲人关于录制和公开回看的书面同意，以及所用图片、音视频的授权。"
)


@dataclass(frozen=True, slots=True)
class FormFile:
    """label: what kind of file it is, as 课件; size in bytes."""

    label: str
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ApprovalForm:
    """site: the name of the site; bureau: who has the last word. Empty texts leave room to write by hand."""

    site: str
    bureau: str
    number: str
    version: int
    unit: str
    title: str
    laws: Sequence[str]
    language: Language
    audience: str
    lecturer_name: str
    lecturer_post: str
    starts_at: datetime | None
    minutes: int
    files: Sequence[FormFile] = field(default_factory=tuple)


def approval_form(form: ApprovalForm, *, now: datetime) -> bytes:
    """The file. Takes tens of milliseconds: not on the event loop. now: when it is printed."""
    document = docx.Document()
    _page(document, form, now)
    _put(
        document.add_paragraph(),
        f"{form.site}讲座审批表",
        TITLE_FONT,
        TITLE_SIZE,
        WD_ALIGN_PARAGRAPH.CENTER,
        after=Pt(8),
    )
    table = document.add_table(rows=0, cols=len(WIDTHS))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = width  # LibreOffice and WPS go by the grid, Word by the cells
    _pair(table, "期次编号", form.number, "主讲单位", form.unit)
    _wide(table, "题目", form.title)
    _wide(table, "涉及的法律法规", "\n".join(form.laws))
    _pair(table, "主讲人", form.lecturer_name, "职务", form.lecturer_post)
    _pair(table, "拟播时间", _time(form.starts_at), "时长", f"约{form.minutes}分钟")
    _pair(table, "讲授语言", LANGUAGE_LABELS[form.language], "收看对象", form.audience)
    _files(table, form.files)
    _box(table, "单位初审", [PROMISE, "分管负责人意见："], Mm(34), SIGNATURE + STAMP)
    for name in BUREAU_CHECKS:
        _box(table, f"州局审核\n{name}", ["意见："], Mm(20), SIGNATURE)
    _note(document, form)
    properties = document.core_properties
    properties.author = properties.last_modified_by = form.bureau
    properties.title, properties.comments = f"{form.number} 审批表", ""
    properties.created = properties.modified = now.replace(tzinfo=None)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _page(document: Document, form: ApprovalForm, now: datetime) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(18), Mm(16)
    section.left_margin = section.right_margin = Mm(22)
    section.footer_distance = Mm(8)
    foot = f"{form.number}　第 {form.version} 版　{zh_datetime(now)} 由系统生成"
    _put(section.footer.paragraphs[0], foot, TEXT_FONT, SMALL_SIZE, WD_ALIGN_PARAGRAPH.CENTER)


def _pair(table: Table, first: str, value: str, second: str, other: str) -> None:
    cells = _row(table)
    _label(cells[0], first)
    _text(cells[1], value)
    _label(cells[2], second)
    _text(cells[3], other)


def _wide(table: Table, label: str, text: str) -> None:
    cells = _row(table)
    _label(cells[0], label)
    _text(cells[1].merge(cells[3]), text)


def _files(table: Table, files: Sequence[FormFile]) -> None:
    cells = _row(table)
    _label(cells[0], "报送的材料")
    cell = cells[1].merge(cells[3])
    if not files:
        _text(cell, "（还没有报送材料）")
    for place, file in enumerate(files):
        named = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        size = f"{file.size / 1024:,.0f} KB" if file.size >= 1024 else f"{file.size} 字节"
        _put(named, f"{file.label}：{file.name}（{size}）", TEXT_FONT, TEXT_SIZE, before=ROOM)
        _put(cell.add_paragraph(), f"SHA-256 {file.sha256}", CODE_FONT, Pt(7), after=ROOM)


def _box(table: Table, label: str, lines: Sequence[str], height: Length, signature: str) -> None:
    """Room to write in, and the line to sign on at its foot."""
    cells = _row(table)
    table.rows[-1].height = height
    _label(cells[0], label)
    cell = cells[1].merge(cells[3])
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
    for place, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        _put(paragraph, line, TEXT_FONT, Pt(10.5), before=ROOM)
    right = WD_ALIGN_PARAGRAPH.RIGHT
    _put(cell.add_paragraph(), signature, TEXT_FONT, TEXT_SIZE, right, before=Pt(18), after=Pt(5))


def _note(document: Document, form: ApprovalForm) -> None:
    text = (
        f"说明：请核对题目、主讲人和材料的 SHA-256 与系统中第 {form.version} 版一致后签字盖章，扫描上传。"
        "之后更换任何一份材料，都要重新审批。"
    )
    _put(document.add_paragraph(), text, TEXT_FONT, SMALL_SIZE, before=Pt(4))


def _row(table: Table) -> list[_Cell]:
    cells = list(table.add_row().cells)  # type: ignore[no-untyped-call]  # python-docx leaves it out
    for cell, width in zip(cells, WIDTHS, strict=True):
        cell.width = width
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    return cells


def _label(cell: _Cell, text: str) -> None:
    for place, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        _put(paragraph, line, LABEL_FONT, TEXT_SIZE, WD_ALIGN_PARAGRAPH.CENTER, before=ROOM, after=ROOM)


def _text(cell: _Cell, text: str) -> None:
    for place, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        _put(paragraph, line, TEXT_FONT, TEXT_SIZE, before=ROOM, after=ROOM)


def _time(moment: datetime | None) -> str:
    return "待定" if moment is None else f"{zh_datetime(moment)}（{zh_weekday(moment)}）"


def _put(
    paragraph: Paragraph,
    text: str,
    font: str,
    size: Length,
    alignment: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
    *,
    before: Length = NO_SPACE,
    after: Length = NO_SPACE,
) -> None:
    """One run. Word takes the face of Chinese characters from an attribute of its own (ECMA-376 §17.3.2.26)."""
    paragraph.alignment = alignment
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = before, after
    run = paragraph.add_run("".join(letter for letter in text if category(letter) not in UNWRITTEN))
    run.font.name, run.font.size = font, size
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
