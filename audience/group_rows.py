"""集中收看 told row by row, such as one of each township: the columns, their cells, what is wrong. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.workbooks import RowFault, TableRow

COLUMNS: Mapping[str, str] = {"place": "乡镇（街道）或地点", "sessions": "场次", "people": "人数"}
HEADER_WITHIN = 5  # rows from the top; a title may stand above
LONGEST_PLACE = 60
TOTALS = ("合计", "总计", "小计")


@dataclass(frozen=True, slots=True)
class PlaceRow:
    row: int
    place: str
    sessions: int
    people: int


def read_places(
    table: Sequence[TableRow], *, most_sessions: int, most_people: int
) -> tuple[list[PlaceRow], list[RowFault]]:
    """The rows that watched together and everything that is wrong, row by row. Rows with 0 and 0 watched nothing and
    are left out, as are the table's own sums (合计): those are made here.
    """
    place = next((index for index, row in enumerate(table[:HEADER_WITHIN]) if _is_header(row)), None)
    if place is None:
        return [], [RowFault(1, "表头", "没有找到表头。请下载模板，不要改动第一行的列名。")]
    columns = {field: table[place].cells.index(title) for field, title in COLUMNS.items()}
    rows: list[PlaceRow] = []
    faults: list[RowFault] = []
    first: dict[str, int] = {}
    for line in table[place + 1 :]:
        cells = {field: line.cells[at] if at < len(line.cells) else "" for field, at in columns.items()}
        if cells["place"] in TOTALS or not (cells["sessions"] or cells["people"]):
            continue
        name = cells["place"]
        wrong = _faults(line.number, cells, most_sessions, most_people)
        if name in first:
            text = f"“{name}”和第 {first[name]} 行重复了，请合成一行。"
            wrong.append(RowFault(line.number, COLUMNS["place"], text))
        if name:
            first.setdefault(name, line.number)
        faults += wrong
        if not wrong and int(cells["sessions"]):
            rows.append(PlaceRow(line.number, name, int(cells["sessions"]), int(cells["people"])))
    if not rows and not faults:
        faults.append(RowFault(table[place].number, "内容", "表头下面没有填了场次和人数的行。"))
    return rows, faults


def _is_header(row: TableRow) -> bool:
    return all(title in row.cells for title in COLUMNS.values())


def _faults(number: int, cells: Mapping[str, str], most_sessions: int, most_people: int) -> list[RowFault]:
    found: dict[str, str] = {}
    name = cells["place"]
    if not name:
        found["place"] = "请写明是哪个乡镇（街道）或者地点。"
    elif len(name) > LONGEST_PLACE or not name.isprintable():
        found["place"] = f"最多 {LONGEST_PLACE} 个字，不能有换行。"
    sessions, people = _whole(cells["sessions"]), _whole(cells["people"])
    if sessions is None or sessions > most_sessions:
        found["sessions"] = f"场次要填 0 到 {most_sessions} 的整数。"
    if people is None or people > most_people:
        found["people"] = f"人数要填 0 到 {most_people} 的整数。"
    elif sessions is not None and not found:
        if (sessions == 0) != (people == 0):
            found["people"] = "场次和人数要么都填，要么都填 0。"
        elif people < sessions:
            found["people"] = "人数是各场加起来的总数，不会比场次少。"
    return [RowFault(number, COLUMNS[field], text) for field, text in found.items()]


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None
