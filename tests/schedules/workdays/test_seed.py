from datetime import date

import pytest

from schedules.workdays.days import DayKind
from schedules.workdays.seed import expected_days, seeded_year


@pytest.mark.parametrize(
    ("year", "eve", "seventh", "tomb", "dragon_boat", "mid_autumn"),
    [
        (2025, (1, 28), (2, 4), (4, 4), (5, 31), (10, 6)),
        (2026, (2, 16), (2, 23), (4, 5), (6, 19), (9, 25)),
        (2027, (2, 5), (2, 12), (4, 5), (6, 9), (9, 15)),
        (2028, (1, 25), (2, 1), (4, 4), (5, 28), (10, 3)),
    ],
)
def test_moving_holidays_follow_the_lunar_calendar(
    year: int,
    eve: tuple[int, int],
    seventh: tuple[int, int],
    tomb: tuple[int, int],
    dragon_boat: tuple[int, int],
    mid_autumn: tuple[int, int],
) -> None:
    names = {day: entry.name for day, entry in expected_days(year).items()}
    assert names[date(year, *eve)] == "春节（除夕）"
    assert names[date(year, *seventh)] == "春节假期（初七）"
    assert names[date(year, *tomb)] == "清明节"
    assert names[date(year, *dragon_boat)] == "端午节"
    assert "中秋节" in names[date(year, *mid_autumn)]


def test_an_announced_year_has_its_worked_weekends() -> None:
    seed = seeded_year(2026)
    assert seed.is_official
    worked = [day for day, entry in seed.days.items() if entry.kind is DayKind.WORKED]
    assert worked == [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ]
    assert "国务院办公厅" in seed.source


def test_a_year_far_ahead_is_expected_and_says_so() -> None:
    seed = seeded_year(2060)
    assert not seed.is_official
    assert seed.source.startswith("预计")
    assert not any(entry.is_official for entry in seed.days.values())
    assert {entry.kind for entry in seed.days.values()} == {DayKind.OFF}


def test_what_the_law_gives_free_is_free_in_every_announced_year_too() -> None:
    announced = seeded_year(2026).days
    for day, entry in expected_days(2026).items():
        if "假期" not in entry.name:  # statutory
            assert announced[day].kind is DayKind.OFF, day
