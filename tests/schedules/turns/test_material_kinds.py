import io
import struct
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from PIL import Image

from core.errors import Invalid
from schedules.turns.material_kinds import (
    ACCEPTED,
    MIB,
    OLE,
    FileKind,
    MaterialLimits,
    clean_name,
    kind_of,
)
from tests.support.plan import PDF, zipped

LIMITS = MaterialLimits(unpacked_bytes=5 * MIB, entries=100, pixels=1_000_000)
PPTX = {"[Content_Types].xml": b"<Types/>", "ppt/presentation.xml": b"<p/>"}


def picture(kind: str, size: tuple[int, int] = (20, 10)) -> bytes:
    body = io.BytesIO()
    Image.new("RGB", size).save(body, kind)
    return body.getvalue()


def docx() -> bytes:
    body = io.BytesIO()
    Document().save(body)
    return body.getvalue()


def xlsx() -> bytes:
    body = io.BytesIO()
    Workbook().save(body)
    return body.getvalue()


def found(folder: Path, name: str, data: bytes, limits: MaterialLimits = LIMITS) -> FileKind:
    path = folder / "received"
    path.write_bytes(data)
    return kind_of(path, name, limits)


def refusal(folder: Path, name: str, data: bytes, limits: MaterialLimits = LIMITS) -> str:
    with pytest.raises(Invalid) as refused:
        found(folder, name, data, limits)
    assert list(refused.value.fields) == ["file"]
    return refused.value.message


@pytest.mark.parametrize(
    ("name", "data", "previewable"),
    [
        ("讲稿.pdf", PDF, True),
        ("图.PNG", picture("PNG"), True),
        ("图.jpg", picture("JPEG"), True),
        ("图.jpeg", picture("JPEG"), True),
        ("稿.txt", "普通话讲稿".encode(), False),
        ("稿.txt", "普通话讲稿".encode("gb18030"), False),
        ("课件.pptx", zipped(PPTX), False),
        ("讲稿.docx", docx(), False),
        ("表.xlsx", xlsx(), False),
        ("讲稿.ofd", zipped({"OFD.xml": b"<OFD/>"}), False),
        ("讲稿.odt", zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}), False),
        ("旧.ppt", OLE + bytes(2000), False),
        ("旧.doc", OLE + bytes(2000), False),
        ("讲稿.wps", OLE + bytes(2000), False),
        ("讲稿.wps", docx(), False),
        ("课件.dps", OLE + bytes(2000), False),
    ],
)
def test_what_offices_write_is_taken(tmp_path: Path, name: str, data: bytes, previewable: bool) -> None:
    assert found(tmp_path, name, data).is_previewable is previewable


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("病毒.exe", b"MZ" + bytes(100)),
        ("病毒.pdf", b"MZ" + bytes(100)),
        ("网页.html", b"<!doctype html>"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("图.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("网页.txt", b"  <!DOCTYPE html><script>alert(1)</script>"),
        ("网页.pdf", b"<html></html>%PDF-1.7 %%EOF"),
        ("半个.pdf", b"%PDF-1.7\nhalf of it"),
        ("半个.png", picture("PNG")[:40]),
        ("图.png", picture("JPEG")),
        ("半个.docx", docx()[:-200]),
        ("课件.pptx", docx()),
        ("讲稿.docx", OLE + bytes(2000)),
        ("课件.pptx", b"MZ" + zipped(PPTX)),
        ("二进制.txt", b"a\x00b"),
        ("宏.docm", docx()),
        ("包.zip", zipped({"a": b"b"})),
        ("空.pdf", b""),
        ("讲稿.ofd", zipped({"other.xml": b"<OFD/>"})),
    ],
)
def test_what_is_not_what_it_says_or_may_run_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    assert refusal(tmp_path, name, data)


