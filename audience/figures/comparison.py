"""Year on year, in words. Pure. No percentage across a change of definition, from zero, or from a year that was not
counted from its first day on.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from audience.figures.periods import Period

LEAP_DAY = (2, 29)


@dataclass(frozen=True, slots=True)
class Comparable:
    """Whether two periods may be compared; why_not: a clause that says why they may not."""

    why_not: str = ""

    @property
    def holds(self) -> bool:
        return not self.why_not


def comparable(before: Period, definitions: set[int], counted_since: date | None) -> Comparable:
    """definitions: versions that held on any day of both. counted_since: the first day with anything counted."""
    if counted_since is None or counted_since > before.last:
        return Comparable("上年没有计数")
    if counted_since > before.first:
        return Comparable(
            f"平台从{counted_since.year}年{counted_since.month}月{counted_since.day}日起计数，不作比较"
        )
    if len(definitions) > 1:
        return Comparable("统计口径有变化，不作比较")
    return Comparable()


def year_before(period: Period) -> Period:
    """The same days of the year before; 29 February becomes the 28th."""
    return Period(_year_before(period.first), _year_before(period.last))


def _year_before(day: date) -> date:
    if (day.month, day.day) == LEAP_DAY:
        day = day.replace(day=28)
    return day.replace(year=day.year - 1)


def change_words(now: int, before: int, rule: Comparable) -> str:
    """Such as 增长 12.3%. Empty from zero; what may not be compared is told once, not at every figure."""
    if not rule.holds or before == 0:
        return ""
    if now == before:
        return "持平"
    word: Literal["增长", "下降"] = "增长" if now > before else "下降"
    tenths = (abs(now - before) * 2000 + before) // (2 * before)  # per mille, half up
    return f"{word} {tenths // 10}.{tenths % 10}%"
