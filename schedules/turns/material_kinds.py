"""Which files are taken as materials: told by their content, and only when their ending says the same. Pure but for
reading the file; it is not for the event loop."""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from core.errors import Invalid

MIB = 1024 * 1024
PIECE = 256 * 1024
LONGEST_NAME = 120
ZIP, OLE = b"PK\x03\x04", bytes.fromhex("D0CF11E0A1B11AE1")
ZIP_END = b"PK\x05\x06"
ZIP_END_FORMAT = struct.Struct("<4s4H2LH")  # APPNOTE.TXT §4.3.16
MOST_BYTES_A_NAME = 512
"""Of an entry of a ZIP's directory, on average: longer ones are no office document's."""
RUNNABLE = (
    ".exe",
    ".dll",
    ".scr",
    ".com",
    ".bat",
    ".cmd",
    ".ps1",
    ".vbs",
    ".js",
    ".jse",
    ".wsf",
    ".hta",
    ".jar",
    ".msi",
)
VBA_IN_OLE = "_VBA_PROJECT".encode("utf-16-le")
ENCRYPTED_IN_OLE = "EncryptedPackage".encode("utf-16-le")
VBA_IN_PPT = bytes.fromhex("1F00FF03 14000000 02000004 0C000000")
"""Heads of VbaInfoContainer and VbaInfoAtom, [MS-PPT] §2.4.10; the flag fHasMacros comes 4 bytes later."""
UNREADABLE = (
    OSError,
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    EOFError,
    RuntimeError,  # zipfile also raises a subclass of it for methods of packing it does not know
)
"""What zipfile and Pillow raise for content that is broken."""
MACROS = "带宏的文件不收，请另存为不带宏的格式再上传。"
BROKEN = "文件打不开或不完整，请重新导出再上传。"


@dataclass(frozen=True, slots=True)
class MaterialLimits:
    """Bytes and numbers."""

    unpacked_bytes: int
    entries: int
    pixels: int


@dataclass(frozen=True, slots=True)
class FileKind:
    media_type: str
    is_previewable: bool = False


def clean_name(name: str) -> str:
    """A file name that is safe to show and to give back; its ending is kept. Raises Invalid for none."""
    base = re.split(r"[/\\]", name)[-1]
    base = "".join(each for each in base if each.isprintable())
    base = re.sub(r'[:*?"<>|]', "_", base).strip(" .")
    stem, dot, ending = base.rpartition(".")
    if not stem or not dot:
        raise Invalid({"file": "文件名要带扩展名，例如 讲稿.docx。"})
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"


def kind_of(path: Path, name: str, limits: MaterialLimits) -> FileKind:
    """What a file is. name: cleaned. Raises Invalid with what to do for everything that is not taken."""
    ending = name.rpartition(".")[2].lower()
    known = _KINDS.get(ending)
    if known is None:
        raise Invalid(
            {"file": f"不收 .{ending[:12]} 文件。请用 PDF、图片、pptx、docx、wps、dps、ofd、xlsx 或 txt。"}
        )
    kind, check = known
    try:
        check(path, limits, ending)
    except UNREADABLE as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise Invalid({"file": BROKEN}) from error
    return kind


# -- PDF, pictures and plain text


def _pdf(path: Path, limits: MaterialLimits, ending: str) -> None:
    with path.open("rb") as file:
        _begins(file, b"%PDF-")
        file.seek(max(0, path.stat().st_size - 4096))
        if b"%%EOF" not in file.read():
            raise ValueError("a PDF without its end")


def _picture(path: Path, limits: MaterialLimits, ending: str) -> None:
    expected = "PNG" if ending == "png" else "JPEG"
    with path.open("rb") as file:
        _begins(file, b"\x89PNG\r\n\x1a\n" if expected == "PNG" else b"\xff\xd8\xff")
        file.seek(0)
        with Image.open(file, formats=(expected,)) as picture:
            if picture.width * picture.height > limits.pixels:
                raise Invalid({"file": f"图片太大，请缩小到 {limits.pixels // 1_000_000} 百万像素以内。"})
            picture.verify()


def _text(path: Path, limits: MaterialLimits, ending: str) -> None:
    data = path.read_bytes()
    if b"\0" in data:
        raise ValueError("not text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    if text.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<svg", "<?xml", "<script", "#!")):
        raise Invalid({"file": "这是网页或程序，不是纯文本，不能上传。"})


# -- office documents


def _ooxml(folder: str) -> Callable[[Path, MaterialLimits, str], None]:
    def check(path: Path, limits: MaterialLimits, ending: str) -> None:
        names, types = _unpacked(path, limits, wanted="[Content_Types].xml")
        if types is None or not any(name.startswith(f"{folder}/") for name in names):
            raise ValueError("not the document its ending says")
        if b"macroenabled" in types.lower() or any(name.lower().endswith("vbaproject.bin") for name in names):
            raise Invalid({"file": MACROS})

    return check


def _ofd(path: Path, limits: MaterialLimits, ending: str) -> None:
    """GB/T 33190: a ZIP with OFD.xml at its root."""
    _, root = _unpacked(path, limits, wanted="OFD.xml")
    if root is None:
        raise ValueError("no OFD")


def _odf(path: Path, limits: MaterialLimits, ending: str) -> None:
    names, mime = _unpacked(path, limits, wanted="mimetype")
    if mime is None or not mime.startswith(b"application/vnd.oasis.opendocument."):
        raise ValueError("no OpenDocument")
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise Invalid({"file": MACROS})


