"""Public figures: which cells are hidden, so that no small one can be read or worked out. Pure.

A cell under so many is hidden, 0 as well: a list of units with 0 would be a list of who did not watch. Where the
total stands beside, larger cells are hidden too until every small one could be anything from 0 up to the bound,
whatever a reader works out from the total and the cells that are left; where that cannot be, the total is hidden.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Shown(StrEnum):
    """SMALL: told as “<5”. KEPT_BACK: larger, hidden for the sake of a small one. WHOLE: as it is."""

    WHOLE = "whole"
    SMALL = "small"
    KEPT_BACK = "kept_back"


@dataclass(frozen=True, slots=True)
class Line:
    """cells: how each is shown, in order. total: whether their sum may be shown."""

    cells: tuple[Shown, ...]
    total: bool


def hide(cells: Sequence[int], below: int, *, with_total: bool = True) -> Line:
    """cells: figures of a line of a public table. with_total: their sum stands beside, or can be found elsewhere."""
    small = [place for place, figure in enumerate(cells) if figure < below]
    kept: list[int] = []
    others = sorted((place for place in range(len(cells)) if cells[place] >= below), key=cells.__getitem__)
    total_is_shown = with_total
    while with_total and small and not _nothing_leaks(cells, small, kept, below):
        if not others:
            total_is_shown = False
            break
        kept.append(others.pop(0))
    if not total_is_shown:
        kept = []
    return Line(
        tuple(
            Shown.SMALL if place in small else Shown.KEPT_BACK if place in kept else Shown.WHOLE
            for place in range(len(cells))
        ),
        total_is_shown,
    )


def _nothing_leaks(cells: Sequence[int], small: Sequence[int], kept: Sequence[int], below: int) -> bool:
    """Whether each small cell could be anything below the bound, by what is hidden in all.

    A reader knows the sum of the hidden cells, that each small one is under the bound and each kept back is not.
    """
    most = below - 1
    hidden = sum(cells[place] for place in (*small, *kept)) - below * len(kept)
    highest_is_possible = hidden >= most
    lowest_is_possible = bool(kept) or hidden <= (len(small) - 1) * most
    return highest_is_possible and lowest_is_possible


def words(figure: int, how: Shown, below: int) -> str:
    """What stands in the cell."""
    match how:
        case Shown.SMALL:
            return f"<{below}"
        case Shown.KEPT_BACK:
            return "不单列"
    return str(figure)
