"""What a list of units would change, compared with the units there are. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from accounts.models import UnitKind
from accounts.unit_rows import COLUMNS, KIND_NAMES, OPTIONAL, UnitRow
from core.workbooks import RowFault

SAMPLE = "示例标记"


@dataclass(frozen=True, slots=True)
class UnitState:
    """A unit as it is, in the words of a list."""

    code: str
    name: str
    kind: UnitKind
    display_order: int
    credit_code: str
    retired_on: str
    merged_into: str
    is_sample: bool


@dataclass(frozen=True, slots=True)
class FieldChange:
    """label: the column's heading. before is empty for a new unit."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class UnitChange:
    row: int
    code: str
    name: str
    is_new: bool
    fields: tuple[FieldChange, ...]

    def after(self, field: str) -> str | None:
        """The new value of a field; None when it stays."""
        return next((change.after for change in self.fields if change.field == field), None)


def plan_changes(
    rows: Sequence[UnitRow], units: Sequence[UnitState]
) -> tuple[list[UnitChange], list[RowFault]]:
    """Units are matched by code; those the list does not name stay as they are."""
    present = {unit.code: unit for unit in units}
    changes = [change for row in rows if (change := _change(row, present.get(row.code)))]
    return changes, _faults(rows, present)


def digest_of(changes: Sequence[UnitChange], since: date) -> str:
    """Equal for equal changes: what was shown and what would be done now."""
    content = json.dumps([[asdict(change) for change in changes], since.isoformat()], ensure_ascii=False)
    return hashlib.sha256(content.encode(errors="surrogatepass")).hexdigest()


def _change(row: UnitRow, unit: UnitState | None) -> UnitChange | None:
    wanted = _texts(row)
    if unit is None:
        fields = [FieldChange(field, COLUMNS[field], "", text) for field, text in wanted.items() if text]
        return UnitChange(row.row, row.code, row.name, True, tuple(fields))
    now = _texts(unit)
    fields = [
        FieldChange(field, COLUMNS[field], now[field], text)
        for field, text in wanted.items()
        if text != now[field]
    ]
    if unit.is_sample:
        fields.append(FieldChange("is_sample", SAMPLE, "示例单位", "正式单位"))
    return UnitChange(row.row, row.code, row.name, False, tuple(fields)) if fields else None


def _texts(of: UnitRow | UnitState) -> dict[str, str]:
    texts = {
        "name": of.name,
        "kind": KIND_NAMES[of.kind],
        "display_order": str(of.display_order),
    }
    return texts | {field: value for field in OPTIONAL if (value := getattr(of, field)) is not None}


def _faults(rows: Sequence[UnitRow], present: Mapping[str, UnitState]) -> list[RowFault]:
    in_list = {row.code: row for row in rows}
    names = {unit.name: unit for unit in present.values() if unit.code not in in_list}
    into = {code: unit.merged_into for code, unit in present.items()}
    into |= {row.code: row.merged_into for row in rows if row.merged_into is not None}
    retired = {code: unit.retired_on for code, unit in present.items()}
    retired |= {row.code: row.retired_on for row in rows if row.retired_on is not None}
    faults = []
    for row in rows:
        if row.name in names:
            other = names[row.name]
            text = f"单位 {other.code} 已经叫“{row.name}”，它不在这份名册里。请核对代码，或先给它改名。"
            faults.append(RowFault(row.row, COLUMNS["name"], text))
        target = into.get(row.code, "")
        if target and target not in in_list and target not in present:
            text = f"没有代码为 {target} 的单位，请核对，或把它也写进名册。"
            faults.append(RowFault(row.row, COLUMNS["merged_into"], text))
        elif target and not retired.get(row.code):
            text = "并入别的单位要写明从哪天起，请同时填停用日期，或把并入单位代码留空。"
            faults.append(RowFault(row.row, COLUMNS["merged_into"], text))
        elif row.merged_into and _goes_round(row.code, into):
            text = "并入关系绕成了一圈，请核对哪个单位并入哪个单位。"
            faults.append(RowFault(row.row, COLUMNS["merged_into"], text))
    return faults


def _goes_round(code: str, into: Mapping[str, str]) -> bool:
    seen = {code}
    while code := into.get(code, ""):
        if code in seen:
            return True
        seen.add(code)
    return False
