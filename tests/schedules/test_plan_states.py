from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict
from schedules.plan_states import (
    ACT_LABELS,
    MOVES,
    STATE_LABELS,
    UNDER_WAY,
    PlanAct,
    PlanState,
    after,
    allows,
)

D, I, A, U, B, S, P, C = PlanState  # noqa: E741
ALLOWED = {
    (D, PlanAct.ISSUE): I,
    (I, PlanAct.PREPARE): A,
    (A, PlanAct.HAND_IN): U,
    (U, PlanAct.TAKE_BACK): A,
    (U, PlanAct.UNIT_RETURN): A,
    (U, PlanAct.UNIT_PASS): B,
    (B, PlanAct.BUREAU_RETURN): A,
    (B, PlanAct.BUREAU_PASS): S,
    (S, PlanAct.REPLACE): B,
    (P, PlanAct.CANCEL): C,
    **{(state, PlanAct.CANCEL): C for state in (I, A, U, B, S)},
    **{(state, PlanAct.POSTPONE_OPEN): P for state in (I, A, U, B, S)},
}


@pytest.mark.parametrize(("current", "act"), list(product(PlanState, PlanAct)))
def test_every_act_in_every_state_leads_where_the_table_says_or_is_refused(
    current: PlanState, act: PlanAct
) -> None:
    if (current, act) == (P, PlanAct.RESUME):
        assert [after(current, act, was=was) for was in UNDER_WAY] == list(UNDER_WAY)
    elif (current, act) in ALLOWED:
        assert allows(current, act)
        assert after(current, act) is ALLOWED[current, act]
    else:
        assert not allows(current, act)
        with pytest.raises(Conflict) as refused:
            after(current, act)
        assert STATE_LABELS[current] in refused.value.message
        assert ACT_LABELS[act] in refused.value.message


def test_a_postponed_lecture_comes_back_to_nothing_but_where_it_was() -> None:
    for was in (None, D, P, C):
        with pytest.raises(ValueError, match="remembers"):
            after(P, PlanAct.RESUME, was=was)


@given(st.lists(st.sampled_from(PlanAct), max_size=60))
def test_no_sequence_of_acts_leaves_the_table(acts: list[PlanAct]) -> None:
    state, was = D, None
    told = False
    for act in acts:
        if not allows(state, act):
            with pytest.raises(Conflict):
                after(state, act, was=was)
            continue
        before, state = state, after(state, act, was=was)
        assert state in PlanState
        if state is P:
            was = before
        told = told or state is not D
        assert not (told and state is D), "what was told is never a draft again"
        assert before is not C, "nothing leaves 已取消"


def test_every_state_and_act_has_its_word_and_only_the_cancelled_stays() -> None:
    assert set(STATE_LABELS) == set(MOVES) == set(PlanState)
    assert set(ACT_LABELS) == set(PlanAct)
    assert [state for state, moves in MOVES.items() if not moves] == [C]
