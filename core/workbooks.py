"""Reading a table out of an xlsx file that a stranger may have made: refused before it is unpacked when it is not
what it seems. An xlsx file is a ZIP archive of XML parts (ECMA-376 Part 2); a bomb says how large it will be.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from core.errors import DomainError

MOST_PARTS = 500
MOST_BLANK_ROWS = 20_000
MACROS = re.compile(rb"vbaProject|macroEnabled|vnd\.ms-office\.vba", re.IGNORECASE)
ENTITIES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)|<\x00!\x00|\x00<\x00!", re.IGNORECASE)
ENCRYPTED = 0x1
XLSX = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"


class WorkbookRefused(DomainError):
    """这个文件读不了。请用 Excel 或 WPS 另存为“Excel 工作簿（.xlsx）”，再上传。"""


@dataclass(frozen=True, slots=True)
class WorkbookLimits:
    """bytes: of the file; unpacked_bytes: of all its parts together."""

    bytes: int
    unpacked_bytes: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class TableRow:
    """number: as the spreadsheet shows it, from 1. cells: as text, dates as YYYY-MM-DD, blanks as empty."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowFault:
    """row: as the spreadsheet counts. field: the column's heading. text: what is wrong and what to do."""

    row: int
    field: str
    text: str


def read_table(name: str, data: bytes, limits: WorkbookLimits) -> list[TableRow]:
    """The rows of the first sheet that are not blank. name: of the file. Not on the event loop: it unpacks.

    Raises WorkbookRefused with what is wrong and what to do.
    """
    from openpyxl import load_workbook

    _check_kind(name, data, limits)
    _check_parts(data, limits)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # whatever a broken file makes of the library
        raise WorkbookRefused from error
    try:
        sheet = next(iter(book.worksheets), None)
        if sheet is None:
            raise WorkbookRefused("这个文件里没有工作表。请下载模板，填好再上传。")
        sheet.reset_dimensions()
        return list(_rows(sheet.iter_rows(values_only=True), limits))
    except WorkbookRefused:
        raise
    except Exception as error:  # as above: read-only sheets are parsed while they are read
        raise WorkbookRefused from error
    finally:
        book.close()


def _check_kind(name: str, data: bytes, limits: WorkbookLimits) -> None:
    ending = name.rpartition(".")[2].lower()
    if len(data) > limits.bytes:
        raise WorkbookRefused(
            f"文件有 {len(data) // 1024} KiB，超过了 {limits.bytes // 1024} KiB。请删掉图片和多余的工作表再上传。"
        )
    if ending in ("xlsm", "xltm", "xlam", "xlsb"):
        raise WorkbookRefused("不收带宏的文件。请另存为“Excel 工作簿（.xlsx）”，再上传。")
    if data.startswith(OLE):
        raise WorkbookRefused(
            "这是旧格式或加了密码的文件。请去掉密码，另存为“Excel 工作簿（.xlsx）”，再上传。"
        )
    if ending != "xlsx" or not data.startswith(XLSX):
        raise WorkbookRefused


def _check_parts(data: bytes, limits: WorkbookLimits) -> None:
    """By the sizes the archive itself states; unpacking then stops at those sizes (zipfile reads no further)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > limits.unpacked_bytes:
                raise WorkbookRefused(
                    "这个文件解压后大得不正常，没有读取。请下载模板，把内容粘贴进去再上传。"
                )
            if any(part.flag_bits & ENCRYPTED for part in parts):
                raise WorkbookRefused("这个文件加了密码。请去掉密码再上传。")
            if any(MACROS.search(part.filename.encode(errors="replace")) for part in parts):
                raise WorkbookRefused("不收带宏的文件。请另存为“Excel 工作簿（.xlsx）”，再上传。")
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    _check_part(part.filename, archive.read(part))
    except WorkbookRefused:
        raise
    except Exception as error:  # zlib, struct, CRC: an archive that is none
        raise WorkbookRefused from error


def _check_part(name: str, xml: bytes) -> None:
    if name == "[Content_Types].xml" and MACROS.search(xml):
        raise WorkbookRefused("不收带宏的文件。请另存为“Excel 工作簿（.xlsx）”，再上传。")
    if ENTITIES.search(xml):  # Office writes none; entities are how a small XML grows large
        raise WorkbookRefused


def _rows(rows: Iterator[tuple[object, ...]], limits: WorkbookLimits) -> Iterator[TableRow]:
    for number, values in enumerate(rows, start=1):
        if number > limits.rows + MOST_BLANK_ROWS:
            raise _too_long(limits)
        cells = tuple(_text(value) for value in values)
        last = max((place for place, cell in enumerate(cells, start=1) if cell), default=0)
        if last == 0:
            continue
        if number > limits.rows:
            raise _too_long(limits)
        if last > limits.columns:
            raise WorkbookRefused(
                f"第 {number} 行有 {last} 列，最多 {limits.columns} 列。请删掉多余的列再上传。"
            )
        yield TableRow(number, cells[:last])


def _too_long(limits: WorkbookLimits) -> WorkbookRefused:
    return WorkbookRefused(f"表格超过 {limits.rows} 行。请删掉多余的行，或分成几个文件上传。")


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
    return " ".join(str(value).split())
