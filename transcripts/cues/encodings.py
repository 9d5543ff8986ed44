"""Text of a file somebody made on a Chinese computer: UTF-8, UTF-16 or GB18030, told by its bytes."""

import codecs

from core.errors import Invalid

MARKED = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decode(data: bytes) -> str:
    """The text, its lines ended by LF. Raises Invalid (field `file`) with the line no encoding can read."""
    for mark, encoding in MARKED:
        if data.startswith(mark):
            return _with_lf(_strict(data.removeprefix(mark), encoding))
    if b"\0" in data[:4096]:
        return _with_lf(_strict(data, _utf_16(data)))
    try:
        return _with_lf(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _with_lf(_strict(data, "gb18030"))


def _utf_16(data: bytes) -> str:
    """Latin letters and line ends have a zero byte: behind them in little-endian, before them in big-endian."""
    sample = data[:4096]
    return "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "replace").count("\n") + 1
        message = f"第 {line} 行的文字读不出来。请用记事本另存为 UTF-8 编码，再导入。"
        raise Invalid({"file": message}) from error


def _with_lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
