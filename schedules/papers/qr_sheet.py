"""Sheets of QR codes on A4, ready to print and cut up. Slow (half a second for forty): in a thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from core.fonts import Typeface
from core.pdf import FAMILY, blank_paper, finished
from schedules.papers.qr_codes import runs, wrapped_address

if TYPE_CHECKING:
    from fpdf import FPDF

COLUMNS, ROWS = 3, 4
PER_PAGE = COLUMNS * ROWS
MARGIN = 12.0  # mm, as for all below
HEAD, FOOT = 20.0, 8.0
CELL_WIDTH = (210 - 2 * MARGIN) / COLUMNS
CELL_HEIGHT = (297 - 2 * MARGIN - HEAD - FOOT) / ROWS
CODE = 44.0
"""The side of a code with its quiet zone: the code itself is more than 3 cm for any address of the house."""
WALL_CODE = 130.0


@dataclass(frozen=True, slots=True)
class SheetCode:
    """name: the unit, printed above its code; address: what the code says, printed below it."""

    name: str
    address: str


def qr_sheet(
    codes: Sequence[SheetCode], face: Typeface, *, title: str, subtitle: str, made_at: datetime
) -> bytes:
    """All codes in their order, twelve a page, as PDF."""
    paper = blank_paper(face, title=f"{title} {subtitle}", made_at=made_at)
    pages = [codes[start : start + PER_PAGE] for start in range(0, len(codes), PER_PAGE)]
    for number, page in enumerate(pages, start=1):
        paper.add_page()
        _head(paper, title, subtitle)
        for place, code in enumerate(page):
            row, column = divmod(place, COLUMNS)
            _cell(paper, code, MARGIN + column * CELL_WIDTH, MARGIN + HEAD + row * CELL_HEIGHT)
        paper.set_font(FAMILY, size=8)
        _line(
            paper,
            MARGIN,
            297 - MARGIN - 4,
            210 - 2 * MARGIN,
            f"第 {number} 页，共 {len(pages)} 页　沿细线裁开",
        )
    return finished(paper)


def wall_sheet(
    codes: Sequence[SheetCode], face: Typeface, *, site: str, owner: str, made_at: datetime
) -> bytes:
    """One page a unit, to hang on its wall: the name of the site, a large code, the unit."""
    paper = blank_paper(face, title=f"{site} 墙贴二维码", made_at=made_at)
    for code in codes:
        paper.add_page()
        paper.set_font(FAMILY, "B", 54)
        _line(paper, MARGIN, 38, 210 - 2 * MARGIN, site)
        paper.set_font(FAMILY, size=22)
        _line(paper, MARGIN, 62, 210 - 2 * MARGIN, "扫一扫，看正在直播、即将开讲和最近的一讲")
        _code(paper, code.address, (210 - WALL_CODE) / 2, 82, WALL_CODE)
        paper.set_font(FAMILY, "B", 26)
        _line(paper, MARGIN, 220, 210 - 2 * MARGIN, code.name)
        paper.set_font(FAMILY, size=14)
        _line(paper, MARGIN, 238, 210 - 2 * MARGIN, code.address)
        paper.set_font(FAMILY, size=12)
        _line(
            paper,
            MARGIN,
            256,
            210 - 2 * MARGIN,
            "不用下载，不用登录，不收集个人信息" + (f"　{owner}" if owner else ""),
        )
    return finished(paper)


def _head(paper: "FPDF", title: str, subtitle: str) -> None:
    paper.set_font(FAMILY, "B", 15)
    _line(paper, MARGIN, MARGIN, 210 - 2 * MARGIN, title)
    paper.set_font(FAMILY, size=10)
    _line(paper, MARGIN, MARGIN + 8, 210 - 2 * MARGIN, subtitle)


def _cell(paper: "FPDF", code: SheetCode, left: float, top: float) -> None:
    paper.set_draw_color(200)
    paper.set_line_width(0.1)
    paper.rect(left, top, CELL_WIDTH, CELL_HEIGHT)
    paper.set_font(FAMILY, "B", 12)
    _line(paper, left + 2, top + 2.5, CELL_WIDTH - 4, code.name)
    _code(paper, code.address, left + (CELL_WIDTH - CODE) / 2, top + 8.5, CODE)
    paper.set_font(FAMILY, size=7)
    for place, line in enumerate(wrapped_address(code.address, 46)):
        _line(paper, left + 2, top + 8.5 + CODE + place * 3.2, CELL_WIDTH - 4, line)


def _code(paper: "FPDF", address: str, left: float, top: float, side: float) -> None:
    size, dark = runs(address)
    module = side / size
    paper.set_fill_color(0)
    for column, row, length in dark:
        # Neighbouring rows overlap by a hair, so that no viewer shows a seam between them.
        paper.rect(left + column * module, top + row * module, length * module, module + 0.01, style="F")


def _line(paper: "FPDF", left: float, top: float, width: float, text: str) -> None:
    """One line in the middle of the width; smaller where it would be wider."""
    size = paper.font_size_pt
    natural = paper.get_string_width(text)
    if natural > width:
        paper.set_font_size(size * width / natural * 0.99)
    paper.set_xy(left, top)
    paper.cell(w=width, h=paper.font_size * 1.25, text=text, align="C")
    paper.set_font_size(size)
