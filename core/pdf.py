"""PDFs with the embedded Chinese typeface: the blank paper of every area. Slow (a tenth of a second): in a thread.

The library is loaded with the first paper, as those of workbooks are: together they take a third of a start.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from core.fonts import FontMissing, Typeface

if TYPE_CHECKING:
    from fpdf import FPDF

FAMILY = "house"
"""`paper.set_font(FAMILY, size=10)`, style "B" for bold."""

SIGNATURES = (b"\0\1\0\0", b"true", b"OTTO", b"ttcf")
"""What a TrueType or OpenType file or a collection of them begins with (OpenType 1.9, Table Directory)."""
UNUSABLE = "字体文件用不了：{}。请用设置 WEIKETANG_PDF_FONT_PATH 换一个中文字体文件（TTF、OTF、TTC）。"


def blank_paper(
    face: Typeface,
    *,
    title: str,
    made_at: datetime,
    orientation: Literal["portrait", "landscape"] = "portrait",
) -> "FPDF":
    """An A4 document in millimetres without pages; only the glyphs that are used are embedded in it.

    made_at: written into the file, aware; so equal contents are equal bytes. Raises FontMissing for a file that
    is no font.
    """
    from fontTools.ttLib import TTLibError
    from fpdf import FPDF
    from fpdf.errors import FPDFException

    for file in (face.regular, face.bold):
        # Asked first, since fontTools leaves a file open that it cannot read.
        with file.open("rb") as start:
            if start.read(4) not in SIGNATURES:
                raise FontMissing(UNUSABLE.format(file))
    paper = FPDF(orientation=orientation, unit="mm", format="A4")
    try:
        paper.add_font(FAMILY, "", face.regular, collection_font_number=face.index)
        paper.add_font(FAMILY, "B", face.bold, collection_font_number=face.index)
    except (TTLibError, FPDFException, OSError) as error:
        raise FontMissing(UNUSABLE.format(face.regular)) from error
    paper.set_title(title)
    paper.set_lang("zh-CN")
    paper.set_creation_date(made_at)
    paper.set_auto_page_break(False)
    paper.set_font(FAMILY, size=10)
    return paper


def finished(paper: "FPDF") -> bytes:
    return bytes(paper.output())
