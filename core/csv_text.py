"""Tables as CSV (RFC 4180) for Excel: with a byte order mark, and no cell that it would run. Pure."""

import csv
import io
from collections.abc import Iterable, Sequence

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """Not on the event loop where there are thousands of rows."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return BYTE_ORDER_MARK + text.getvalue().encode(errors="replace")


def harmless(cell: str) -> str:
    """A cell that begins like a formula is text: Excel must not run what somebody typed into a title."""
    return "'" + cell if cell.startswith(FORMULA_SIGNS) else cell
