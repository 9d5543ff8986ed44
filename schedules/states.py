"""The states of a lecture: 送审 (its plan), 播出 (on the air), 播后 (its replay). Three independent tables."""

from schedules.air_states import (
    COUNTED_AS_LIVE,
    DELIVERY_LABELS,
    LABELS,
    MOVES,
    AirState,
    Delivery,
    check_move,
)
from schedules.plan_states import (
    ACT_LABELS,
    LANGUAGE_LABELS,
    STATE_LABELS,
    UNDER_WAY,
    WITH_THE_UNIT,
    Language,
    PlanAct,
    PlanState,
)
from schedules.replay_states import REPLAY_LABELS, ReplayState

__all__ = [
    "ACT_LABELS",
    "COUNTED_AS_LIVE",
    "DELIVERY_LABELS",
    "LABELS",
    "LANGUAGE_LABELS",
    "MOVES",
    "REPLAY_LABELS",
    "STATE_LABELS",
    "UNDER_WAY",
    "WITH_THE_UNIT",
    "AirState",
    "Delivery",
    "Language",
    "PlanAct",
    "PlanState",
    "ReplayState",
    "check_move",
]