def test_documents_with_macros_are_refused_and_say_so(tmp_path: Path) -> None:
    macros = zipped({**PPTX, "ppt/vbaProject.bin": b"x"})
    typed = zipped(
        {**PPTX, "[Content_Types].xml": b'<Types ContentType="application/x.macroEnabled.main+xml"/>'}
    )
    old = OLE + bytes(300_000) + "_VBA_PROJECT".encode("utf-16-le") + bytes(100)
    powerpoint = (
        OLE + bytes(900) + struct.pack("<HHIHHIIII", 0x1F, 0x3FF, 20, 2, 0x400, 12, 7, 1, 2) + bytes(9)
    )
    odf = zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "Basic/script.xml": b"x"})
    for name, data in (
        ("a.pptx", macros),
        ("a.pptx", typed),
        ("a.doc", old),
        ("a.ppt", powerpoint),
        ("a.odt", odf),
    ):
        assert "宏" in refusal(tmp_path, name, data)


def test_a_powerpoint_file_that_says_it_has_no_macros_is_taken(tmp_path: Path) -> None:
    info = struct.pack("<HHIHHIIII", 0x1F, 0x3FF, 20, 2, 0x400, 12, 7, 0, 2)
    assert not found(tmp_path, "a.ppt", OLE + bytes(900) + info + bytes(9)).is_previewable


def test_a_macro_across_two_pieces_is_seen(tmp_path: Path) -> None:
    name = "_VBA_PROJECT".encode("utf-16-le")
    data = OLE + bytes(256 * 1024 - 10) + name + bytes(50)
    assert "宏" in refusal(tmp_path, "a.doc", data)


def test_a_zip_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    bomb = zipped({**PPTX, "ppt/media/a": bytes(6 * MIB)})
    assert len(bomb) < 50_000
    assert "解开后太大" in refusal(tmp_path, "a.pptx", bomb)
    many = zipped({**PPTX, **{f"ppt/{n}": b"" for n in range(200)}})
    assert "太多" in refusal(tmp_path, "a.pptx", many)


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path: Path) -> None:
    data = bytearray(zipped({**PPTX, "ppt/media/a": bytes(MIB)}))
    central = data.rfind(b"PK\x01\x02")
    struct.pack_into("<L", data, central + 24, 10)  # the uncompressed size, APPNOTE.TXT §4.3.12
    assert "打不开" in refusal(tmp_path, "a.pptx", bytes(data))


def test_programs_and_encrypted_entries_inside_are_refused(tmp_path: Path) -> None:
    assert "程序" in refusal(tmp_path, "a.pptx", zipped({**PPTX, "ppt/embeddings/setup.EXE": b"MZ"}))
    data = bytearray(zipped(PPTX))
    central = data.find(b"PK\x01\x02")
    struct.pack_into("<H", data, central + 8, 1)
    assert "加密" in refusal(tmp_path, "a.pptx", bytes(data))
    assert "加密" in refusal(tmp_path, "a.doc", OLE + bytes(90) + "EncryptedPackage".encode("utf-16-le"))


def test_unusual_compressions_are_refused(tmp_path: Path) -> None:
    assert "打不开" in refusal(tmp_path, "a.pptx", zipped(PPTX, compression=zipfile.ZIP_BZIP2))


def test_a_picture_of_too_many_pixels_is_refused(tmp_path: Path) -> None:
    assert "百万像素" in refusal(tmp_path, "a.png", picture("PNG", (2000, 1000)))


@pytest.mark.parametrize(
    ("given_name", "clean"),
    [
        ("讲稿.docx", "讲稿.docx"),
        (r"C:\Users\我\讲稿.docx", "讲稿.docx"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("a\u202efdp.exe.pdf", "afdp.exe.pdf"),
        ('a:b*c?"<>|.pdf', "a_b_c_____.pdf"),
        ("字" * 300 + ".pdf", "字" * 116 + ".pdf"),
    ],
)
def test_names_are_cleaned_and_keep_their_ending(given_name: str, clean: str) -> None:
    assert clean_name(given_name) == clean


@pytest.mark.parametrize("name", ["", ".pdf", "讲稿", "讲稿.", "..", "\x00"])
def test_a_name_without_stem_or_ending_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        clean_name(name)


@given(st.binary(max_size=400), st.sampled_from(ACCEPTED))
def test_no_bytes_make_the_check_fail_otherwise_than_by_saying_no(data: bytes, ending: str) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        with suppress(Invalid):
            kind_of(Path(file.name), f"a{ending}", LIMITS)
