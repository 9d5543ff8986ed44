"""What the working calendar starts from: announced years as chinesecalendar lists them, others as expected.

Expected are the statutory days of 全国年节及纪念日放假办法 art. 2 (as revised by 国务院令第795号, in force since
2025-01-01) and the fourth to seventh day of the new year, which announcements give free in exchange for weekends
made up for. Nothing here runs while a request is answered: it fills the table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version

from chinese_calendar import constants
from lunar_python import Lunar, Solar

from schedules.workdays.days import DayEntry, DayKind

EXPECTED_SOURCE = "预计：周末、法定节日和春节初四至初七，放假安排还没有公布"
SPRING_FESTIVAL = ("除夕", "初一", "初二", "初三", "初四", "初五", "初六", "初七")
STATUTORY_SPRING_DAYS = 4


@dataclass(frozen=True, slots=True)
class SeededYear:
    year: int
    source: str
    is_official: bool
    days: Mapping[date, DayEntry]


def seeded_year(year: int) -> SeededYear:
    """What can be known about a year without its announcement at hand."""
    if year in _announced_years():
        source = f"国务院办公厅放假通知，经 chinesecalendar {version('chinesecalendar')} 转录"
        return SeededYear(year, source, True, _announced(year))
    return SeededYear(year, EXPECTED_SOURCE, False, expected_days(year))


def expected_days(year: int) -> dict[date, DayEntry]:
    """The days off that the law and the lunar calendar make sure of, and 初四 to 初七, all marked as expected."""
    days = {
        date(year, 1, 1): "元旦",
        _day(Lunar.fromYmd(year, 6, 1).getJieQiTable()["清明"]): "清明节",
        date(year, 5, 1): "劳动节",
        date(year, 5, 2): "劳动节",
        _lunar(year, 5, 5): "端午节",
        date(year, 10, 1): "国庆节",
        date(year, 10, 2): "国庆节",
        date(year, 10, 3): "国庆节",
    }
    mid_autumn = _lunar(year, 8, 15)
    days[mid_autumn] = "国庆节、中秋节" if mid_autumn in days else "中秋节"
    eve = _lunar(year, 1, 1) - timedelta(days=1)
    for place, name in enumerate(SPRING_FESTIVAL):
        holiday = "春节" if place < STATUTORY_SPRING_DAYS else "春节假期"
        days[eve + timedelta(days=place)] = f"{holiday}（{name}）"
    return {day: DayEntry(DayKind.OFF, days[day], is_official=False) for day in sorted(days)}


def _announced_years() -> set[int]:
    """Years with both days off and days made up for: half a year would be worse than an expected one."""
    return {day.year for day in constants.holidays} & {day.year for day in constants.workdays}


def _announced(year: int) -> dict[date, DayEntry]:
    names = {holiday.value: holiday.chinese for holiday in constants.Holiday}
    off = {day: DayEntry(DayKind.OFF, names[name]) for day, name in constants.holidays.items()}
    worked = {
        day: DayEntry(DayKind.WORKED, f"{names[name]}调休上班") for day, name in constants.workdays.items()
    }
    both = off | worked
    return {day: both[day] for day in sorted(both) if day.year == year}


def _lunar(year: int, month: int, day: int) -> date:
    return _day(Lunar.fromYmd(year, month, day).getSolar())


def _day(solar: Solar) -> date:
    return date(solar.getYear(), solar.getMonth(), solar.getDay())
