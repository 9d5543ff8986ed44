"""轮值: who speaks when in a year. Pure: the same input gives the same proposals, each with its reason.

First what is settled (lectures that stay), then pins, then the queue. Rule B gives each month one department and
one county, the department first; rule A is one queue over all units. No unit speaks again before every available
unit of its kind (A: of all) has spoken, counted over all years.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from accounts.models import UnitKind
from core.clock import CHINA
from schedules.numbers import month_prefix
from schedules.rota.festivals import hint
from schedules.rota.queue import Absence, RotaUnit, TurnQueue
from schedules.rota.slots import SlotPattern, days_of_month, nearest, place_slots
from schedules.workdays.days import WorkingCalendar

MONTHS = range(1, 13)


class Rule(StrEnum):
    """A: one queue over all units. B: each month one department and one county."""

    A = "A"
    B = "B"


@dataclass(frozen=True, slots=True)
class Turn:
    """A unit spoke, or is to speak, on a day in China."""

    unit_code: str
    day: date


@dataclass(frozen=True, slots=True)
class Kept:
    """A lecture of the year's rota that stays as it is. planned: the day it was first meant for.

    It fills a slot of the month its number names, wherever it has moved since. is_draft: its number may still
    change. called_off: after all nobody spoke, and it is no turn of its unit.
    """

    number: str
    unit_code: str
    day: date
    planned: date
    is_draft: bool
    called_off: bool = False

    @property
    def month(self) -> int:
        return int(self.number.split("-")[1])


@dataclass(frozen=True, slots=True)
class Pin:
    """The bureau wants this unit in this month (day None) or on this very day."""

    unit_code: str
    month: int
    day: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Quiet:
    """No lecture from first to last, both counted."""

    first: date
    last: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RotaInput:
    """All that decides a year. history: turns of any time; taken_days: days with a lecture that stays;
    taken_numbers: numbers that belong to somebody and are not a kept draft's."""

    year: int
    rule: Rule
    units: Sequence[RotaUnit]
    calendar: WorkingCalendar
    history: Sequence[Turn] = ()
    kept: Sequence[Kept] = ()
    pins: Sequence[Pin] = ()
    absences: Sequence[Absence] = ()
    quiet: Sequence[Quiet] = ()
    taken_days: frozenset[date] = frozenset()
    taken_numbers: frozenset[str] = frozenset()
    pattern: SlotPattern = field(default_factory=SlotPattern)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A lecture to be. start is aware, in China's zone."""

    number: str
    unit_code: str
    kind: UnitKind
    start: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class RotaPlan:
    """proposals in order of time; renumbered: kept drafts that get another number; notes: what could not be done."""

    proposals: list[Proposal]
    renumbered: dict[str, str]
    notes: list[str]


@dataclass(slots=True)
class _Open:
    """A slot that has a day and waits for a unit."""

    day: date
    why: str
    kind: UnitKind | None = None


@dataclass(frozen=True, slots=True)
class _Given:
    unit: RotaUnit
    day: date
    reason: str
    month: int


def propose(given: RotaInput) -> list[Proposal]:
    """The lectures of the year that are not settled yet, in order of time."""
    return plan_year(given).proposals


def plan_year(given: RotaInput) -> RotaPlan:
    return _Planner(given).plan()


def why_blocked(day: date, calendar: WorkingCalendar, quiet: Iterable[Quiet]) -> str | None:
    """Why no lecture can be on that day, in Chinese, whatever else is planned; None when one can."""
    if reason := calendar.why_not(day):
        return reason
    for each in quiet:
        if each.first <= day <= each.last:
            return f"{day:%-m月%-d日}在静默期内" + (f"（{each.reason}）。" if each.reason else "。")
    return None


