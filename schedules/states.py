"""The states of a lecture: 送审 (its plan), 播出 (on the air), 播后 (its replay). Three independent tables."""

from collections.abc import Mapping
from enum import StrEnum

from core.errors import Conflict


class PlanState(StrEnum):
    """送审: how far the plan of a lecture has come."""

    DRAFT = "draft"
    ISSUED = "issued"
    AWAITING = "awaiting"
    UNIT_REVIEW = "unit_review"
    BUREAU_REVIEW = "bureau_review"
    SCHEDULED = "scheduled"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class Delivery(StrEnum):
    """How a lecture is given. Only LIVE counts as 直播普法."""

    LIVE = "live"
    PREMIERE = "premiere"
    EXTERNAL = "external"


class Language(StrEnum):
    """The language a lecture is spoken in."""

    MANDARIN = "mandarin"
    BOUYEI = "bouyei"
    SUI = "sui"
    MIAO = "miao"


class ReplayState(StrEnum):
    """播后: who may see the replay."""

    PUBLIC = "public"
    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"


class AirState(StrEnum):
    SCHEDULED = "scheduled"
    LIVE = "live"
    INTERRUPTED = "interrupted"
    CLOSED = "closed"
    """Off the air and served as a replay; the same key may still reopen it."""
    ENDED = "ended"


LABELS: Mapping[AirState, str] = {
    AirState.SCHEDULED: "预告中",
    AirState.LIVE: "直播中",
    AirState.INTERRUPTED: "信号中断",
    AirState.CLOSED: "已收场（可续播）",
    AirState.ENDED: "已结束",
}

MOVES: Mapping[AirState, frozenset[AirState]] = {
    AirState.SCHEDULED: frozenset({AirState.LIVE, AirState.ENDED}),
    AirState.LIVE: frozenset({AirState.INTERRUPTED, AirState.CLOSED, AirState.ENDED}),
    AirState.INTERRUPTED: frozenset({AirState.LIVE, AirState.CLOSED, AirState.ENDED}),
    AirState.CLOSED: frozenset({AirState.LIVE, AirState.ENDED}),
    AirState.ENDED: frozenset(),
}


def check_move(current: AirState, to: AirState) -> None:
    """Raise Conflict when a lecture in the state current may not become to."""
    if to not in MOVES[current]:
        raise Conflict(f"这一期现在是“{LABELS[current]}”，不能变为“{LABELS[to]}”。")
