"""播出: a lecture on the air, and how it is given. The table knows nothing of plan and replay."""

from collections.abc import Mapping
from enum import StrEnum

from core.errors import Conflict


class Delivery(StrEnum):
    """How a lecture is given. Only LIVE counts as 直播普法."""

    LIVE = "live"
    PREMIERE = "premiere"
    EXTERNAL = "external"


DELIVERY_LABELS: Mapping[Delivery, str] = {
    Delivery.LIVE: "直播",
    Delivery.PREMIERE: "录播首播",
    Delivery.EXTERNAL: "外部平台",
}
COUNTED_AS_LIVE = frozenset({Delivery.LIVE})


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
