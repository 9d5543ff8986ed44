"""工作日: the working calendar of China over days already loaded. No I/O.

A day with an entry is what its entry says; any other is worked from Monday to Friday. Counting follows
行政复议法 art. 88: the day something happens on is not counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)
SATURDAY = 5
WEEKDAYS = "一二三四五六日"


class DayKind(StrEnum):
    OFF = "off"
    WORKED = "worked"


@dataclass(frozen=True, slots=True)
class DayEntry:
    kind: DayKind
    name: str
    is_official: bool = True
    """False: 预计, taken from the law and the lunar calendar before the State Council has announced the year."""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """days: what differs from plain weekdays; official_years: those whose holidays have been announced."""

    days: Mapping[date, DayEntry] = field(default_factory=dict)
    official_years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        entry = self.days.get(day)
        return day.weekday() < SATURDAY if entry is None else entry.kind is DayKind.WORKED

    def is_official(self, year: int) -> bool:
        """Whether the holidays of the year have been announced; if not, every answer about it is 预计."""
        return year in self.official_years

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after day (n negative: before it). n = 0: day itself, worked or not."""
        step = ONE_DAY if n > 0 else -ONE_DAY
        left = abs(n)
        while left:
            day += step
            if self.is_working(day):
                left -= 1
        return day

    def working_days_between(self, a: date, b: date) -> int:
        """How many working days it takes from a to b, a not counted; negative when b lies before a.

        The n of add_working_days(a, n) when b is a working day.
        """
        if b < a:
            return -sum(self.is_working(b + ONE_DAY * n) for n in range((a - b).days))
        return sum(self.is_working(a + ONE_DAY * n) for n in range(1, (b - a).days + 1))

    def next_working_day(self, day: date) -> date:
        """day itself when it is worked, else the first one after it that is (a term of days ends there)."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def why_not(self, day: date) -> str | None:
        """Why nobody works that day, in Chinese; None on a working day."""
        if self.is_working(day):
            return None
        entry = self.days.get(day)
        if entry is None:
            return f"{day:%-m月%-d日}是周{WEEKDAYS[day.weekday()]}，不上班。"
        expected = "" if entry.is_official else "（预计，放假安排还没有公布）"
        return f"{day:%-m月%-d日}是{entry.name}{expected}，放假。"

    def note_of(self, year: int) -> str | None:
        """What to say beside every date of a year that is not announced yet; None for an announced one."""
        if self.is_official(year):
            return None
        return f"{year} 年放假安排还没有公布，日期按周末、法定节日和春节假期预计；公布并导入以后会重新推算。"
