import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from unicodedata import category

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from schedules.papers.approval_form import BUREAU_CHECKS, ApprovalForm, FormFile, approval_form
from schedules.states import Language

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
SLIDES = FormFile("课件", "欠薪怎么办.pptx", 2_345_678, "ab" * 32)
SCRIPT = FormFile("讲稿", "讲稿.docx", 300, "cd" * 32)
FORM = ApprovalForm(
    site="法治微课堂",
    bureau="黔南州司法局",
    number="2026-11-2",
    version=7,
    unit="州人力资源社会保障局",
    title="欠薪怎么办",
    laws=["中华人民共和国劳动法", "保障农民工工资支付条例"],
    language=Language.SUI,
    audience="进城务工人员",
    lecturer_name="示例讲师A",
    lecturer_post="劳动监察支队支队长",
    starts_at=datetime(2026, 11, 26, 7, 0, tzinfo=UTC),
    minutes=15,
    files=(SLIDES, SCRIPT),
)


def opened(form: ApprovalForm) -> Document:
    return docx.Document(BytesIO(approval_form(form, now=NOW)))


def words(document: Document) -> str:
    """Everything that is printed, each cell once."""
    cells = [
        "\n".join("".join(text.text or "" for text in line.iter(qn("w:t"))) for line in cell.iter(qn("w:p")))
        for cell in document.element.body.iter(qn("w:tc"))
    ]
    footer = [paragraph.text for paragraph in document.sections[0].footer.paragraphs]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells, *footer])


def test_it_says_what_is_to_be_approved() -> None:
    text = words(opened(FORM))
    for part in (
        "法治微课堂讲座审批表",
        "2026-11-2",
        "州人力资源社会保障局",
        "欠薪怎么办",
        "中华人民共和国劳动法\n保障农民工工资支付条例",
        "示例讲师A",
        "劳动监察支队支队长",
        "2026年11月26日 15:00（周四）",
        "水语",
        "进城务工人员",
    ):
        assert part in text, part


def test_every_file_stands_in_it_with_its_hash_and_the_form_with_its_version() -> None:
    text = words(opened(FORM))
    assert "课件：欠薪怎么办.pptx（2,291 KB）" in text
    assert "讲稿：讲稿.docx（300 字节）" in text
    assert f"SHA-256 {SLIDES.sha256}" in text
    assert f"SHA-256 {SCRIPT.sha256}" in text
    assert text.count("第 7 版") == 2


def test_there_is_a_line_to_sign_for_the_unit_and_for_each_check_of_the_bureau() -> None:
    text = words(opened(FORM))
    assert text.count("签名：") == 1 + len(BUREAU_CHECKS)
    assert "单位初审" in text
    assert "（盖章）" in text
    for name in BUREAU_CHECKS:
        assert f"州局审核\n{name}" in text


def test_what_is_not_known_yet_leaves_room_and_says_so() -> None:
    text = words(opened(replace(FORM, starts_at=None, files=(), lecturer_name="", laws=())))
    assert "待定" in text
    assert "还没有报送材料" in text
    assert "None" not in text


@pytest.mark.parametrize("title", ["a\x00b\x0bc", "<w:t>&amp;</w:t>", "法" * 120, "‮倒"])
def test_whatever_was_typed_the_file_can_be_opened(title: str) -> None:
    document = opened(replace(FORM, title=title))
    assert "".join(letter for letter in title if category(letter) not in {"Cc", "Cf"}) in words(document)


def test_chinese_is_set_in_a_chinese_face() -> None:
    document = opened(FORM)
    runs = [run for row in document.tables[0].rows for cell in row.cells for run in cell.paragraphs[0].runs]
    assert runs
    for run in runs:
        assert run._r.rPr is not None
        fonts = run._r.rPr.rFonts
        assert fonts is not None
        assert fonts.get(qn("w:eastAsia"))


def test_it_carries_no_macro_no_link_outside_and_the_time_it_was_made() -> None:
    content = approval_form(FORM, now=NOW)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = archive.namelist()
        relations = b"".join(archive.read(name) for name in names if name.endswith(".rels"))
    assert not any("vba" in name.lower() for name in names)
    assert b'TargetMode="External"' not in relations
    assert docx.Document(BytesIO(content)).core_properties.created == NOW
