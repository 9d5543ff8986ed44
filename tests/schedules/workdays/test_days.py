from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.workdays.days import DayEntry, DayKind, WorkingCalendar
from schedules.workdays.seed import seeded_year

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
COUNTS = st.integers(-80, 80)


def calendar(*years: int) -> WorkingCalendar:
    seeds = [seeded_year(year) for year in years]
    return WorkingCalendar(
        {day: entry for seed in seeds for day, entry in seed.days.items()},
        frozenset(seed.year for seed in seeds if seed.is_official),
    )


CALENDAR = calendar(2025, 2026, 2027)


@pytest.mark.parametrize(
    ("day", "n", "last"),
    [
        (date(2026, 9, 18), 5, date(2026, 9, 24)),  # Sunday 20 September is worked
        (
            date(2026, 9, 29),
            5,
            date(2026, 10, 12),
        ),  # over the national holiday, Saturday 10 October is worked
        (
            date(2026, 2, 13),
            5,
            date(2026, 2, 27),
        ),  # over Spring Festival, Saturdays 14 and 28 February are worked
        (date(2026, 4, 30), 10, date(2026, 5, 18)),  # over Labour Day, Saturday 9 May is worked
        (date(2026, 9, 24), -5, date(2026, 9, 18)),
        (date(2026, 10, 1), 0, date(2026, 10, 1)),
    ],
)
def test_working_days_are_counted_as_the_announcement_says(day: date, n: int, last: date) -> None:
    assert CALENDAR.add_working_days(day, n) == last


def test_a_term_of_days_that_ends_in_a_holiday_ends_on_the_next_working_day() -> None:
    end = date(2026, 8, 3) + timedelta(days=60)
    assert end == date(2026, 10, 2)
    assert CALENDAR.next_working_day(end) == date(2026, 10, 8)


@given(DAYS, COUNTS)
def test_counting_forth_and_between_agree(day: date, n: int) -> None:
    end = CALENDAR.add_working_days(day, n)
    assert n == 0 or CALENDAR.is_working(end)
    assert CALENDAR.working_days_between(day, end) == n


@given(DAYS)
def test_a_day_is_worked_or_says_why_not(day: date) -> None:
    assert CALENDAR.is_working(day) is (CALENDAR.why_not(day) is None)


def test_it_says_which_holiday_and_whether_that_is_expected_only() -> None:
    assert CALENDAR.why_not(date(2026, 10, 1)) == "10月1日是国庆节，放假。"
    assert CALENDAR.why_not(date(2026, 11, 28)) == "11月28日是周六，不上班。"
    assert "预计" in str(CALENDAR.why_not(date(2027, 2, 11)))
    assert CALENDAR.why_not(date(2026, 9, 20)) is None


def test_a_year_that_is_not_announced_says_so() -> None:
    assert CALENDAR.is_official(2026)
    assert CALENDAR.note_of(2026) is None
    assert not CALENDAR.is_official(2027)
    assert "2027 年放假安排还没有公布" in str(CALENDAR.note_of(2027))


def test_a_year_nothing_is_known_about_has_its_weekends() -> None:
    empty = WorkingCalendar()
    assert empty.is_working(date(2050, 10, 3))
    assert not empty.is_working(date(2050, 10, 1))  # a Saturday
    assert not empty.is_official(2050)


def test_an_entry_outranks_the_weekday() -> None:
    worked = WorkingCalendar({date(2027, 1, 2): DayEntry(DayKind.WORKED, "元旦调休上班")})
    assert worked.is_working(date(2027, 1, 2))
