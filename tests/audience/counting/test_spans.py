"""Distinct media time."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from audience.counting.spans import length, union

SPANS = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=12)


def test_touching_and_overlapping_spans_become_one() -> None:
    assert union([(0, 10), (10, 20), (15, 30)], [(40, 50)]) == [(0, 30), (40, 50)]


def test_a_span_that_runs_backwards_or_is_empty_is_none() -> None:
    assert union([(10, 5), (7, 7)]) == []


@given(SPANS, SPANS)
def test_a_union_is_every_millisecond_of_either_counted_once(
    some: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    played = {ms for start, end in some + others for ms in range(start, end)}
    merged = union(some, others)
    assert length(merged) == len(played)
    assert all(before[1] < after[0] for before, after in pairwise(merged))


@given(SPANS, SPANS)
def test_it_does_not_matter_in_which_order_they_come(
    some: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    assert union(some, others) == union(others, some) == union(union(some), union(others))
