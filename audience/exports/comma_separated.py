"""One sheet of a paper as CSV, for a data platform or a pivot table. Pure."""

from audience.exports.sheets import Sheet
from core.csv_text import csv_bytes

MEDIA_TYPE = "text/csv"


def sheet_csv(sheet: Sheet) -> bytes:
    """The rows without the total: whoever goes on counting must not count them twice."""
    return csv_bytes([column.title for column in sheet.columns], sheet.rows)
