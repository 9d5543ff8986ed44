"""播后: who may see the replay. The table knows nothing of plan and air. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from core.errors import Conflict
from schedules.air_states import AirState


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

OVER = frozenset({AirState.CLOSED, AirState.ENDED})
"""Off the air: what there is of it is its replay."""

REPLAY_MOVES: Mapping[ReplayState, frozenset[ReplayState]] = {
    ReplayState.PUBLIC: frozenset({ReplayState.WITHHELD, ReplayState.WITHDRAWN}),
    ReplayState.WITHHELD: frozenset({ReplayState.PUBLIC, ReplayState.WITHDRAWN}),
    ReplayState.WITHDRAWN: frozenset({ReplayState.PUBLIC, ReplayState.WITHHELD}),
}


def check_replay_move(current: ReplayState, to: ReplayState) -> None:
    """Raise Conflict when a replay in the state current may not become to."""
    if to not in REPLAY_MOVES[current]:
        raise Conflict(f"这一期的回看现在就是“{REPLAY_LABELS[current]}”，不用再改。")


def is_shut(replay: ReplayState, air: AirState) -> bool:
    """Nothing of its media is given to anybody: the replay is withdrawn, or it is over and its replay withheld."""
    return replay is ReplayState.WITHDRAWN or (replay is ReplayState.WITHHELD and air in OVER)
