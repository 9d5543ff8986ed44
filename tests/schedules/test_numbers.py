from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.numbers import is_number, month_of, next_number


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ([], "2026-11-1"),
        (["2026-11-1"], "2026-11-2"),
        (["2026-11-9", "2026-11-10"], "2026-11-11"),
        (["2026-11-3"], "2026-11-4"),  # gaps are not filled: a number is never reused
        (["2026-1-7", "2025-11-8", "2026-10-9"], "2026-11-1"),
        (["2026-11-x", "", "2026-11-01"], "2026-11-1"),
    ],
)
def test_the_next_number_follows_the_highest_of_its_month(taken: list[str], expected: str) -> None:
    assert next_number(2026, 11, taken) == expected


@given(st.lists(st.integers(1, 9999), max_size=20), st.integers(1, 12))
def test_a_next_number_is_a_number_and_new(orders: list[int], month: int) -> None:
    taken = [f"2026-{month}-{order}" for order in orders if order < 9999]
    number = next_number(2026, month, taken)
    assert is_number(number)
    assert number not in taken


@pytest.mark.parametrize("text", ["2026-11-1", "2026-1-12", "9999-12-9999"])
def test_numbers_are_recognised(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-13-1",
        "2026-0-1",
        "2026-01-1",
        "2026-11-0",
        "2026-11-01",
        "２０２６-11-1",
        "2026-11-1\n",
        "26-1-1",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    assert not is_number(text)


def test_the_month_is_that_of_china() -> None:
    assert month_of(datetime(2026, 11, 30, 15, 59, tzinfo=UTC)) == (2026, 11)
    assert month_of(datetime(2026, 11, 30, 16, 0, tzinfo=UTC)) == (2026, 12)
    assert month_of(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == (2027, 1)
