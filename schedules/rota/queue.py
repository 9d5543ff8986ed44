"""Whose turn it is: units in the order of how long ago they spoke. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import UnitKind

KIND_LABELS: Mapping[UnitKind, str] = {UnitKind.DEPARTMENT: "州级单位", UnitKind.COUNTY: "县（市）"}
MOST_NAMED = 3
"""So many units that were passed over are named in a reason."""


@dataclass(frozen=True, slots=True)
class RotaUnit:
    """A unit as the rota sees it. From retired_on on it takes no turns."""

    code: str
    name: str
    kind: UnitKind
    display_order: int
    retired_on: date | None = None
    merged_into: str | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """A unit cannot speak from first to last, both counted."""

    unit_code: str
    first: date
    last: date
    reason: str = ""


class TurnQueue:
    """Units and when each spoke last; turns already settled for later count too, so that nobody gets two.

    interleaved: in the first round the kinds alternate in the proportion of their numbers (28:12 is 7:3), as the
    plain queue over both kinds asks for.
    """

    def __init__(self, units: Iterable[RotaUnit], absences: Iterable[Absence], *, interleaved: bool) -> None:
        self._units = sorted(units, key=lambda unit: (unit.display_order, unit.code))
        self._absences = list(absences)
        self._last: dict[str, date] = {}
        self._first_round = _interleaved(self._units) if interleaved else list(self._units)
        self._interleaved = interleaved
        self._place = {unit.code: place for place, unit in enumerate(self._first_round)}

    def spoke(self, unit_code: str, day: date) -> None:
        self._last[unit_code] = max(day, self._last.get(unit_code, day))

    def last_turn(self, unit: RotaUnit) -> date | None:
        """When the unit spoke last. One that has not yet takes over the turn of the units merged into it."""
        if unit.code in self._last:
            return self._last[unit.code]
        before = [self._last[code] for code in self._merged(unit.code) if code in self._last]
        return max(before, default=None)

    def is_available(self, unit: RotaUnit, day: date) -> bool:
        return self.why_absent(unit, day) is None

    def why_absent(self, unit: RotaUnit, day: date) -> str | None:
        """Why the unit takes no turn on that day, in Chinese."""
        if unit.retired_on is not None and day >= unit.retired_on:
            return f"{unit.name}已于{unit.retired_on:%Y年%-m月%-d日}撤并，不再轮值"
        for absence in self._absences:
            if absence.unit_code == unit.code and absence.first <= day <= absence.last:
                return f"{unit.name}这段时间不能轮值" + (f"（{absence.reason}）" if absence.reason else "")
        return None

    def choose(
        self, day: date, kind: UnitKind | None, excluded: Iterable[str] = ()
    ) -> tuple[RotaUnit, str] | None:
        """The unit whose turn it is on that day, and the reason in Chinese.

        kind None: of all. excluded: units with a turn in the same month; they come only when there is no other.
        None: nobody of that kind is available.
        """
        able = [unit for unit in self._units if kind in (None, unit.kind) and self.is_available(unit, day)]
        out = set(excluded)
        able = [unit for unit in able if unit.code not in out] or able
        if not able:
            return None
        unit = min(able, key=self._rank)
        return unit, self._reason(unit, day, kind)

    def _rank(self, unit: RotaUnit) -> tuple[date, int, str]:
        last = self.last_turn(unit)
        if last is None:
            return date.min, self._place[unit.code], unit.code
        return last, unit.display_order, unit.code

    def _reason(self, unit: RotaUnit, day: date, kind: UnitKind | None) -> str:
        last = self.last_turn(unit)
        among = "全部单位" if kind is None else KIND_LABELS[kind]
        if last is None:
            order = "第一轮按州级单位与县（市）的比例穿插" if self._interleaved else f"按{among}的排列顺序"
            text = f"{unit.name}还没有轮值过，{order}轮到。"
        else:
            text = f"{unit.name}上次轮值是{last:%Y年%-m月%-d日}，在{among}里间隔最久。"
        passed = [
            why
            for other in self._units
            if kind in (None, other.kind) and self._rank(other) < self._rank(unit)
            if (why := self.why_absent(other, day)) is not None and other.retired_on is None
        ]
        if passed:
            more = "等" if len(passed) > MOST_NAMED else ""
            text += f"{'；'.join(passed[:MOST_NAMED])}{more}，顺延。"
        return text

    def _merged(self, code: str, seen: tuple[str, ...] = ()) -> list[str]:
        """The codes of all units that went into this one, over any number of mergers."""
        found = []
        for unit in self._units:
            if unit.merged_into == code and unit.code not in seen:
                found += [unit.code, *self._merged(unit.code, (*seen, code))]
        return found


def _interleaved(units: Sequence[RotaUnit]) -> list[RotaUnit]:
    """Each kind in its own order, the kinds mixed evenly: every stretch has them in their proportion."""
    placed: list[tuple[float, int, str, RotaUnit]] = []
    for kind in UnitKind:
        of_kind = [unit for unit in units if unit.kind is kind]
        for place, unit in enumerate(of_kind):
            placed.append(((place + 0.5) / len(of_kind), unit.display_order, unit.code, unit))
    return [unit for *_, unit in sorted(placed, key=lambda each: each[:3])]
