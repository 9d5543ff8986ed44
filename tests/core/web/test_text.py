from datetime import UTC, date, datetime

import pytest

from core.web.text import (
    clock_duration,
    iso,
    zh_count,
    zh_date,
    zh_datetime,
    zh_duration,
    zh_weekday,
)

LATE = datetime(2026, 11, 24, 16, 5, tzinfo=UTC)  # five past midnight in China


def test_times_are_written_on_the_clock_of_china() -> None:
    assert zh_datetime(LATE) == "2026年11月25日 00:05"
    assert zh_date(date(2026, 1, 2)) == "2026年1月2日"
    assert zh_weekday(LATE) == "周三"
    assert iso(LATE) == "2026-11-25T00:05:00+08:00"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        zh_datetime(datetime(2026, 11, 24))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0秒"),
        (40.4, "40秒"),
        (59.6, "1分钟"),
        (95, "1分35秒"),
        (900, "15分钟"),
        (930, "15分钟"),
        (3600, "1小时"),
        (3900, "1小时5分"),
        (-3, "0秒"),
    ],
)
def test_durations_are_as_long_as_it_is_useful_to_know(seconds: float, text: str) -> None:
    assert zh_duration(seconds) == text


def test_a_players_durations_have_two_digits_for_minutes_and_seconds() -> None:
    assert [clock_duration(seconds) for seconds in (5, 898.2, 3723)] == ["00:05", "14:58", "1:02:03"]


@pytest.mark.parametrize(
    ("amount", "text"), [(9999, "9999"), (10_000, "1万"), (12_345, "1.2万"), (1_299_999, "129.9万")]
)
def test_large_amounts_are_shortened_downwards(amount: int, text: str) -> None:
    assert zh_count(amount) == text
