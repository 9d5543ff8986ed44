"""Public figures: no cell under the bound can be read or worked out."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience.figures.hiding import Line, Shown, hide, words

W, S, K = Shown.WHOLE, Shown.SMALL, Shown.KEPT_BACK


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([], Line((), True)),
        ([5, 90], Line((W, W), True)),
        ([3, 90, 20], Line((S, W, K), True)),  # one alone could be taken from the total
        (
            [3, 5, 90],
            Line((S, K, K), True),
        ),  # 3 and 5 hidden are 8, of which 5 and more are one: 4 is impossible
        ([0, 0, 30], Line((S, S, K), True)),
        ([2, 2, 90], Line((S, S, W), True)),  # 4 in all: each may be anything from 0 to 4
        ([2, 3, 90], Line((S, S, K), True)),  # 5 in all: neither could be 0
        ([3, 4, 2, 90], Line((S, S, S, K), True)),
        ([4], Line((S,), False)),
        ([4, 4], Line((S, S), False)),
        ([0], Line((S,), False)),
    ],
    ids=str,
)
def test_what_is_hidden(cells: list[int], expected: Line) -> None:
    assert hide(cells, 5) == expected


def possible(cells: list[int], line: Line, below: int, place: int) -> set[int]:
    """What a reader who knows everything that is published still holds possible for a small cell."""
    hidden = [at for at, how in enumerate(line.cells) if how is not W]
    total = sum(cells[at] for at in hidden)
    found = set()
    ranges = [range(below) if line.cells[at] is S else range(below, total + 1) for at in hidden]
    for guess in product(*ranges):
        if not line.total or sum(guess) == total:
            found.add(guess[hidden.index(place)])
    return found


@given(st.lists(st.integers(0, 14), max_size=5), st.integers(1, 4))
def test_every_small_cell_could_be_anything_below_the_bound(cells: list[int], below: int) -> None:
    line = hide(cells, below)
    assert [how is S for how in line.cells] == [figure < below for figure in cells]
    for place, how in enumerate(line.cells):
        if how is S and line.total:
            assert possible(cells, line, below, place) == set(range(below))


@given(st.lists(st.integers(0, 10_000), max_size=50), st.integers(1, 20))
def test_nothing_is_hidden_without_need(cells: list[int], below: int) -> None:
    line = hide(cells, below)
    if all(figure >= below for figure in cells):
        assert line == Line((W,) * len(cells), True)
    if K in line.cells:
        shown = [figure for figure, how in zip(cells, line.cells, strict=True) if how is W]
        kept = [figure for figure, how in zip(cells, line.cells, strict=True) if how is K]
        assert not shown or max(kept) <= min(shown)
    if not line.total:
        assert K not in line.cells
        assert S in line.cells


@given(st.lists(st.integers(0, 100), max_size=20))
def test_without_a_total_only_the_small_ones_are_hidden(cells: list[int]) -> None:
    assert K not in hide(cells, 5, with_total=False).cells


def test_the_words_in_a_cell() -> None:
    assert [words(figure, how, 5) for figure, how in ((1234, W), (3, S), (70, K))] == ["1234", "<5", "不单列"]
