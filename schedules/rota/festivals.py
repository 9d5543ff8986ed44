"""普法节点: days that a topic may be tied to. They only hint, they never decide.

国家安全法 art. 14 (4·15), 消防法 and 法治宣传教育法 art. 13 (12·4) set theirs; the others are kept by custom.
"""

from dataclasses import dataclass
from datetime import date

NEAR_DAYS = 7
"""So many days around a festival a lecture is near it."""


@dataclass(frozen=True, slots=True)
class Festival:
    month: int
    day: int
    name: str

    @property
    def label(self) -> str:
        return f"{self.month}月{self.day}日{self.name}"


FESTIVALS = (
    Festival(1, 10, "中国人民警察节"),
    Festival(3, 15, "国际消费者权益日"),
    Festival(4, 15, "全民国家安全教育日"),
    Festival(4, 26, "世界知识产权日"),
    Festival(6, 5, "环境日"),
    Festival(6, 26, "国际禁毒日"),
    Festival(11, 9, "全国消防日"),
    Festival(12, 4, "国家宪法日"),
)
CIVIL_CODE_MONTH = 5


def near_festivals(day: date) -> list[Festival]:
    """Those a lecture on that day is near to, the nearest first."""
    near = [festival for festival in FESTIVALS if _distance(day, festival) <= NEAR_DAYS]
    return sorted(near, key=lambda festival: (_distance(day, festival), festival.month, festival.day))


def hint(day: date) -> str | None:
    """What a topic of that day could be tied to, one sentence in Chinese."""
    if near := near_festivals(day):
        return f"临近{near[0].label}，可结合选题。"
    return "正值民法典宣传月，可结合选题。" if day.month == CIVIL_CODE_MONTH else None


def _distance(day: date, festival: Festival) -> int:
    nearest = (date(year, festival.month, festival.day) for year in (day.year - 1, day.year, day.year + 1))
    return min(abs((day - each).days) for each in nearest)