def _ole(path: Path, limits: MaterialLimits, ending: str) -> None:
    """[MS-CFB] files of older Office and of WPS; what carries a VBA project or is encrypted is refused."""
    with path.open("rb") as file:
        _begins(file, OLE)
        tail = b""
        while piece := file.read(PIECE):
            window = tail + piece
            if ENCRYPTED_IN_OLE in window:
                raise Invalid({"file": "加密的文件没法审核，请去掉密码再上传。"})
            if VBA_IN_OLE in window or _says_macros(window):
                raise Invalid({"file": MACROS})
            tail = window[-64:]


def _says_macros(window: bytes) -> bool:
    at = window.find(VBA_IN_PPT)
    while at >= 0:
        flag = window[at + len(VBA_IN_PPT) + 4 :][:4]
        if len(flag) == 4 and any(flag):
            return True
        at = window.find(VBA_IN_PPT, at + 1)
    return False


def _wps(folder: str) -> Callable[[Path, MaterialLimits, str], None]:
    """WPS writes its own endings as OLE files, or as what newer Office writes."""
    ooxml = _ooxml(folder)

    def check(path: Path, limits: MaterialLimits, ending: str) -> None:
        with path.open("rb") as file:
            is_zip = file.read(4) == ZIP
        (ooxml if is_zip else _ole)(path, limits, ending)

    return check


def _unpacked(path: Path, limits: MaterialLimits, *, wanted: str) -> tuple[list[str], bytes | None]:
    """Names in a ZIP and the content of one of them, after every entry was unpacked once within the limits.

    An entry that is longer than its head says fails its CRC here: nothing is unpacked beyond what was counted.
    """
    with path.open("rb") as file:
        _begins(file, ZIP)
        _check_directory(file, path.stat().st_size, limits)
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if (
                len(entries) > limits.entries
                or sum(each.file_size for each in entries) > limits.unpacked_bytes
            ):
                raise Invalid({"file": "文件解开后太大，不能上传。请压缩里面的图片和视频，或导出为 PDF。"})
            found = None
            for entry in entries:
                _check_entry(entry)
                with archive.open(entry) as content:
                    first = content.read(PIECE)
                    if entry.filename == wanted:
                        found = first
                    while content.read(PIECE):
                        continue
            return [entry.filename for entry in entries], found


def _check_directory(file: BinaryIO, size: int, limits: MaterialLimits) -> None:
    """Before zipfile makes an object of every entry: how many there are to be. ZIP64 is not for such files."""
    file.seek(max(0, size - ZIP_END_FORMAT.size - 0xFFFF))
    tail = file.read()
    at = tail.rfind(ZIP_END)
    if at < 0 or len(tail) - at < ZIP_END_FORMAT.size:
        raise ValueError("a ZIP without its end")
    _, _, _, _, count, length, _, _ = ZIP_END_FORMAT.unpack_from(tail, at)
    if count > limits.entries or length > limits.entries * MOST_BYTES_A_NAME:
        raise Invalid({"file": f"文件里的条目太多（最多 {limits.entries} 个），不能上传。"})
    file.seek(0)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & 1:
        raise Invalid({"file": "加密的文件没法审核，请去掉密码再上传。"})
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError("a compression that office documents do not have")
    if entry.filename.lower().endswith(RUNNABLE):
        raise Invalid({"file": f"文件里夹带了程序（{entry.filename[-40:]}），不能上传。"})


def _begins(file: BinaryIO, magic: bytes) -> None:
    if file.read(len(magic)) != magic:
        raise ValueError("the content is not what its ending says")


_OFFICE = "application/vnd.openxmlformats-officedocument"
_PPTX = FileKind(f"{_OFFICE}.presentationml.presentation")
_DOCX = FileKind(f"{_OFFICE}.wordprocessingml.document")
_XLSX = FileKind(f"{_OFFICE}.spreadsheetml.sheet")
_KINDS: dict[str, tuple[FileKind, Callable[[Path, MaterialLimits, str], None]]] = {
    "pdf": (FileKind("application/pdf", is_previewable=True), _pdf),
    "png": (FileKind("image/png", is_previewable=True), _picture),
    "jpg": (FileKind("image/jpeg", is_previewable=True), _picture),
    "jpeg": (FileKind("image/jpeg", is_previewable=True), _picture),
    "txt": (FileKind("text/plain"), _text),
    "pptx": (_PPTX, _ooxml("ppt")),
    "docx": (_DOCX, _ooxml("word")),
    "xlsx": (_XLSX, _ooxml("xl")),
    "ofd": (FileKind("application/ofd"), _ofd),
    "odt": (FileKind("application/vnd.oasis.opendocument.text"), _odf),
    "odp": (FileKind("application/vnd.oasis.opendocument.presentation"), _odf),
    "ods": (FileKind("application/vnd.oasis.opendocument.spreadsheet"), _odf),
    "ppt": (FileKind("application/vnd.ms-powerpoint"), _ole),
    "doc": (FileKind("application/msword"), _ole),
    "xls": (FileKind("application/vnd.ms-excel"), _ole),
    "wps": (FileKind("application/vnd.ms-works"), _wps("word")),
    "dps": (FileKind("application/octet-stream"), _wps("ppt")),
    "et": (FileKind("application/octet-stream"), _wps("xl")),
}
ACCEPTED = tuple(f".{ending}" for ending in _KINDS)
"""For the form's file field."""
