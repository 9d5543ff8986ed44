from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict
from schedules.prompts.rules import COUNTED, LABELS, MOVES, PromptFacts, PromptState, check_move, may_draft
from schedules.states import PlanState

LATE = PromptFacts(
    plan_state=PlanState.AWAITING, hand_in=date(2027, 2, 25), late_days=5, reminded_on=date(2027, 2, 26)
)


def test_a_unit_that_is_late_and_was_reminded_may_get_one() -> None:
    assert may_draft(LATE, least_days=5, counties=True) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"late_days": 4}, "报送才逾期 4 个工作日，满 5 个工作日才能起草。"),
        ({"late_days": 0}, "报送还没有逾期（2027年2月25日截止，退回的从退回之日起算）。"),
        ({"reminded_on": None}, "还没有一条送达的报送提醒，请先提醒单位，并记下已经送到。"),
        ({"waits_for_bureau": True}, "这一期还有州局没有办的一步，请先办完。"),
        ({"open_postponement": True}, "单位申请了延期，还没有答复，请先答复。"),
        ({"open_swap": True}, "单位申请了调换，还没有确认完，请先确认或退回。"),
        ({"has_prompt": True}, "这一期已经有一份普法提示，不能再起草；写错了请先撤回。"),
        ({"plan_state": PlanState.DRAFT}, "这一期还没有下达给单位，不存在逾期。"),
        ({"hand_in": None}, "这一期还没有下达给单位，不存在逾期。"),
        ({"plan_state": PlanState.UNIT_REVIEW}, "单位已经报送材料，不存在逾期未报送。"),
        ({"plan_state": PlanState.BUREAU_REVIEW}, "单位已经报送材料，不存在逾期未报送。"),
        ({"plan_state": PlanState.SCHEDULED}, "单位已经报送材料，不存在逾期未报送。"),
        ({"plan_state": PlanState.POSTPONED}, "这一期已经延期或取消，不存在逾期。"),
        ({"plan_state": PlanState.CANCELLED}, "这一期已经延期或取消，不存在逾期。"),
    ],
)
def test_each_thing_that_stands_against_it_is_said(change: dict[str, object], reason: str) -> None:
    facts = replace(LATE, **change)  # type: ignore[arg-type]
    assert may_draft(facts, least_days=5, counties=True) == [reason]


def test_a_county_gets_one_only_where_the_bureau_has_decided_so() -> None:
    county = replace(LATE, is_county=True)
    assert may_draft(county, least_days=5, counties=True) == []
    assert may_draft(county, least_days=5, counties=False) == [
        "按设置，不向县（市）发普法提示：法律写的是同级部门、单位。"
    ]


FACTS = st.builds(
    PromptFacts,
    plan_state=st.sampled_from(PlanState),
    hand_in=st.none() | st.dates(),
    late_days=st.integers(-50, 50),
    reminded_on=st.none() | st.dates(),
    waits_for_bureau=st.booleans(),
    open_postponement=st.booleans(),
    open_swap=st.booleans(),
    has_prompt=st.booleans(),
)


@given(FACTS, st.integers(1, 60))
def test_none_may_be_drafted_unless_everything_the_law_and_fairness_ask_for_is_there(
    facts: PromptFacts, least_days: int
) -> None:
    allowed = may_draft(facts, least_days=least_days, counties=True) == []
    assert allowed == (
        facts.plan_state in (PlanState.ISSUED, PlanState.AWAITING)
        and facts.hand_in is not None
        and facts.late_days >= least_days
        and facts.reminded_on is not None
        and not (facts.waits_for_bureau or facts.open_postponement or facts.open_swap or facts.has_prompt)
    )


def test_every_state_has_a_label_and_its_moves() -> None:
    assert set(LABELS) == set(MOVES) == set(PromptState)
    assert PromptState.DRAFT not in COUNTED
    assert PromptState.WITHDRAWN not in COUNTED


def test_a_letter_that_was_never_issued_is_not_answered() -> None:
    check_move(PromptState.ISSUED, PromptState.ANSWERED)
    with pytest.raises(Conflict, match="现在是“草稿”，不能变为“已反馈”"):
        check_move(PromptState.DRAFT, PromptState.ANSWERED)
    with pytest.raises(Conflict, match="现在是“已撤回”"):
        check_move(PromptState.WITHDRAWN, PromptState.ISSUED)
