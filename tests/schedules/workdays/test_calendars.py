from datetime import date

import pytest
from tortoise.context import TortoiseContext

from core.clock import ManualClock
from schedules.workdays.calendars import ensure_usual_years, ensure_years, load_calendar

pytestmark = pytest.mark.usefixtures("db")


async def test_the_table_is_filled_once_and_left_alone(clock: ManualClock) -> None:
    assert await ensure_years([2026, 2027], now=clock.now()) == [2026, 2027]
    assert await ensure_years([2026, 2027], now=clock.now()) == []
    calendar = await load_calendar([2027])
    assert calendar.is_official(2026)
    assert not calendar.is_official(2027)
    assert calendar.add_working_days(date(2026, 9, 18), 5) == date(2026, 9, 24)
    assert not calendar.is_working(date(2027, 2, 11))


async def test_the_usual_years_reach_ten_years_ahead(clock: ManualClock) -> None:
    changed = await ensure_usual_years(clock.now())
    assert {2020, 2026, 2027, 2036, 2037} <= set(changed)


async def test_a_year_that_is_not_in_the_table_has_its_weekends(db: TortoiseContext) -> None:
    calendar = await load_calendar([2027])
    assert not calendar.is_official(2027)
    assert calendar.is_working(date(2027, 2, 11))
    assert not calendar.is_working(date(2027, 2, 13))
