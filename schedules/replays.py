"""播后: who may see the replay. Public at the end, unless the bureau says otherwise, before or at any time after."""

from datetime import datetime

from tortoise.expressions import F

from core.audit import Actor
from core.database import transaction
from core.errors import Conflict
from schedules.models import Broadcast, StepAction
from schedules.replay_states import REPLAY_LABELS, check_replay_move
from schedules.states import ReplayState
from schedules.turns.stepping import for_the_bureau, reason_of, seen, step


async def set_replay(
    number: str, state: ReplayState, *, reason: str, version: int, by: Actor, now: datetime
) -> Broadcast:
    """公开, 暂缓 or 下架, with the reason that its page says (not needed for 公开).

    What was public until now gets new media addresses, so that those given out before answer 410.
    Raises Forbidden, NotFound, Conflict, Invalid.
    """
    for_the_bureau(by)
    public = state is ReplayState.PUBLIC
    reason = "" if public else reason_of(reason)
    async with transaction():
        broadcast = await seen(number, version)
        if broadcast.cut_off_at is not None:
            raise Conflict("这一期已被紧急切断，回看不能单独改。要恢复，请管理员先撤销切断。")
        check_replay_move(broadcast.replay_state, state)
        if not public:
            # In the same transaction, under the version check of the step.
            await Broadcast.filter(id=broadcast.id).update(media_generation=F("media_generation") + 1)
        opinion = f"{REPLAY_LABELS[state]}：{reason}" if reason else REPLAY_LABELS[state]
        return await step(
            broadcast,
            StepAction.REPLAY,
            by=by,
            now=now,
            opinion=opinion,
            replay_state=state,
            replay_reason=reason,
        )
