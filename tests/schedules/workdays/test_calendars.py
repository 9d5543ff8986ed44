from datetime import date

import pytest
from tortoise.context import TortoiseContext

from core.audit import SYSTEM
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.errors import Invalid, NotFound
from schedules.workdays.announcement import Announcement, read_announcement
from schedules.workdays.calendars import (
    days_of_year,
    ensure_usual_years,
    ensure_years,
    import_announcement,
    load_calendar,
    remove_local_day,
    set_local_day,
)
from schedules.workdays.days import DayKind
from tests.support.announcements import announcement_2027

pytestmark = pytest.mark.usefixtures("db")


def announced() -> Announcement:
    return read_announcement(announcement_2027(), "2027.csv", "国办发明电〔2026〕12号")


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


async def test_an_announcement_takes_the_place_of_what_was_expected(clock: ManualClock) -> None:
    await ensure_years([2026, 2027], now=clock.now())
    changes = await import_announcement(announced(), by=SYSTEM, now=clock.now())
    changed = {change.day: change.is_working for change in changes}
    assert changed[date(2027, 2, 12)] is True  # expected to be free, and is not
    assert changed[date(2027, 10, 9)] is True  # a Saturday made up for
    assert changed[date(2027, 10, 7)] is False
    assert date(2027, 10, 1) not in changed
    calendar = await load_calendar([2027])
    assert calendar.is_official(2027)
    year, days = await days_of_year(2027)
    assert year is not None
    assert year.source == "国办发明电〔2026〕12号"
    assert all(day.is_official for day in days)
    entry = await AuditEntry.get(action="calendar.imported")
    assert entry.subject == "calendar:2027"
    assert "2027-02-12" in entry.after


async def test_an_imported_year_is_not_seeded_over(clock: ManualClock) -> None:
    await import_announcement(announced(), by=SYSTEM, now=clock.now())
    assert await ensure_years([2027], now=clock.now()) == []
    assert (await load_calendar([2027])).is_official(2027)


async def test_an_import_can_be_repeated(clock: ManualClock) -> None:
    await import_announcement(announced(), by=SYSTEM, now=clock.now())
    assert await import_announcement(announced(), by=SYSTEM, now=clock.now()) == []


async def test_a_day_of_the_bureaus_own_outlives_an_import_and_can_be_taken_back(clock: ManualClock) -> None:
    day = date(2027, 8, 9)
    await ensure_years([2027], now=clock.now())
    await set_local_day(day, DayKind.OFF, "黔南州庆", by=SYSTEM, now=clock.now())
    await set_local_day(date(2027, 10, 1), DayKind.WORKED, "值班", by=SYSTEM, now=clock.now())
    await import_announcement(announced(), by=SYSTEM, now=clock.now())
    calendar = await load_calendar([2027])
    assert "黔南州庆" in str(calendar.why_not(day))
    assert calendar.is_working(date(2027, 10, 1))
    await remove_local_day(day, by=SYSTEM, now=clock.now())
    await remove_local_day(date(2027, 10, 1), by=SYSTEM, now=clock.now())
    calendar = await load_calendar([2027])
    assert calendar.is_working(day)
    assert not calendar.is_working(date(2027, 10, 1))
    with pytest.raises(NotFound):
        await remove_local_day(day, by=SYSTEM, now=clock.now())


async def test_a_day_of_the_bureaus_own_needs_a_name(clock: ManualClock) -> None:
    with pytest.raises(Invalid):
        await set_local_day(date(2027, 8, 9), DayKind.OFF, "  ", by=SYSTEM, now=clock.now())
