"""The text of the approved script, out of what a unit handed in, whose size, pages and time are bounded."""

import logging
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from time import monotonic
from typing import Any

import docx
from docx.oxml.ns import qn

from core.errors import Invalid
from core.settings import Settings
from transcripts.cues.encodings import decode
from transcripts.cues.writable import clean_lines

MIB = 1024 * 1024
OLE = bytes.fromhex("D0CF11E0A1B11AE1")
SENTENCE_ENDS = "。！？；：…”』」》.!?;:"
WHOLE_LINE = 0.6
"""Of the longest line of a page: a line this long that ends no sentence goes on in the next one."""
NOT_READ = {
    "doc": "旧版 Word（.doc）",
    "wps": "WPS 文字（.wps）",
    "ofd": "OFD 版式文件",
    "ppt": "幻灯片",
    "pptx": "幻灯片",
    "dps": "幻灯片",
    "rtf": "RTF 文件",
}


@dataclass(frozen=True, slots=True)
class ScriptLimits:
    """bytes: of the file; unpacked_bytes: of what it holds; characters: of the text; seconds: for reading it."""

    bytes: int
    unpacked_bytes: int
    pages: int
    characters: int
    seconds: float

    @classmethod
    def of(cls, settings: Settings) -> "ScriptLimits":
        return cls(
            settings.script_mib * MIB,
            settings.script_unpacked_mib * MIB,
            settings.script_pages,
            settings.script_characters,
            float(settings.script_seconds),
        )


def script_text(name: str, data: bytes, limits: ScriptLimits) -> str:
    """The paragraphs, a line each, without blank ones. name: of the file, for its ending.

    Blocks for up to limits.seconds: in a thread. Raises Invalid (field `file`) with what to do.
    """
    ending = name.rpartition(".")[2].lower()
    if ending in NOT_READ:
        raise _refused(f"{NOT_READ[ending]}里的文字读不出来。请用 Word 或 WPS 另存为 .docx，再上传为讲稿。")
    read = READERS.get(ending)
    if read is None:
        raise _refused("讲稿请用 .docx、.pdf 或 .txt 文件。")
    if len(data) > limits.bytes:
        raise _refused(f"讲稿文件超过 {limits.bytes // MIB} MiB，请删掉图片再上传。")
    if data.startswith(OLE):
        raise _refused("这是旧格式或加了密码的文件。请去掉密码，另存为 .docx 再上传。")
    lines: list[str] = []
    characters = 0
    deadline = monotonic() + limits.seconds
    for line in read(data, limits, deadline):
        for clean in clean_lines(line):
            lines.append(clean)
            characters += len(clean)
        if characters > limits.characters:
            raise _refused(f"讲稿超过 {limits.characters} 个字，请只上传这一讲的讲稿。")
        if monotonic() > deadline:
            raise _too_slow()
    if not lines:
        raise _refused("讲稿里没有文字，可能是扫描件或图片。请上传可以选中文字的 .docx、.pdf 或 .txt。")
    return "\n".join(lines)


def _from_txt(data: bytes, limits: ScriptLimits, deadline: float) -> Iterator[str]:
    yield from decode(data).split("\n")


def _from_docx(data: bytes, limits: ScriptLimits, deadline: float) -> Iterator[str]:
    """With what is inserted and without what is deleted by tracked changes (ECMA-376 Part 1 §17.13.5)."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > limits.unpacked_bytes:
                raise _refused("这个文件解开后大得不正常，没有读取。请把文字粘贴到新文件里再上传。")
        body = docx.Document(BytesIO(data)).element.body
    except Invalid:
        raise
    except Exception as error:  # zipfile, lxml, python-docx: whatever a broken file makes of them
        raise _broken() from error
    for paragraph in _paragraphs(body):
        yield _paragraph(paragraph)


LEFT_OUT = (
    qn("w:del"),
    qn("w:moveFrom"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
)
TEXT, PARAGRAPH = qn("w:t"), qn("w:p")
SPACES = (qn("w:tab"), qn("w:br"), qn("w:cr"))


def _paragraphs(body: Any) -> Iterator[Any]:
    """In order; of a text box, which stands there in two forms, those of the first."""
    waiting = [body]
    while waiting:
        element = waiting.pop()
        if element.tag in LEFT_OUT:
            continue
        if element.tag == PARAGRAPH:
            yield element
        waiting.extend(reversed(element))


def _paragraph(paragraph: Any) -> str:
    """Its own text; a paragraph within it (of a text box) comes by itself."""
    found: list[str] = []
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        if element.tag in LEFT_OUT or element.tag == PARAGRAPH:
            continue
        if element.tag == TEXT:
            found.append(element.text or "")
        elif element.tag in SPACES:
            found.append(" ")
        waiting.extend(reversed(element))
    return "".join(found)


def _from_pdf(data: bytes, limits: ScriptLimits, deadline: float) -> Iterator[str]:
    from pypdf import PdfReader  # with the first script that is one: like core/pdf.py

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells its woes with every broken file
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise _refused("这个 PDF 加了密码。请去掉密码再上传。")
        count = len(reader.pages)
    except Invalid:
        raise
    except Exception as error:  # whatever a broken file makes of the library
        raise _broken() from error
    if count > limits.pages:
        raise _refused(f"讲稿有 {count} 页，最多 {limits.pages} 页。请只上传这一讲的讲稿。")
    rest = ""
    for number in range(count):
        if monotonic() > deadline:
            raise _too_slow()
        try:
            text = reader.pages[number].extract_text()
        except Exception as error:  # as above
            raise _broken() from error
        *whole, rest = _joined(rest, text)
        yield from whole
    yield rest


def _joined(rest: str, text: str) -> list[str]:
    """The lines of a page as paragraphs; the last one may go on on the next page. rest: what went on to this one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    longest = max(map(len, lines), default=0)
    made = [rest]
    for line in lines:
        made[-1] += line
        if line[-1] in SENTENCE_ENDS or len(line) < WHOLE_LINE * longest:
            made.append("")
    return made


def _refused(message: str) -> Invalid:
    return Invalid({"file": message})


def _broken() -> Invalid:
    return _refused("讲稿文件打不开或不完整，请重新导出再上传。")


def _too_slow() -> Invalid:
    return _refused("讲稿文件太复杂，读了很久没有读完。请把文字粘贴到新的 .docx 或 .txt 文件里再上传。")


READERS: dict[str, Callable[[bytes, ScriptLimits, float], Iterator[str]]] = {
    "txt": _from_txt,
    "docx": _from_docx,
    "pdf": _from_pdf,
}
