"""Carrier time → lecture time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.timeline import AudioClock, Timeline, is_jump


@pytest.mark.parametrize(
    ("previous", "now", "expected"),
    [(0, 33, False), (0, 10_000, False), (0, 10_001, True), (5000, 4000, False), (5000, 3999, True)],
)
def test_a_jump_is_more_than_ten_seconds_forward_or_one_back(previous: int, now: int, expected: bool) -> None:
    assert is_jump(previous, now) is expected


def test_a_publication_starts_where_it_is_told_to() -> None:
    timeline = Timeline(start=180_000, base_ms=7_000)
    assert timeline.ticks(7_000) == 180_000
    assert timeline.ticks(7_033) == 180_000 + 33 * 90


def test_flv_jitter_stays_out_of_the_sound() -> None:
    clock = AudioClock(44_100, 1024, not_before=0)
    stamps = [round(n * 1024 * 1000 / 44_100) for n in range(200)]
    positions = [clock.place(stamp * 90) for stamp in stamps]
    assert positions == [n * 1024 for n in range(200)]


def test_sound_is_set_anew_when_more_than_thirty_milliseconds_are_missing() -> None:
    clock = AudioClock(48_000, 1024, not_before=0)
    assert clock.place(0) == 0
    assert clock.place(60 * 90) == 60 * 48
    assert clock.place(82 * 90) == 60 * 48 + 1024


def test_sound_that_has_run_ahead_is_left_out_until_the_clock_has_caught_up() -> None:
    clock = AudioClock(48_000, 1024, not_before=0)
    placed = [clock.place(0) for _ in range(4)]
    assert placed == [0, 1024, None, None]
    assert clock.place(45 * 90) == 2048


@given(st.lists(st.integers(min_value=0, max_value=200), max_size=60))
def test_sound_never_goes_back_and_never_overlaps(steps: list[int]) -> None:
    clock = AudioClock(44_100, 1024, not_before=500)
    now = 0
    last = 500 - 1024
    for step in steps:
        now += step
        position = clock.place(now * 90)
        if position is not None:
            assert position >= last + 1024
            last = position
