from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.fonts import USUAL, FontMissing, Typeface, find_typeface
from core.pdf import FAMILY, blank_paper, finished
from core.settings import Settings
from tests.support.pdf_reading import read_pdf

MADE_AT = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
TEXT = "法治微课堂：三都水族自治县 2026年11月24日 15:00，示例讲师䶮（𬱟）"


def paper(face: Typeface, text: str = TEXT) -> bytes:
    made = blank_paper(face, title="试印", made_at=MADE_AT)
    made.add_page()
    for style in ("", "B"):
        made.set_font(FAMILY, style, 12)
        made.cell(text=text)
    return finished(made)


@pytest.fixture(scope="module")
def face() -> Typeface:
    return find_typeface(Settings())


@pytest.mark.parametrize(
    "face", [each for each in USUAL if each.regular.is_file()], ids=lambda f: f.regular.name
)
def test_chinese_with_rare_characters_is_embedded_and_can_be_read_back(face: Typeface) -> None:
    read = read_pdf(paper(face))
    assert read.pages[0].text.splitlines() == [TEXT, TEXT]
    assert read.embedded_fonts == 2
    assert [round(edge) for edge in read.size] == [0, 0, 595, 842]  # A4 in points


def test_only_the_characters_that_are_used_are_embedded(face: Typeface) -> None:
    assert len(paper(face)) < 60_000
    assert face.regular.stat().st_size > 5_000_000


def test_equal_contents_are_equal_bytes(face: Typeface) -> None:
    assert paper(face) == paper(face)


def test_a_file_that_is_no_font_is_told_with_the_remedy(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"not a font at all")
    with pytest.raises(FontMissing, match="WEIKETANG_PDF_FONT_PATH"):
        paper(Typeface(broken, broken))
