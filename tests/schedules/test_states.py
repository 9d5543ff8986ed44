from itertools import product

import pytest

from core.errors import Conflict
from schedules.states import LABELS, MOVES, AirState, check_move

S, L, I, C, E = AirState  # scheduled, live, interrupted, closed, ended  # noqa: E741
ALLOWED = {(S, L), (S, E), (L, I), (L, C), (L, E), (I, L), (I, C), (I, E), (C, L), (C, E)}


@pytest.mark.parametrize(("current", "to"), list(product(AirState, AirState)))
def test_every_move_is_allowed_or_refused_by_the_table(current: AirState, to: AirState) -> None:
    if (current, to) in ALLOWED:
        check_move(current, to)
        return
    with pytest.raises(Conflict) as refused:
        check_move(current, to)
    assert LABELS[current] in refused.value.message


def test_nothing_leaves_the_end_and_every_state_has_its_word() -> None:
    assert MOVES[AirState.ENDED] == frozenset()
    assert set(LABELS) == set(MOVES) == set(AirState)
