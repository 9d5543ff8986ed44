"""延期: asked for by the unit and answered by the bureau, or decided by the bureau; to a new or to an open day."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core.audit import Actor
from core.database import transaction
from core.errors import Conflict, Invalid, NotFound
from core.settings import Settings
from schedules.models import Broadcast, Postponement, PostponementState, StepAction
from schedules.plan_states import STATE_LABELS, UNDER_WAY, PlanAct, after
from schedules.queries import by_number
from schedules.told import deadlines_to_tell
from schedules.turns.stepping import (
    for_the_bureau,
    for_the_unit,
    lock,
    not_given_yet,
    reason_of,
    seen,
    step,
    was_announced,
)

FURTHEST = timedelta(days=3 * 366)
ANSWERED = "有人刚刚处理过这次延期申请，请看过再办。"


async def ask_postponement(
    number: str, *, reason: str, wanted: datetime | None, version: int, by: Actor, now: datetime
) -> Postponement:
    """By the unit. wanted: the day it would like; None: open. Raises Conflict while one is open already."""
    reason = reason_of(reason, what="延期的原因")
    _check_time(wanted, now, "wanted")
    async with transaction():
        broadcast = await seen(number, version)
        for_the_unit(by, broadcast)
        _check_open(broadcast)
        if await open_postponement(broadcast.id) is not None:
            raise Conflict("已经申请过延期，请等州局答复，或先撤回。")
        asked = await Postponement.create(
            broadcast_id=broadcast.id,
            state=PostponementState.ASKED,
            reason=reason,
            asked_by=by.name,
            asked_unit=by.unit_code or "",
            asked_at=now,
            was=broadcast.starts_at,
            wanted=wanted,
        )
        await step(broadcast, StepAction.POSTPONE_ASKED, by=by, now=now, opinion=reason)
    return asked


async def answer_postponement(
    postponement_id: UUID,
    *,
    granted: bool,
    to: datetime | None = None,
    answer: str = "",
    by: Actor,
    now: datetime,
    settings: Settings,
) -> Broadcast:
    """By the bureau; a refusal needs its reason. to: the new day; None: open."""
    for_the_bureau(by)
    answer = reason_of(answer, field="answer", needed=not granted, what="不同意的原因")
    async with transaction():
        asked = await _asked(postponement_id)
        broadcast = await _lecture_of(asked)
        await _close(
            asked,
            PostponementState.GRANTED if granted else PostponementState.REFUSED,
            by,
            now,
            answer=answer,
            to=to if granted else None,
        )
        if not granted:
            return await step(broadcast, StepAction.POSTPONE_REFUSED, by=by, now=now, opinion=answer)
        return await _postpone(broadcast, asked.reason, to, by, now, settings)


async def withdraw_postponement(postponement_id: UUID, *, by: Actor, now: datetime) -> Broadcast:
    """By the unit that asked, while nobody has answered."""
    async with transaction():
        asked = await _asked(postponement_id)
        broadcast = await _lecture_of(asked)
        for_the_unit(by, broadcast)
        await _close(asked, PostponementState.WITHDRAWN, by, now)
        return await step(broadcast, StepAction.POSTPONE_WITHDRAWN, by=by, now=now)


async def postpone(
    number: str,
    *,
    reason: str,
    to: datetime | None,
    version: int,
    by: Actor,
    now: datetime,
    settings: Settings,
) -> Broadcast:
    """By the bureau, at once. to: the new day, and the lecture stays where it is; None: open, and it is 已延期.

    Raises Forbidden, NotFound, Conflict, Invalid (fields `reason`, `to`).
    """
    for_the_bureau(by)
    reason = reason_of(reason, what="延期的原因")
    async with transaction():
        return await put_off(await seen(number, version), reason, to, by=by, now=now, settings=settings)


async def put_off(
    broadcast: Broadcast,
    reason: str,
    to: datetime | None,
    *,
    by: Actor,
    now: datetime,
    settings: Settings,
    **changes: Any,
) -> Broadcast:
    """The same for whoever changes a time, within their transaction and on a lecture they have `seen`: one row of
    the postponements (what was asked and is open is granted by it), the deadlines told, a step, the audit entry.

    changes: what else of the lecture changes with it. Raises Conflict, Invalid (`to`).
    """
    asked = await open_postponement(broadcast.id)
    if asked is not None:
        await _close(asked, PostponementState.GRANTED, by, now, to=to)
    else:
        await Postponement.create(
            broadcast_id=broadcast.id,
            state=PostponementState.GRANTED,
            reason=reason,
            asked_by=by.name,
            asked_at=now,
            was=broadcast.starts_at,
            to=to,
            answered_by=by.name,
            answered_at=now,
        )
    return await _postpone(broadcast, reason, to, by, now, settings, **changes)


async def resume(
    number: str, *, to: datetime, version: int, by: Actor, now: datetime, settings: Settings
) -> Broadcast:
    """The new day of one that is 已延期: it goes back to where it was."""
    for_the_bureau(by)
    _check_time(to, now, "to")
    async with transaction():
        broadcast = await seen(number, version)
        state = after(broadcast.plan_state, PlanAct.RESUME, was=broadcast.state_before)
        await Postponement.filter(
            broadcast_id=broadcast.id, state=PostponementState.GRANTED, to__isnull=True
        ).update(to=to)
        return await step(
            broadcast,
            StepAction.RESUME,
            by=by,
            now=now,
            plan_state=state,
            state_before=None,
            starts_at=to,
            told_deadlines=await deadlines_to_tell(broadcast, to, settings),
        )


async def open_postponement(broadcast_id: UUID) -> Postponement | None:
    return await Postponement.filter(broadcast_id=broadcast_id, state=PostponementState.ASKED).first()


async def postponements_waiting() -> list[Postponement]:
    """Asked and not answered, the earliest asked first."""
    rows = Postponement.filter(state=PostponementState.ASKED).order_by("asked_at")
    return await rows.prefetch_related("broadcast__unit")


async def _postpone(
    broadcast: Broadcast,
    reason: str,
    to: datetime | None,
    by: Actor,
    now: datetime,
    settings: Settings,
    **changes: Any,
) -> Broadcast:
    _check_time(to, now, "to")
    _check_open(broadcast)
    values: dict[str, Any] = {
        **changes,
        "starts_at": to,
        "first_starts_at": broadcast.first_starts_at or broadcast.starts_at,
        "announced_at": was_announced(broadcast, now),
    }
    if to is None:
        action = StepAction.POSTPONE_OPEN
        values["plan_state"] = after(broadcast.plan_state, PlanAct.POSTPONE_OPEN)
        values["state_before"] = broadcast.plan_state
    else:
        action = StepAction.POSTPONE
        values["told_deadlines"] = await deadlines_to_tell(broadcast, to, settings)
    return await step(broadcast, action, by=by, now=now, opinion=reason, **values)


def _check_open(broadcast: Broadcast) -> None:
    not_given_yet(broadcast)
    if broadcast.plan_state not in UNDER_WAY:
        raise Conflict(f"这一期现在是“{STATE_LABELS[broadcast.plan_state]}”，不能延期。")


def _check_time(moment: datetime | None, now: datetime, field: str) -> None:
    if moment is not None and not now < moment <= now + FURTHEST:
        raise Invalid({field: "新的时间要在现在以后、三年以内，请核对年份。"})


async def _asked(postponement_id: UUID) -> Postponement:
    asked = await Postponement.get_or_none(id=postponement_id)
    if asked is None:
        raise NotFound("没有这次延期申请。")
    if asked.state is not PostponementState.ASKED:
        raise Conflict(ANSWERED)
    return asked


async def _lecture_of(asked: Postponement) -> Broadcast:
    """Locked."""
    number = (await Broadcast.get(id=asked.broadcast_id)).number
    await lock(number)
    return await by_number(number)


async def _close(
    asked: Postponement,
    state: PostponementState,
    by: Actor,
    now: datetime,
    *,
    answer: str = "",
    to: datetime | None = None,
) -> None:
    """Raises Conflict when somebody was quicker."""
    closed = await Postponement.filter(id=asked.id, state=PostponementState.ASKED).update(
        state=state, answered_by=by.name, answered_at=now, answer=answer, to=to
    )
    if not closed:
        raise Conflict(ANSWERED)
