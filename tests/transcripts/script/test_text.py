import zipfile
from io import BytesIO

import docx
import pytest
from docx.oxml import parse_xml
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from core.errors import Invalid
from core.fonts import USUAL
from core.settings import load_settings
from transcripts.script.text import ScriptLimits, script_text

LIMITS = ScriptLimits(bytes=1_000_000, unpacked_bytes=5_000_000, pages=5, characters=2_000, seconds=10)
NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def refused(name: str, data: bytes, limits: ScriptLimits = LIMITS) -> str:
    with pytest.raises(Invalid) as caught:
        script_text(name, data, limits)
    assert list(caught.value.fields) == ["file"]
    return caught.value.message


def document(*paragraphs: str, xml: str = "") -> bytes:
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(text)
    if xml:
        made.element.body.insert(0, parse_xml(xml))
    written = BytesIO()
    made.save(written)
    return written.getvalue()


def pdf(*pages: str) -> bytes:
    paper = FPDF(format="A4")
    paper.add_font("text", "", next(face.regular for face in USUAL if face.regular.exists()))
    paper.set_font("text", size=14)
    for page in pages:
        paper.add_page()
        for line in page.split("\n"):
            paper.cell(text=line, new_x="LMARGIN", new_y="NEXT")
    return bytes(paper.output())


def test_a_word_document_gives_its_paragraphs_and_tables_in_order() -> None:
    made = docx.Document()
    made.add_paragraph("各位领导，大家好。")
    table = made.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "左", "右"
    made.add_paragraph("  谢谢大家。 ")
    made.add_paragraph("")
    written = BytesIO()
    made.save(written)
    assert script_text("讲稿.DOCX", written.getvalue(), LIMITS) == "各位领导，大家好。\n左\n右\n谢谢大家。"


def test_tracked_changes_are_read_as_accepted() -> None:
    xml = (
        f"<w:p {NAMES}><w:r><w:t>今天</w:t></w:r><w:ins><w:r><w:t>下午</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>晚上</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>搬走</w:t></w:r></w:moveFrom><w:r><w:tab/><w:t>讲法</w:t></w:r></w:p>"
    )
    assert script_text("a.docx", document(xml=xml), LIMITS) == "今天下午 讲法"


def test_a_text_box_is_read_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>框里</w:t></w:r></w:p></w:txbxContent>"
    xml = (
        f"<w:p {NAMES}><w:r><w:t>外面</w:t><mc:AlternateContent><mc:Choice Requires='wps'>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert script_text("a.docx", document(xml=xml), LIMITS) == "外面\n框里"


def test_a_pdf_gives_its_paragraphs_with_their_lines_joined() -> None:
    long = "公民法人或者其他组织认为行政行为侵犯其合法权益的"
    text = script_text("a.pdf", pdf(f"讲稿\n{long}\n可以申请行政复议。\n谢谢。", f"{long}\n好。"), LIMITS)
    assert text.split("\n") == ["讲稿", f"{long}可以申请行政复议。", "谢谢。", f"{long}好。"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_plain_text_is_read_in_any_encoding(encoding: str) -> None:
    assert script_text("a.txt", "大家好。\r\n\r\n谢谢。".encode(encoding), LIMITS) == "大家好。\n谢谢。"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.doc", "另存为 .docx"),
        ("a.wps", "另存为 .docx"),
        ("a.ofd", "另存为 .docx"),
        ("a.pptx", "幻灯片"),
        ("a.exe", "讲稿请用"),
        ("讲稿", "讲稿请用"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_to_do(name: str, words: str) -> None:
    assert words in refused(name, b"x")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.docx", b"", "打不开"),
        ("a.docx", b"PK\x03\x04 no archive", "打不开"),
        ("a.docx", bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600, "去掉密码"),
        ("a.docx", document()[:2000], "打不开"),
        ("a.docx", document(), "没有文字"),
        ("a.pdf", b"", "打不开"),
        ("a.pdf", b"%PDF-1.7 nothing", "打不开"),
        ("a.txt", b"", "没有文字"),
        ("a.txt", b"\xff\xff\xff", "读不出来"),
    ],
)
def test_a_broken_or_empty_file_is_refused(name: str, data: bytes, words: str) -> None:
    assert words in refused(name, data)


def test_a_scanned_pdf_is_told_apart() -> None:
    paper = FPDF()
    paper.add_page()
    assert "扫描件" in refused("a.pdf", bytes(paper.output()))


def test_a_pdf_behind_a_password_is_refused() -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf("大家好"))))
    writer.encrypt("secret", algorithm="RC4-128")
    written = BytesIO()
    writer.write(written)
    assert "密码" in refused("a.pdf", written.getvalue())


def test_sizes_pages_characters_and_time_are_bounded() -> None:
    assert "MiB" in refused("a.txt", b"x" * 1_000_001)
    assert "6 页" in refused("a.pdf", pdf(*["页"] * 6))
    assert "2000 个字" in refused("a.txt", ("字" * 2001).encode())
    in_no_time = ScriptLimits(1_000_000, 5_000_000, 5, 2_000, seconds=-1)
    assert "没有读完" in refused("a.txt", "大家好".encode(), in_no_time)
    assert "没有读完" in refused("a.pdf", pdf("大家好"), in_no_time)


def test_a_compressed_bomb_is_refused_before_it_is_unpacked() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 6_000_000)
    assert len(packed.getvalue()) < 10_000
    assert "大得不正常" in refused("a.docx", packed.getvalue())


def test_entities_are_not_unfolded() -> None:
    source = BytesIO(document("大家好"))
    packed = BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(packed, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "word/document.xml":
                declared = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
                data = data.replace(b"?>", b"?>" + declared, 1).replace("大家好".encode(), b"&b;&b;&b;")
            new.writestr(part, data)
    assert "aaaa" not in refused("a.docx", packed.getvalue())


def test_the_limits_are_settings() -> None:
    limits = ScriptLimits.of(load_settings())
    assert limits == ScriptLimits(20 * 2**20, 100 * 2**20, 200, 60_000, 20.0)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["a.docx", "a.pdf", "a.txt"]), st.binary(max_size=300), st.integers(0, 3000))
def test_no_bytes_do_anything_but_read_or_be_refused(name: str, noise: bytes, at: int) -> None:
    data = SAMPLES[name]
    try:
        assert script_text(name, data[:at] + noise + data[at + len(noise) :], LIMITS)
    except Invalid as error:
        assert set(error.fields) == {"file"}  # noqa: PT017


SAMPLES = {"a.docx": document("大家好"), "a.pdf": bytes(FPDF().output()), "a.txt": "大家好".encode()}
