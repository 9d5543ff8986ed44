"""The days and units a draft can be moved to, as a page lays them out. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from accounts.models import UnitKind
from core.web.text import zh_date
from schedules.planning.choices import DayChoice, Objection, UnitChoice
from schedules.rota.queue import KIND_LABELS
from schedules.workdays.days import WEEKDAYS

FRIDAY = 5


@dataclass(frozen=True, slots=True)
class DayCell:
    """column: of the week, 1 is Monday. blocks: why it cannot be; warns: what should be known."""

    day: date
    column: int
    weekday: str
    blocks: Sequence[str]
    warns: Sequence[str]
    hint: str

    @property
    def is_free(self) -> bool:
        return not self.blocks


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that is to be known of some days of the month; text begins where the days end."""

    kind: Literal["blocks", "warns", "hint"]
    days: str
    text: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    code: str
    name: str
    last_turn: str
    blocks: Sequence[str]
    warns: Sequence[str]

    @property
    def is_free(self) -> bool:
        return not self.blocks


@dataclass(frozen=True, slots=True)
class UnitGroup:
    label: str
    rows: list[UnitRow]


@dataclass(frozen=True, slots=True)
class MonthLink:
    """value: as the address names it, 2027-03."""

    value: str
    label: str


def day_cells(choices: Sequence[DayChoice]) -> tuple[list[DayCell], list[str]]:
    """The days of a month, and what is to be known of every one of them: said once, not thirty times."""
    common = _common(choice.objections for choice in choices)
    cells = [
        DayCell(
            choice.day,
            choice.day.isoweekday(),
            f"周{WEEKDAYS[choice.day.weekday()]}",
            _texts(choice.objections, blocks=True),
            [text for text in _texts(choice.objections, blocks=False) if text not in common],
            choice.hint or "",
        )
        for choice in choices
    ]
    return cells, common


def remarks(cells: Iterable[DayCell]) -> list[Remark]:
    """What is to be known of single days, each thing once with all its days; a plain weekend goes without saying."""
    found: dict[tuple[Literal["blocks", "warns", "hint"], str], list[date]] = {}
    for cell in cells:
        for text in cell.blocks:
            if not (cell.column > FRIDAY and cell.weekday in text):
                found.setdefault(("blocks", _after_the_day(text, cell.day)), []).append(cell.day)
        for text in cell.warns:
            found.setdefault(("warns", _after_the_day(text, cell.day)), []).append(cell.day)
        if cell.hint and cell.is_free:
            found.setdefault(("hint", f"：{cell.hint}"), []).append(cell.day)
    return [Remark(kind, _spans(days), text) for (kind, text), days in found.items()]


def unit_groups(choices: Sequence[UnitChoice], first: UnitKind) -> list[UnitGroup]:
    """By kind, the kind of the present unit first; in a group as the choices come, who has waited longest first."""
    kinds = sorted(UnitKind, key=lambda kind: kind is not first)
    groups = [
        UnitGroup(KIND_LABELS[kind], [_unit_row(choice) for choice in choices if choice.kind is kind])
        for kind in kinds
    ]
    return [group for group in groups if group.rows]


def neighbours(year: int, month: int) -> tuple[MonthLink, MonthLink]:
    """The months before and after."""
    before = (year - 1, 12) if month == 1 else (year, month - 1)
    after = (year + 1, 1) if month == 12 else (year, month + 1)
    return month_link(*before), month_link(*after)


def month_link(year: int, month: int) -> MonthLink:
    return MonthLink(f"{year:04d}-{month:02d}", f"{year}年{month}月")


def _after_the_day(text: str, day: date) -> str:
    """The sentence without the day it begins with, so that equal ones of several days become one."""
    rest = text.removeprefix(f"{day:%-m月%-d日}")
    return rest if rest != text else f"：{text}"


def _spans(days: Sequence[date]) -> str:
    """Days of one month in order: 3月8日至12日、15日."""
    runs: list[list[date]] = []
    for day in days:
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts = [f"{run[0].day}日" if len(run) == 1 else f"{run[0].day}日至{run[-1].day}日" for run in runs]
    return f"{days[0].month}月{'、'.join(parts)}"


def _unit_row(choice: UnitChoice) -> UnitRow:
    last = f"上次 {zh_date(choice.last_turn)}" if choice.last_turn else "还没有讲过"
    return UnitRow(
        choice.code,
        choice.name,
        last,
        _texts(choice.objections, blocks=True),
        _texts(choice.objections, blocks=False),
    )


def _texts(objections: Iterable[Objection], *, blocks: bool) -> list[str]:
    return [each.text for each in objections if each.blocks is blocks]


def _common(all_objections: Iterable[Sequence[Objection]]) -> list[str]:
    """The warnings that stand in every one, in their order."""
    warnings = [_texts(objections, blocks=False) for objections in all_objections]
    if len(warnings) < 2:
        return []
    return [text for text in warnings[0] if all(text in others for others in warnings[1:])]
