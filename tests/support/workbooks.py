"""xlsx files as people and strangers make them."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date

import xlsxwriter

HEADER = ("代码", "名称", "类别", "显示顺序", "统一社会信用代码", "停用日期", "并入单位代码")

Cell = str | int | float | date | None


def workbook(rows: Iterable[Sequence[Cell]], header: Sequence[str] | None = HEADER) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True, "in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet()
        for line, cells in enumerate(rows if header is None else [header, *rows]):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(line, column, cell, day)
                elif cell is not None:
                    sheet.write(line, column, cell)
    return buffer.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The same file with one part added, or replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return buffer.getvalue()
