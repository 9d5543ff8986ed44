import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length, Pt

from schedules.prompts.letter import RED, Letter, letter_docx, paragraphs_of

NOW = datetime(2027, 3, 8, 2, 0, tzinfo=UTC)
DRAFT = Letter(
    issuer="黔南州司法局",
    number_word="黔南司普提",
    unit_name="州税务局",
    lecture_number="2027-3-1",
    starts_at=datetime(2027, 3, 11, 7, 0, tzinfo=UTC),
    hand_in=date(2027, 2, 25),
    reminded_on=date(2027, 2, 26),
    late_days=5,
    as_of=date(2027, 3, 4),
    feedback_until=date(2027, 3, 22),
)
ISSUED = replace(DRAFT, document_number="黔南司普提〔2027〕1号", issued_on=date(2027, 3, 8))


def opened(letter: Letter) -> Document:
    return docx.Document(BytesIO(letter_docx(letter, now=NOW)))


def texts(letter: Letter) -> list[str]:
    return [paragraph.text for paragraph in opened(letter).paragraphs]


def in_mm(length: Length | None) -> int:
    assert length is not None
    return round(int(length) / 36_000)  # EMU


def test_an_issued_letter_has_its_head_its_addressee_its_body_and_its_end_in_this_order() -> None:
    found = texts(ISSUED)
    assert found[:4] == [
        "黔南州司法局",
        "黔南司普提〔2027〕1号",
        "关于州税务局未按期报送\n法治微课堂材料的普法提示",
        "州税务局：",
    ]
    assert found[4:-2] == paragraphs_of(ISSUED)
    assert found[-2:] == ["黔南州司法局", "2027年3月8日"]


def test_the_body_says_what_was_due_what_the_law_says_and_until_when_to_answer() -> None:
    body = "".join(paragraphs_of(ISSUED))
    for words in (
        "2027-3-1期（2027年3月11日 15:00开播）",
        "应于2027年2月25日前报送",
        "于2027年2月26日提醒贵单位",
        "截至2027年3月4日，已逾期5个工作日",
        "《中华人民共和国法治宣传教育法》第五十七条规定",
        "应当及时发出普法提示",
        "于2027年3月22日前，将改进措施和落实情况反馈我局",
    ):
        assert words in body


def test_a_draft_cannot_be_taken_for_a_letter() -> None:
    found = texts(DRAFT)
    assert found[1] == "黔南司普提〔2027〕　　号（草稿，未印发）"
    assert re.fullmatch(r"　+年　+月　+日", found[-1])


def test_it_has_the_page_the_red_head_and_the_type_of_an_official_letter() -> None:
    document = opened(ISSUED)
    section = document.sections[0]
    page = [in_mm(length) for length in (section.page_width, section.page_height)]
    margins = [
        in_mm(length)
        for length in (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
    ]
    assert (page, margins) == ([210, 297], [28, 26, 37, 35])  # a type area of 156 × 225 mm
    issuer, number, title, _, body = document.paragraphs[:5]
    assert issuer.runs[0].font.color.rgb == RED
    (rule,) = number._p.iter(qn("w:bottom"))
    assert (rule.get(qn("w:val")), rule.get(qn("w:color"))) == ("single", str(RED))
    assert (title.runs[0].font.size, body.runs[0].font.size) == (Pt(22), Pt(16))
    assert body.paragraph_format.first_line_indent == Pt(32)
    fonts = [next(line._p.iter(qn("w:rFonts"))).get(qn("w:eastAsia")) for line in (title, body)]
    assert fonts == ["方正小标宋简体", "仿宋_GB2312"]


def test_pages_are_numbered_by_a_field_that_stands_in_its_paragraph() -> None:
    document = opened(ISSUED)
    section = document.sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    for footer in (odd, even):
        (field,) = footer._p.iter(qn("w:fldSimple"))
        assert field.get(qn("w:instr")) == "PAGE"
        assert field.getparent() is footer._p
        assert "".join(node.text for node in footer._p.iter(qn("w:t"))) == "— 1 —"
    assert document.settings.odd_and_even_pages_header_footer
    # One character from the outer edge.
    assert (odd.alignment, odd.paragraph_format.right_indent) == (WD_ALIGN_PARAGRAPH.RIGHT, Pt(14))
    assert (even.alignment, even.paragraph_format.left_indent) == (WD_ALIGN_PARAGRAPH.LEFT, Pt(14))


def test_the_file_says_who_made_it_and_when_and_nothing_else() -> None:
    properties = opened(ISSUED).core_properties
    assert properties.author == "黔南州司法局"
    assert properties.title == "关于州税务局未按期报送法治微课堂材料的普法提示"
    assert properties.created == datetime(2027, 3, 8, 2, 0, tzinfo=UTC)
    assert properties.comments == ""
    with zipfile.ZipFile(BytesIO(letter_docx(ISSUED, now=NOW))) as archive:
        assert b"python-docx" not in b"".join(archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("name", ["三都水族自治县", "<b>&\"'", "A局"])
def test_any_name_of_a_unit_stands_in_the_letter_as_it_is(name: str) -> None:
    assert f"{name}：" in texts(replace(ISSUED, unit_name=name))
