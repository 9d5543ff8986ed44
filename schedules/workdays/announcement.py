"""Reading the State Council's announcement of a year's holidays from a CSV, JSON or xlsx file. Pure.

Rows: 日期 (2027-01-01), 类型 (放假 or 上班), 名称 (元旦). JSON may be a list of such objects, an object with "days",
or the widespread form {"year", "papers", "days": [{"name", "date", "isOffDay"}]}.
"""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.errors import Invalid
from schedules.workdays.days import DayEntry, DayKind

LARGEST_FILE = 1024 * 1024
LARGEST_UNPACKED = 8 * 1024 * 1024
MOST_ROWS = 400
LONGEST_NAME = 60
FIRST_YEAR, LAST_YEAR = 2020, 2100
HEADINGS = {
    "day": ("日期", "date", "day"),
    "kind": ("类型", "安排", "kind", "isoffday"),
    "name": ("名称", "节日", "name"),
}
KINDS = {
    **dict.fromkeys(("放假", "休", "休息", "off", "true", "1"), DayKind.OFF),
    **dict.fromkeys(("上班", "班", "补班", "调休上班", "worked", "work", "false", "0"), DayKind.WORKED),
}
HOLIDAYS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Announcement:
    """A year's days off and weekend days worked; days may reach into the December before it."""

    year: int
    source: str
    days: Mapping[date, DayEntry]

    def days_of(self, year: int) -> dict[date, DayEntry]:
        return {day: entry for day, entry in self.days.items() if day.year == year}


def read_announcement(content: bytes, file_name: str, source: str = "") -> Announcement:
    """source: what is written beside the days, such as 国办发明电〔2026〕12号; else the file's name is.

    Raises Invalid with one message for each wrong row, or one for the whole file.
    """
    if len(content) > LARGEST_FILE:
        raise Invalid({"file": "文件太大了，放假安排的文件不应超过 1 MiB。"})
    rows = list(_rows(content, file_name.lower()))
    if not rows:
        raise Invalid({"file": "文件里没有放假安排，请核对后再导入。"})
    if len(rows) > MOST_ROWS:
        raise Invalid({"file": f"文件里超过 {MOST_ROWS} 行，不像一年的放假安排，请核对。"})
    days: dict[date, DayEntry] = {}
    faults: dict[str, str] = {}
    for place, row in rows:
        try:
            day, entry = _entry(row)
            if days.setdefault(day, entry) != entry:
                raise ValueError(f"{day.isoformat()} 写了两次，而且不一样。")
        except ValueError as error:
            faults[place] = f"{place}：{error}"
    if faults:
        raise Invalid(faults)
    year = Counter(day.year for day in days).most_common(1)[0][0]
    _check_whole(year, days)
    text = " ".join((source or f"国务院办公厅放假通知（{file_name}）").split())
    return Announcement(year, text[:120], {day: days[day] for day in sorted(days)})


def _rows(content: bytes, file_name: str) -> Iterable[tuple[str, Mapping[str, object]]]:
    """(第 n 行, the row by heading)."""
    if file_name.endswith(".json"):
        return _json_rows(content)
    if file_name.endswith(".xlsx"):
        return _table(_sheet(content))
    if file_name.endswith(".csv"):
        return _table(list(csv.reader(io.StringIO(_text(content)))))
    raise Invalid({"file": "只能导入 .csv、.json 或 .xlsx 文件。"})


def _json_rows(content: bytes) -> list[tuple[str, Mapping[str, object]]]:
    try:
        data: Any = json.loads(_text(content))
    except (ValueError, RecursionError):
        raise Invalid({"file": "文件不是有效的 JSON，请核对。"}) from None
    entries = data.get("days") if isinstance(data, dict) else data
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise Invalid({"file": "JSON 里要有一个列表，每项写 date、kind（off 或 worked）和 name。"})
    return [(f"第 {place} 项", _by_heading(each)) for place, each in enumerate(entries, 1)]


def _by_heading(row: Mapping[Any, object]) -> dict[str, object]:
    lower = {str(key).strip().lower(): value for key, value in row.items()}
    return {
        field: lower[name]
        for field, names in HEADINGS.items()
        for name in names
        if lower.get(name) is not None
    }


def _table(lines: Sequence[Sequence[object]]) -> list[tuple[str, Mapping[str, object]]]:
    """The lines after the one with the headings, which may stand below a title."""
    for place, line in enumerate(lines[:10]):
        names = [str(cell or "").strip().lower() for cell in line]
        if any(name in names for name in HEADINGS["day"]):
            return [
                (f"第 {number} 行", _by_heading(dict(zip(names, row, strict=False))))
                for number, row in enumerate(lines[place + 1 :], place + 2)
                if any(cell not in (None, "") for cell in row)
            ]
    raise Invalid({"file": "没有找到表头，请在第一行写：日期、类型、名称。"})


def _sheet(content: bytes) -> list[Sequence[object]]:
    """The first sheet's values. A file that would unpack into too much is not unpacked."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
                raise Invalid({"file": "表格展开以后太大了，请只留放假安排这一张表。"})
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            return list(sheet.iter_rows(max_row=MOST_ROWS + 20, max_col=20, values_only=True))
        finally:
            book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError):
        raise Invalid({"file": "表格打不开，请另存为 .xlsx 后再导入。"}) from None


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid({"file": "文件的文字编码认不出来，请存成 UTF-8。"})


def _entry(row: Mapping[str, object]) -> tuple[date, DayEntry]:
    """Raises ValueError with what is wrong in Chinese."""
    day = _date(row.get("day"))
    kind = KINDS.get(str(row.get("kind", "")).strip().lower())
    if kind is None:
        raise ValueError(f"类型要写“放假”或“上班”，现在是“{str(row.get('kind', ''))[:20]}”。")
    name = " ".join(str(row.get("name") or "").split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise ValueError("名称要写节日的名字，例如 元旦。")
    if kind is DayKind.WORKED and not name.endswith("上班"):
        name = f"{name}调休上班"[:LONGEST_NAME]
    return day, DayEntry(kind, name)


def _date(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = DATE.fullmatch(str(value or "").strip())
    try:
        if match:
            return date(*map(int, match.groups()))
    except ValueError:
        pass
    raise ValueError(f"日期要写成 2027-01-01 的样子，现在是“{str(value or '')[:20]}”。")


def _check_whole(year: int, days: Mapping[date, DayEntry]) -> None:
    """An announcement names every holiday of the law: half of one would turn holidays into working days."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid({"file": f"{year} 年不在可以导入的年份里，请核对日期。"})
    if stray := [day for day in days if day.year != year and (day.year, day.month) != (year - 1, 12)]:
        raise Invalid({"file": f"{year} 年的放假安排里混进了 {stray[0].isoformat()}，请核对。"})
    off = {day: entry.name for day, entry in days.items() if entry.kind is DayKind.OFF}
    fixed = [
        date(year, 1, 1),
        *(date(year, 5, day) for day in (1, 2)),
        *(date(year, 10, day) for day in (1, 2, 3)),
    ]
    missing = [holiday for holiday in HOLIDAYS if not any(holiday in name for name in off.values())]
    missing += [f"{day:%-m月%-d日}" for day in fixed if day not in off]
    if missing:
        raise Invalid({"file": f"{year} 年的放假安排不全，还缺：{'、'.join(missing)}。请补齐后再导入。"})
    working = [day for day, entry in days.items() if entry.kind is DayKind.WORKED and day.weekday() < 5]
    if working:
        raise Invalid({"file": f"{working[0].isoformat()} 本来就是工作日，不用写“上班”，请核对日期。"})
