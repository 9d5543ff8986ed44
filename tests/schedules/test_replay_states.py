from itertools import product

import pytest

from core.errors import Conflict
from schedules.replay_states import REPLAY_LABELS, REPLAY_MOVES, check_replay_move, is_shut
from schedules.states import AirState, ReplayState


@pytest.mark.parametrize(("current", "to"), list(product(ReplayState, ReplayState)))
def test_a_replay_may_become_anything_but_what_it_is(current: ReplayState, to: ReplayState) -> None:
    if current is not to:
        check_replay_move(current, to)
        return
    with pytest.raises(Conflict) as refused:
        check_replay_move(current, to)
    assert REPLAY_LABELS[current] in refused.value.message


def test_a_withdrawn_one_is_shut_at_any_time_and_a_withheld_one_when_it_is_over() -> None:
    shut = {(replay, air) for replay, air in product(ReplayState, AirState) if is_shut(replay, air)}
    assert shut == {
        *((ReplayState.WITHDRAWN, air) for air in AirState),
        (ReplayState.WITHHELD, AirState.CLOSED),
        (ReplayState.WITHHELD, AirState.ENDED),
    }


def test_every_state_has_its_word() -> None:
    assert set(REPLAY_LABELS) == set(REPLAY_MOVES) == set(ReplayState)
