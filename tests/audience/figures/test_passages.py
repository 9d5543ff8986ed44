"""The retention curve: which passages were played by how many, and which lost most."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience.counting.spans import Span, union
from audience.figures.passages import PASSAGE_MS, played_by_passage, retention_curve

HALF = PASSAGE_MS // 2
SPANS = st.lists(st.tuples(st.integers(0, 400_000), st.integers(1, 90_000)), max_size=6).map(
    lambda pairs: union([(start, start + length) for start, length in pairs])
)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], [0, 0, 0]),
        ([(0, 1)], [1, 0, 0]),
        ([(0, PASSAGE_MS)], [1, 0, 0]),
        ([(0, PASSAGE_MS + 1)], [1, 1, 0]),
        ([(HALF, 3 * PASSAGE_MS)], [1, 1, 1]),
        ([(0, 10), (20, 30), (2 * PASSAGE_MS, 2 * PASSAGE_MS + 5)], [1, 0, 1]),
        ([(9 * PASSAGE_MS, 10 * PASSAGE_MS)], [0, 0, 0]),
    ],
)
def test_a_visit_is_in_every_passage_it_played_some_of(spans: list[Span], expected: list[int]) -> None:
    assert played_by_passage([spans], 3) == expected


@given(st.lists(SPANS, max_size=8))
def test_passages_agree_with_looking_at_each_second(visits: list[list[Span]]) -> None:
    expected = [
        sum(
            any(start < (place + 1) * PASSAGE_MS and end > place * PASSAGE_MS for start, end in spans)
            for spans in visits
        )
        for place in range(20)
    ]
    assert played_by_passage(visits, 20) == expected


def test_the_passage_that_lost_people_is_marked_and_the_end_is_not() -> None:
    whole = [(0, 5 * PASSAGE_MS)]
    until_the_third = [(0, 2 * PASSAGE_MS)]
    curve = retention_curve([until_the_third] * 6 + [whole] * 4, [whole], 5 * PASSAGE_MS)
    assert [(each.live, each.replay) for each in curve] == [(10, 1), (10, 1), (4, 1), (4, 1), (4, 1)]
    assert [each.begins_ms for each in curve if each.marked] == [2 * PASSAGE_MS]
    assert curve[2].lost == 6


def test_without_a_known_length_the_curve_ends_with_what_was_played() -> None:
    assert len(retention_curve([], [[(0, PASSAGE_MS + 1)]], 0)) == 2
    assert retention_curve([], [], 0) == []
