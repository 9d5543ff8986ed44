"""送审: how far the plan of a lecture has come, and which act takes it where. Pure.

草案 → 已下达 → 待报送 → 单位初审 → 州局审核 → 已排期; from each of them but 草案, 延期 and 取消. A lecture that is
postponed to a known day stays where it is. Only one whose day is open is 已延期, and goes back to where it was with
its new day.
"""

from collections.abc import Mapping
from enum import StrEnum

from core.errors import Conflict


class PlanState(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"
    AWAITING = "awaiting"
    UNIT_REVIEW = "unit_review"
    BUREAU_REVIEW = "bureau_review"
    SCHEDULED = "scheduled"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class Language(StrEnum):
    """The language a lecture is spoken in."""

    MANDARIN = "mandarin"
    BOUYEI = "bouyei"
    SUI = "sui"
    MIAO = "miao"


class PlanAct(StrEnum):
    """What is done to a plan. PREPARE: the unit begins its hand-in, or the time for it has come."""

    ISSUE = "issue"
    PREPARE = "prepare"
    HAND_IN = "hand_in"
    TAKE_BACK = "take_back"
    UNIT_PASS = "unit_pass"
    UNIT_RETURN = "unit_return"
    BUREAU_PASS = "bureau_pass"
    BUREAU_RETURN = "bureau_return"
    REPLACE = "replace"
    POSTPONE_OPEN = "postpone_open"
    RESUME = "resume"
    CANCEL = "cancel"


STATE_LABELS: Mapping[PlanState, str] = {
    PlanState.DRAFT: "草案",
    PlanState.ISSUED: "已下达",
    PlanState.AWAITING: "待报送",
    PlanState.UNIT_REVIEW: "单位初审",
    PlanState.BUREAU_REVIEW: "州局审核",
    PlanState.SCHEDULED: "已排期",
    PlanState.POSTPONED: "已延期",
    PlanState.CANCELLED: "已取消",
}
LANGUAGE_LABELS: Mapping[Language, str] = {
    Language.MANDARIN: "普通话",
    Language.BOUYEI: "布依语",
    Language.SUI: "水语",
    Language.MIAO: "苗语",
}
ACT_LABELS: Mapping[PlanAct, str] = {
    PlanAct.ISSUE: "下达",
    PlanAct.PREPARE: "开始报送",
    PlanAct.HAND_IN: "报送",
    PlanAct.TAKE_BACK: "撤回修改",
    PlanAct.UNIT_PASS: "通过单位初审",
    PlanAct.UNIT_RETURN: "初审退回",
    PlanAct.BUREAU_PASS: "通过州局审核",
    PlanAct.BUREAU_RETURN: "州局退回",
    PlanAct.REPLACE: "更换材料",
    PlanAct.POSTPONE_OPEN: "延期",
    PlanAct.RESUME: "重新定时间",
    PlanAct.CANCEL: "取消",
}

UNDER_WAY = (
    PlanState.ISSUED,
    PlanState.AWAITING,
    PlanState.UNIT_REVIEW,
    PlanState.BUREAU_REVIEW,
    PlanState.SCHEDULED,
)
"""Told to the unit, with a day, and not called off."""
WITH_THE_UNIT = (PlanState.ISSUED, PlanState.AWAITING)
"""The unit has still to hand in."""

_OFF = {PlanAct.POSTPONE_OPEN: PlanState.POSTPONED, PlanAct.CANCEL: PlanState.CANCELLED}
MOVES: Mapping[PlanState, Mapping[PlanAct, PlanState | None]] = {
    PlanState.DRAFT: {PlanAct.ISSUE: PlanState.ISSUED},
    PlanState.ISSUED: {PlanAct.PREPARE: PlanState.AWAITING, **_OFF},
    PlanState.AWAITING: {PlanAct.HAND_IN: PlanState.UNIT_REVIEW, **_OFF},
    PlanState.UNIT_REVIEW: {
        PlanAct.UNIT_PASS: PlanState.BUREAU_REVIEW,
        PlanAct.UNIT_RETURN: PlanState.AWAITING,
        PlanAct.TAKE_BACK: PlanState.AWAITING,
        **_OFF,
    },
    PlanState.BUREAU_REVIEW: {
        PlanAct.BUREAU_PASS: PlanState.SCHEDULED,
        PlanAct.BUREAU_RETURN: PlanState.AWAITING,
        **_OFF,
    },
    PlanState.SCHEDULED: {PlanAct.REPLACE: PlanState.BUREAU_REVIEW, **_OFF},
    PlanState.POSTPONED: {PlanAct.RESUME: None, PlanAct.CANCEL: PlanState.CANCELLED},
    PlanState.CANCELLED: {},
}
"""None: to where it was before it was postponed."""


def after(current: PlanState, act: PlanAct, *, was: PlanState | None = None) -> PlanState:
    """The state that an act leads to. was: what a postponed lecture was before. Raises Conflict."""
    if act not in MOVES[current]:
        raise Conflict(f"这一期现在是“{STATE_LABELS[current]}”，不能“{ACT_LABELS[act]}”。")
    to = MOVES[current][act]
    if to is not None:
        return to
    if was not in UNDER_WAY:
        raise ValueError("a postponed lecture remembers the state it comes back to")
    return was


def allows(current: PlanState, act: PlanAct) -> bool:
    return act in MOVES[current]
