"""普法提示 (法治宣传教育法 第五十七条): whether one may be drafted, and how its states follow each other. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.errors import Conflict
from core.web.text import zh_date
from schedules.states import WITH_THE_UNIT, PlanState


class PromptState(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"
    DELIVERED = "delivered"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


LABELS: Mapping[PromptState, str] = {
    PromptState.DRAFT: "草稿",
    PromptState.ISSUED: "已印发",
    PromptState.DELIVERED: "已送达",
    PromptState.ANSWERED: "已反馈",
    PromptState.WITHDRAWN: "已撤回",
}

MOVES: Mapping[PromptState, frozenset[PromptState]] = {
    PromptState.DRAFT: frozenset({PromptState.ISSUED, PromptState.WITHDRAWN}),
    PromptState.ISSUED: frozenset({PromptState.DELIVERED, PromptState.ANSWERED, PromptState.WITHDRAWN}),
    PromptState.DELIVERED: frozenset({PromptState.ANSWERED, PromptState.WITHDRAWN}),
    PromptState.ANSWERED: frozenset({PromptState.WITHDRAWN}),
    PromptState.WITHDRAWN: frozenset(),
}
COUNTED = (PromptState.ISSUED, PromptState.DELIVERED, PromptState.ANSWERED)
"""A draft is not a 普法提示 yet, and a withdrawn one is none any more."""
AWAITS_FEEDBACK = (PromptState.ISSUED, PromptState.DELIVERED)


def check_move(current: PromptState, to: PromptState) -> None:
    """Raise Conflict when a letter in the state current may not become to."""
    if to not in MOVES[current]:
        raise Conflict(f"这份普法提示现在是“{LABELS[current]}”，不能变为“{LABELS[to]}”。")


@dataclass(frozen=True, slots=True)
class PromptFacts:
    """A lecture as it stands today.

    hand_in: the deadline told to the unit, None while none was told. late_days: working days since then, or since
    the bureau sent the materials back, if that was later. reminded_on: the day a reminder of this hand-in was
    delivered. waits_for_bureau: a step of this lecture lies with the bureau.
    """

    plan_state: PlanState
    hand_in: date | None
    late_days: int
    reminded_on: date | None = None
    waits_for_bureau: bool = False
    open_postponement: bool = False
    open_swap: bool = False
    is_county: bool = False
    has_prompt: bool = False


def may_draft(facts: PromptFacts, *, least_days: int, counties: bool) -> list[str]:
    """Why no 普法提示 may be drafted, each reason a sentence; empty: it may. counties: they may get one at all.

    The law sends it to units of the same level that have not done their duty (第五十七条): so the duty must have
    been told, be overdue and be called in before, and nothing the unit waits for may lie with others.
    """
    if facts.plan_state not in WITH_THE_UNIT or facts.hand_in is None:
        return [_not_awaited(facts)]
    reasons = []
    if facts.late_days < least_days:
        reasons.append(_not_late(facts.hand_in, facts.late_days, least_days))
    if facts.reminded_on is None:
        reasons.append("还没有一条送达的报送提醒，请先提醒单位，并记下已经送到。")
    if facts.waits_for_bureau:
        reasons.append("这一期还有州局没有办的一步，请先办完。")
    if facts.open_postponement:
        reasons.append("单位申请了延期，还没有答复，请先答复。")
    if facts.open_swap:
        reasons.append("单位申请了调换，还没有确认完，请先确认或退回。")
    if facts.is_county and not counties:
        reasons.append("按设置，不向县（市）发普法提示：法律写的是同级部门、单位。")
    if facts.has_prompt:
        reasons.append("这一期已经有一份普法提示，不能再起草；写错了请先撤回。")
    return reasons


def _not_awaited(facts: PromptFacts) -> str:
    if facts.plan_state is PlanState.DRAFT or facts.hand_in is None:
        return "这一期还没有下达给单位，不存在逾期。"
    if facts.plan_state in (PlanState.POSTPONED, PlanState.CANCELLED):
        return "这一期已经延期或取消，不存在逾期。"
    return "单位已经报送材料，不存在逾期未报送。"


def _not_late(hand_in: date, late_days: int, least_days: int) -> str:
    if late_days <= 0:
        return f"报送还没有逾期（{zh_date(hand_in)}截止，退回的从退回之日起算）。"
    return f"报送才逾期 {late_days} 个工作日，满 {least_days} 个工作日才能起草。"