class _Planner:
    def __init__(self, given: RotaInput) -> None:
        self.given = given
        self.units = {unit.code: unit for unit in given.units}
        self.queue = TurnQueue(given.units, given.absences, interleaved=given.rule is Rule.A)
        self.taken = set(given.taken_days) | {kept.day for kept in given.kept}
        self.notes: list[str] = []
        self.settled: list[_Given] = []
        self.open: list[_Open] = []
        for turn in given.history:
            self.queue.spoke(turn.unit_code, turn.day)
        for kept in given.kept:
            if not kept.called_off:
                self.queue.spoke(kept.unit_code, kept.day)

    def plan(self) -> RotaPlan:
        for month in MONTHS:
            self._settle_month(month)
        for slot in sorted(self.open, key=lambda slot: slot.day):
            self._fill(slot)
        proposals, renumbered = self._numbered()
        return RotaPlan(proposals, renumbered, self.notes)

    def _blocked(self, day: date) -> str | None:
        if day in self.taken:
            return f"{day:%-m月%-d日}已有别的期次。"
        return why_blocked(day, self.given.calendar, self.given.quiet)

    def _settle_month(self, month: int) -> None:
        """Lectures that stay, then pins; what is left of the month's slots stays open for the queue."""
        kept = [each for each in self.given.kept if each.month == month]
        places = list(range(len(self.given.pattern.weeks)))
        for each in sorted(kept, key=lambda each: (each.planned, each.number)):
            places = self._without_nearest(month, each.planned, places)
        pins = self._pins_of(month, {each.unit_code for each in kept})
        for pin in (each for each in pins if each.day is not None):
            places = self._settle_day(pin, places)
        slots, notes = place_slots(self.given.pattern, self.given.year, month, places, self._blocked)
        self.notes += notes
        self.taken |= {slot.day for slot in slots}
        left = [_Open(slot.day, slot.why) for slot in slots]
        for pin in (each for each in pins if each.day is None):
            self._settle_in_month(pin, left)
        if self.given.rule is Rule.B:
            present = {self.units[each.unit_code].kind for each in kept if each.unit_code in self.units}
            present |= {each.unit.kind for each in self.settled if each.month == month}
            _share_kinds(left, present)
        self.open += left

    def _without_nearest(self, month: int, day: date, places: list[int]) -> list[int]:
        """A settled day takes the nearest usual place that is left."""
        usual = self.given.pattern.usual_days(self.given.year, month)
        by_distance = sorted(places, key=lambda place: (abs((usual[place] - day).days), place))
        return sorted(by_distance[1:])

    def _pins_of(self, month: int, present: set[str]) -> list[Pin]:
        """The pins of a month in the official order, those of a day first, one a unit."""
        found: dict[str, Pin] = {}
        of_month = [pin for pin in self.given.pins if pin.month == month]
        for pin in sorted(
            of_month, key=lambda pin: (pin.day is None, pin.day or 0, self._order(pin.unit_code))
        ):
            if pin.unit_code not in self.units:
                self.notes.append(f"{month}月的指定单位 {pin.unit_code} 不在单位名册里，没有排。")
            elif pin.unit_code not in present:
                found.setdefault(pin.unit_code, pin)
        return list(found.values())

    def _order(self, code: str) -> tuple[int, str]:
        unit = self.units.get(code)
        return (unit.display_order if unit else 0, code)

    def _settle_day(self, pin: Pin, places: list[int]) -> list[int]:
        """A day the bureau named: that day, or when it is blocked the nearest working one. Returns places left."""
        unit = self.units[pin.unit_code]
        days = days_of_month(self.given.year, pin.month)
        wanted = days[min(pin.day or 1, len(days)) - 1]
        able = [day for day in days if self._blocked(day) is None and self.queue.is_available(unit, day)]
        day = nearest(wanted, able)
        if not places or day is None:
            self._unmet(pin, wanted)
            return places
        why = f"指定{unit.name}在{wanted:%-m月%-d日}开讲{_noted(pin)}。"
        if day != wanted:
            reason = self._blocked(wanted) or f"{self.queue.why_absent(unit, wanted)}。"
            why += f"{reason}改到最近的空闲工作日{day:%-m月%-d日}。"
        self._give(unit, day, why, pin.month)
        return self._without_nearest(pin.month, day, places)

    def _settle_in_month(self, pin: Pin, left: list[_Open]) -> None:
        """A month the bureau named: the department the first open slot, the county the last."""
        unit = self.units[pin.unit_code]
        able = [slot for slot in left if self.queue.is_available(unit, slot.day)]
        if not able:
            self._unmet(pin, date(self.given.year, pin.month, 1))
            return
        last = self.given.rule is Rule.B and unit.kind is UnitKind.COUNTY
        slot = able[-1] if last else able[0]
        left.remove(slot)
        self._give(unit, slot.day, f"指定{unit.name}在{pin.month}月开讲{_noted(pin)}。{slot.why}", pin.month)

    def _unmet(self, pin: Pin, day: date) -> None:
        unit = self.units[pin.unit_code]
        why = self.queue.why_absent(unit, day) or "当月已经排满，或没有可用的工作日"
        when = f"{pin.month}月" + (f"{pin.day}日" if pin.day else "")
        self.notes.append(f"指定{unit.name}在{when}开讲没有排上：{why}。")

    def _fill(self, slot: _Open) -> None:
        month = slot.day.month
        here = {each.unit.code for each in self.settled if each.month == month}
        here |= {each.unit_code for each in self.given.kept if each.month == month}
        choice = self.queue.choose(slot.day, slot.kind, here)
        if choice is None and slot.kind is not None:
            choice = self.queue.choose(slot.day, None, here)
            if choice is not None:
                self.notes.append(f"{slot.day:%Y年%-m月%-d日}没有能轮值的同类单位，由{choice[0].name}补上。")
        if choice is None:
            self.notes.append(f"{slot.day:%Y年%-m月%-d日}没有能轮值的单位，空着。")
            return
        self._give(choice[0], slot.day, choice[1] + slot.why, month)

    def _give(self, unit: RotaUnit, day: date, why: str, month: int) -> None:
        self.taken.add(day)
        self.queue.spoke(unit.code, day)
        why += hint(day) or ""
        if not self.given.calendar.is_official(day.year):
            why += f"{day.year}年放假安排还没有公布，日期为预计。"
        self.settled.append(_Given(unit, day, why, month))

    def _numbered(self) -> tuple[list[Proposal], dict[str, str]]:
        """Numbers by date within each month; one that belongs to somebody is passed over."""
        proposals, renumbered = [], {}
        for month in MONTHS:
            drafts = [kept for kept in self.given.kept if kept.month == month and kept.is_draft]
            new = [each for each in self.settled if each.month == month]
            order: list[Kept | _Given] = sorted([*drafts, *new], key=lambda each: each.day)
            numbers = free_numbers(self.given.year, month, self.given.taken_numbers, len(order))
            for number, each in zip(numbers, order, strict=True):
                if isinstance(each, Kept):
                    renumbered[each.number] = number
                    continue
                start = datetime.combine(each.day, self.given.pattern.at, CHINA)
                proposals.append(Proposal(number, each.unit.code, each.unit.kind, start, each.reason))
        changed = {old: number for old, number in renumbered.items() if old != number}
        return sorted(proposals, key=lambda proposal: proposal.start), changed


def free_numbers(year: int, month: int, taken: frozenset[str], count: int) -> list[str]:
    """The first so many numbers of a month that belong to nobody, in order."""
    found: list[str] = []
    order = 0
    while len(found) < count:
        order += 1
        number = f"{month_prefix(year, month)}{order}"
        if number not in taken:
            found.append(number)
    return found


def _share_kinds(left: list[_Open], present: set[UnitKind]) -> None:
    """Rule B: the department in the first slot; a month that has one kind already waits for the other."""
    wanted = [kind for kind in (UnitKind.DEPARTMENT, UnitKind.COUNTY) if kind not in present]
    for place, slot in enumerate(left):
        slot.kind = wanted[place % len(wanted)] if wanted else None


def _noted(pin: Pin) -> str:
    return f"（{pin.note}）" if pin.note else ""
