"""The days lectures are planned for: the usual ones of a month, and where a blocked one moves to. Pure."""

from calendar import monthrange
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from schedules.workdays.days import WEEKDAYS

Blocked = Callable[[date], str | None]
"""Why no lecture can be on that day, in Chinese; None when one can."""


@dataclass(frozen=True, slots=True)
class SlotPattern:
    """Which days of a month are usual. weekday: 1 is Monday; weeks: 2 is the second such weekday of the month."""

    weekday: int = 4
    weeks: tuple[int, ...] = (2, 4)
    at: time = time(15, 0)

    def usual_days(self, year: int, month: int) -> list[date]:
        first = date(year, month, 1)
        ahead = (self.weekday - 1 - first.weekday()) % 7
        return [first + timedelta(days=ahead + 7 * (week - 1)) for week in sorted(self.weeks)]

    def label(self, place: int) -> str:
        return f"每月第{sorted(self.weeks)[place]}个星期{WEEKDAYS[self.weekday - 1]}"


@dataclass(frozen=True, slots=True)
class Slot:
    """One of a month's turns: its usual day, the day it is on, and why that day, in Chinese."""

    usual: date
    day: date
    why: str


def days_of_month(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


def place_slots(
    pattern: SlotPattern, year: int, month: int, places: Iterable[int], blocked: Blocked
) -> tuple[list[Slot], list[str]]:
    """The days of these places (0 is the month's first) in order of date, and a note for each that has none.

    A blocked slot moves to the nearest free working weekday of its kind in the month, else to the nearest free
    working day of the month; of two as near, the earlier.
    """
    usual = pattern.usual_days(year, month)
    wanted = list(places)
    reserved = {usual[place] for place in wanted if blocked(usual[place]) is None}
    slots, notes = [], []
    for place in wanted:
        reason = blocked(usual[place])
        if reason is None:
            slots.append(Slot(usual[place], usual[place], f"{pattern.label(place)}。"))
            continue
        day = _replacement(pattern, usual[place], blocked, reserved)
        label = f"{pattern.label(place)}（{usual[place]:%-m月%-d日}）"
        if day is None:
            notes.append(f"{year}年{month}月：{label}排不了，当月也没有别的空闲工作日。{reason}")
            continue
        reserved.add(day)
        slots.append(Slot(usual[place], day, f"{label}排不了：{reason}{_moved(pattern, day)}"))
    return sorted(slots, key=lambda slot: slot.day), notes


def _replacement(
    pattern: SlotPattern, usual: date, blocked: Blocked, reserved: Collection[date]
) -> date | None:
    free = [
        day for day in days_of_month(usual.year, usual.month) if day not in reserved and blocked(day) is None
    ]
    same_weekday = [day for day in free if day.isoweekday() == pattern.weekday]
    return nearest(usual, same_weekday or free)


def _moved(pattern: SlotPattern, day: date) -> str:
    what = f"星期{WEEKDAYS[pattern.weekday - 1]}" if day.isoweekday() == pattern.weekday else "工作日"
    return f"改到{day:%-m月%-d日}，是当月最近的空闲{what}。"


def nearest(wanted: date, days: Iterable[date]) -> date | None:
    """The nearest of the days; of two as near, the earlier."""
    return min(days, key=lambda day: (abs((day - wanted).days), day), default=None)
