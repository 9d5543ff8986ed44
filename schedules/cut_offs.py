"""紧急切断 (即时阻断, 互联网直播服务管理规定 art. 7 and 16): stopping a lecture on the air, and taking that back.

The row is the order: whoever holds the lecture looks at it several times a second. From then on the encoder is
refused, no address of the media answers, and every page says that the lecture was stopped. The recording stays.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.expressions import F

from core.audit import Actor
from core.database import transaction
from core.errors import Conflict, Invalid
from schedules.cut_causes import CUT_CAUSE_LABELS, CutCause
from schedules.models import Broadcast, CutOff, StepAction
from schedules.public.visibility import CUT_OFF_WORDS
from schedules.queries import by_number
from schedules.states import LABELS, AirState, ReplayState
from schedules.turns.stepping import actor_key, for_the_bureau, lock, reason_of, step

CAN_BE_CUT = (AirState.LIVE, AirState.INTERRUPTED, AirState.CLOSED)
"""On the air, or so lately that the same key would bring it back."""


async def cut_off(number: str, *, cause: CutCause, words: str, by: Actor, now: datetime) -> Broadcast:
    """Stop it at once, whatever version of it the person saw. Asking again changes nothing.

    Raises NotFound, Forbidden, Invalid, and Conflict for one that is not on the air.
    """
    for_the_bureau(by)
    words = reason_of(words, field="words", needed=cause is CutCause.OTHER, what="说明")
    async with transaction():
        await lock(number)
        broadcast = await by_number(number)
        if broadcast.cut_off_at is not None:
            return broadcast
        if broadcast.air_state not in CAN_BE_CUT:
            raise Conflict(f"这一期现在是“{LABELS[broadcast.air_state]}”，没有在直播，不用切断。")
        made = await CutOff.create(
            broadcast_id=broadcast.id,
            cause=cause,
            words=words,
            person=by.name,
            actor=actor_key(by),
            at=now,
            replay_before=broadcast.replay_state,
            replay_reason_before=broadcast.replay_reason,
        )
        # In the same transaction, under the version check of the step.
        await Broadcast.filter(id=broadcast.id).update(media_generation=F("media_generation") + 1)
        return await step(
            broadcast,
            StepAction.CUT_OFF,
            by=by,
            now=now,
            opinion=made.reason,
            told={"cause": CUT_CAUSE_LABELS[cause]},
            cut_off_at=now,
            replay_state=ReplayState.WITHDRAWN,
            replay_reason=CUT_OFF_WORDS,
        )


async def undo_cut_off(number: str, *, reason: str, by: Actor, now: datetime) -> Broadcast:
    """It was a mistake: the replay is what it was before, and the same key goes on with it until its deadline.

    Raises NotFound, Forbidden, Invalid, and Conflict for one that is not cut off.
    """
    for_the_bureau(by)
    reason = reason_of(reason)
    async with transaction():
        await lock(number)
        broadcast = await by_number(number)
        made = await cut_off_in_force(broadcast.id)
        if broadcast.cut_off_at is None or made is None:
            raise Conflict("这一期没有被切断，不用撤销。")
        made.undone_at, made.undone_by, made.undone_reason = now, by.name, reason
        await made.save(update_fields=["undone_at", "undone_by", "undone_reason"])
        return await step(
            broadcast,
            StepAction.CUT_OFF_UNDONE,
            by=by,
            now=now,
            opinion=reason,
            cut_off_at=None,
            replay_state=made.replay_before,
            replay_reason=made.replay_reason_before,
        )


async def cut_off_in_force(broadcast_id: UUID) -> CutOff | None:
    return await CutOff.filter(broadcast_id=broadcast_id, undone_at=None).order_by("-at").first()


async def cut_offs_of(broadcast_id: UUID) -> list[CutOff]:
    return await CutOff.filter(broadcast_id=broadcast_id)


def kept_until(cut_offs: Iterable[CutOff], keep_days: int) -> datetime | None:
    """Until when nothing of the recording may be deleted (art. 16: sixty days); None without a cut. Pure.

    Nothing deletes recordings yet: whatever will must ask this first. An undone cut counts too.
    """
    ends = [each.at + timedelta(days=keep_days) for each in cut_offs]
    return max(ends, default=None)


def cause_of(text: str) -> CutCause:
    """Raises Invalid."""
    if text not in set(CutCause):
        raise Invalid({"cause": "请选择切断的原因。"})
    return CutCause(text)
