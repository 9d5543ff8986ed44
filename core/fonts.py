"""The Chinese typeface of everything the system prints or draws: PDFs, posters. One for all areas, embedded.

Noto Sans SC (SIL Open Font License 1.1, so that it may be embedded) is laid into core/vendor/fonts by
scripts/frontend and is no part of the repository: docs/decisions/0008-font-of-papers.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from core.errors import DomainError
from core.settings import Settings

BUNDLED = Path(__file__).parent / "vendor" / "fonts"
SIMPLIFIED = 2
"""The face of simplified Chinese in the collections of Noto Sans CJK and 思源黑体, which hold JP, KR, SC, TC, HK."""


class FontMissing(DomainError):
    """没有中文字体，做不出 PDF 和海报。请管理员运行 scripts/setup，或用 WEIKETANG_PDF_FONT_PATH 指定一个字体。"""


@dataclass(frozen=True, slots=True)
class Typeface:
    """Two files of one face. index: which face of them, where a file is a collection (.ttc, .otc); else 0."""

    regular: Path
    bold: Path
    index: int = 0


USUAL = (
    Typeface(BUNDLED / "NotoSansSC-Regular.ttf", BUNDLED / "NotoSansSC-Bold.ttf"),
    *(
        Typeface(folder / "NotoSansCJK-Regular.ttc", folder / "NotoSansCJK-Bold.ttc", SIMPLIFIED)
        for folder in map(Path, ("/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk"))
    ),
)
"""Where it is looked for, in this order: what scripts/frontend laid, then where distributions put it."""


def find_typeface(settings: Settings, usual: Iterable[Typeface] = USUAL) -> Typeface:
    """The file of the setting for both weights, else the first of the usual ones. Raises FontMissing.

    File I/O of some microseconds.
    """
    given = settings.pdf_font_path
    if given is not None:
        if not given.is_file():
            raise FontMissing(
                f"设置 WEIKETANG_PDF_FONT_PATH 指的字体文件不存在：{given}。请改正以后重新启动。"
            )
        return Typeface(given, given, SIMPLIFIED if given.suffix.lower() in (".ttc", ".otc") else 0)
    for face in usual:
        if face.regular.is_file() and face.bold.is_file():
            return face
    raise FontMissing
