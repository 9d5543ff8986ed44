from datetime import UTC, datetime, timedelta

import pytest

from core.clock import CHINA, ManualClock, SystemClock


def test_the_system_clock_is_aware_and_its_monotonic_time_does_not_go_back() -> None:
    clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
    assert clock.monotonic() <= clock.monotonic()


def test_both_times_of_a_manual_clock_advance_together() -> None:
    clock = ManualClock(datetime(2026, 11, 26, 15, 0, tzinfo=CHINA))
    now, monotonic = clock.now(), clock.monotonic()
    assert now == datetime(2026, 11, 26, 7, 0, tzinfo=UTC)
    clock.advance(1.5, minutes=2)
    assert clock.now() - now == timedelta(seconds=121.5)
    assert clock.monotonic() - monotonic == 121.5


def test_a_manual_clock_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="back"):
        ManualClock().advance(-1)
