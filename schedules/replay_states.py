"""播后: who may see the replay. The table knows nothing of plan and air. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from core.errors import Conflict


class ReplayState(StrEnum):
    """PUBLIC at the end of a lecture, unless somebody has said otherwise before."""

    PUBLIC = "public"
    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"


REPLAY_LABELS: Mapping[ReplayState, str] = {
    ReplayState.PUBLIC: "公开",
    ReplayState.WITHHELD: "暂缓",
    ReplayState.WITHDRAWN: "下架",
}

REPLAY_MOVES: Mapping[ReplayState, frozenset[ReplayState]] = {
    ReplayState.PUBLIC: frozenset({ReplayState.WITHHELD, ReplayState.WITHDRAWN}),
    ReplayState.WITHHELD: frozenset({ReplayState.PUBLIC, ReplayState.WITHDRAWN}),
    ReplayState.WITHDRAWN: frozenset({ReplayState.PUBLIC, ReplayState.WITHHELD}),
}


def check_replay_move(current: ReplayState, to: ReplayState) -> None:
    """Raise Conflict when a replay in the state current may not become to."""
    if to not in REPLAY_MOVES[current]:
        raise Conflict(f"这一期的回看现在就是“{REPLAY_LABELS[current]}”，不用再改。")
