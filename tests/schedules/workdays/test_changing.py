from datetime import date, timedelta

import pytest

from accounts.services import seed_sample_units
from core.audit import SYSTEM
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.errors import Invalid, NotFound
from core.settings import Settings
from schedules.models import Broadcast
from schedules.states import AirState
from schedules.told import deadlines_to_tell, keep_told_deadlines
from schedules.workdays.announcement import Announcement, read_announcement
from schedules.workdays.calendars import days_of_year, ensure_years, load_calendar
from schedules.workdays.changing import import_announcement, remove_local_day, set_local_day
from schedules.workdays.days import DayKind
from tests.support.announcements import announcement_2027
from tests.support.plan import UNIT_A, drafted, issued
from tests.support.planned import three_o_clock

pytestmark = pytest.mark.usefixtures("db")
NUMBER = "2027-2-1"


def announced() -> Announcement:
    return read_announcement(announcement_2027(), "2027.csv", "国办发明电〔2026〕12号")


async def test_an_announcement_takes_the_place_of_what_was_expected(
    clock: ManualClock, db_settings: Settings
) -> None:
    await ensure_years([2026, 2027], now=clock.now())
    changes = await import_announcement(announced(), by=SYSTEM, now=clock.now(), settings=db_settings)
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


async def test_an_imported_year_is_not_seeded_over(clock: ManualClock, db_settings: Settings) -> None:
    await import_announcement(announced(), by=SYSTEM, now=clock.now(), settings=db_settings)
    assert await ensure_years([2027], now=clock.now()) == []
    assert (await load_calendar([2027])).is_official(2027)


async def test_an_import_can_be_repeated(clock: ManualClock, db_settings: Settings) -> None:
    await import_announcement(announced(), by=SYSTEM, now=clock.now(), settings=db_settings)
    assert await import_announcement(announced(), by=SYSTEM, now=clock.now(), settings=db_settings) == []


async def test_a_day_of_the_bureaus_own_outlives_an_import_and_can_be_taken_back(
    clock: ManualClock, db_settings: Settings
) -> None:
    day = date(2027, 8, 9)
    await ensure_years([2027], now=clock.now())
    await set_local_day(day, DayKind.OFF, "黔南州庆", by=SYSTEM, now=clock.now(), settings=db_settings)
    await set_local_day(
        date(2027, 10, 1), DayKind.WORKED, "值班", by=SYSTEM, now=clock.now(), settings=db_settings
    )
    await import_announcement(announced(), by=SYSTEM, now=clock.now(), settings=db_settings)
    calendar = await load_calendar([2027])
    assert "黔南州庆" in str(calendar.why_not(day))
    assert calendar.is_working(date(2027, 10, 1))
    await remove_local_day(day, by=SYSTEM, now=clock.now(), settings=db_settings)
    await remove_local_day(date(2027, 10, 1), by=SYSTEM, now=clock.now(), settings=db_settings)
    calendar = await load_calendar([2027])
    assert calendar.is_working(day)
    assert not calendar.is_working(date(2027, 10, 1))
    with pytest.raises(NotFound):
        await remove_local_day(day, by=SYSTEM, now=clock.now(), settings=db_settings)


async def test_a_day_of_the_bureaus_own_needs_a_name(clock: ManualClock, db_settings: Settings) -> None:
    with pytest.raises(Invalid):
        await set_local_day(
            date(2027, 8, 9), DayKind.OFF, "  ", by=SYSTEM, now=clock.now(), settings=db_settings
        )


async def told_of(number: str = NUMBER) -> dict[str, str]:
    return (await Broadcast.get(number=number)).told_deadlines


async def test_what_one_import_has_told_a_second_at_once_does_not_take_back(
    clock: ManualClock, db_settings: Settings
) -> None:
    """No sweep runs between the two: the import itself tells what the pages show from then on."""
    await seed_sample_units()
    await ensure_years([2026, 2027], now=clock.now())
    await issued(NUMBER, UNIT_A, clock, db_settings, starts_at=three_o_clock(2027, 2, 25))
    first = await told_of()
    # 12 February turns out to be worked: ten working days before the 25th are a day later.
    await import_announcement(announced(), by=SYSTEM, now=clock.now(), settings=db_settings)
    lecture = await Broadcast.get(number=NUMBER)
    shown = lecture.told_deadlines
    assert shown["hand_in"] > first["hand_in"]
    assert lecture.version == 1, "nobody's page is out of date by it"
    corrected = announcement_2027() + "\n2027-02-12,放假,春节\n2027-02-13,放假,春节".encode()
    again = read_announcement(corrected, "2027.csv", "更正")
    changes = await import_announcement(again, by=SYSTEM, now=clock.now(), settings=db_settings)
    assert date(2027, 2, 12) in [change.day for change in changes]
    assert (await told_of()) == shown
    lecture = await Broadcast.get(number=NUMBER)
    assert lecture.starts_at is not None
    assert await deadlines_to_tell(lecture, lecture.starts_at, db_settings) == shown


async def test_a_day_of_the_bureaus_own_tells_what_comes_after_a_lecture_too(
    clock: ManualClock, db_settings: Settings
) -> None:
    await seed_sample_units()
    await ensure_years([2026, 2027], now=clock.now())
    await issued(NUMBER, UNIT_A, clock, db_settings, starts_at=three_o_clock(2027, 2, 25))
    await drafted("2027-2-2", UNIT_A, clock, starts_at=three_o_clock(2027, 2, 26))
    await Broadcast.filter(number=NUMBER).update(air_state=AirState.ENDED)
    clock.advance(minutes=(three_o_clock(2027, 2, 26) - clock.now()) / timedelta(minutes=1))
    day = date(2027, 3, 3)
    await set_local_day(day, DayKind.OFF, "州庆", by=SYSTEM, now=clock.now(), settings=db_settings)
    later = await told_of()
    assert later["feedback"] == "2027-03-05"
    await remove_local_day(day, by=SYSTEM, now=clock.now(), settings=db_settings)
    assert await told_of() == later
    assert await told_of("2027-2-2") == {}, "a draft was told to nobody"
    assert await keep_told_deadlines(now=clock.now(), settings=db_settings) == 0


async def test_an_import_that_fails_has_told_nothing(
    clock: ManualClock, db_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await seed_sample_units()
    await ensure_years([2026, 2027], now=clock.now())
    await issued(NUMBER, UNIT_A, clock, db_settings, starts_at=three_o_clock(2027, 2, 25))
    before = await told_of()

    async def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("schedules.workdays.changing.record", full)
    with pytest.raises(OSError, match="disk full"):
        await import_announcement(announced(), by=SYSTEM, now=clock.now(), settings=db_settings)
    assert await told_of() == before
    assert not (await load_calendar([2027])).is_official(2027)
