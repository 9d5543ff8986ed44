"""送审, the steps that need no material: told, begun, taken back, called off; who is on duty; how it is given."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from accounts.models import Role, User
from core.audit import Actor
from core.database import transaction
from core.errors import Conflict, Invalid
from core.settings import Settings
from schedules.models import Broadcast, StepAction
from schedules.plan_states import STATE_LABELS, PlanAct, after, allows
from schedules.queries import by_number
from schedules.states import DELIVERY_LABELS, Delivery, PlanState
from schedules.told import deadlines_to_tell
from schedules.turns.settled import settle_open_requests
from schedules.turns.stepping import (
    for_the_bureau,
    for_the_unit,
    not_given_yet,
    reason_of,
    seen,
    step,
    was_announced,
)

ON_DUTY = (Role.DUTY, Role.ADMINISTRATOR)
LONGEST_ADDRESS = 300


async def issue(numbers: Sequence[str], *, by: Actor, now: datetime, settings: Settings) -> list[Broadcast]:
    """草案 → 已下达, all of them or none: from now on the numbers stand, and the deadlines are told.

    Raises Forbidden, NotFound, Conflict (also for one that is no draft, has no day or lies in the past).
    """
    for_the_bureau(by)
    issued = []
    async with transaction():
        for number in dict.fromkeys(numbers):
            broadcast = await by_number(number)
            to = after(broadcast.plan_state, PlanAct.ISSUE)
            if broadcast.starts_at is None or broadcast.starts_at <= now:
                raise Conflict(f"{number} 还没有定时间，或时间已经过去，请先改到以后的日子再下达。")
            issued.append(
                await step(
                    broadcast,
                    StepAction.ISSUE,
                    by=by,
                    now=now,
                    plan_state=to,
                    first_starts_at=broadcast.starts_at,
                    told_deadlines=await deadlines_to_tell(broadcast, broadcast.starts_at, settings),
                )
            )
    return issued


async def prepare(number: str, *, version: int, by: Actor, now: datetime) -> Broadcast:
    """已下达 → 待报送: the unit has taken notice. One that is 待报送 already is left as it is."""
    async with transaction():
        broadcast = await seen(number, version)
        for_the_unit(by, broadcast)
        if broadcast.plan_state is PlanState.AWAITING:
            return broadcast
        to = after(broadcast.plan_state, PlanAct.PREPARE)
        return await step(broadcast, StepAction.PREPARE, by=by, now=now, plan_state=to)


async def take_back(number: str, *, version: int, by: Actor, now: datetime, reason: str = "") -> Broadcast:
    """单位初审 → 待报送, by the unit itself, to mend something."""
    reason = reason_of(reason, needed=False)
    async with transaction():
        broadcast = await seen(number, version)
        for_the_unit(by, broadcast)
        to = after(broadcast.plan_state, PlanAct.TAKE_BACK)
        return await step(broadcast, StepAction.TAKE_BACK, by=by, now=now, opinion=reason, plan_state=to)


async def return_to_unit(number: str, *, version: int, by: Actor, now: datetime, reason: str) -> Broadcast:
    """退回: to 待报送, from 单位初审 by the unit's approver (or the bureau for them), from 州局审核 by the bureau."""
    reason = reason_of(reason, what="退回的原因")
    async with transaction():
        broadcast = await seen(number, version)
        in_unit = allows(broadcast.plan_state, PlanAct.UNIT_RETURN)
        if in_unit:
            for_the_unit(by, broadcast)
        else:
            for_the_bureau(by)
        to = after(broadcast.plan_state, PlanAct.UNIT_RETURN if in_unit else PlanAct.BUREAU_RETURN)
        action = StepAction.UNIT_RETURN if in_unit else StepAction.BUREAU_RETURN
        return await step(broadcast, action, by=by, now=now, opinion=reason, plan_state=to)


async def cancel(number: str, *, version: int, by: Actor, now: datetime, reason: str) -> Broadcast:
    """取消: the number is used up. What was asked about it (swap, postponement) is closed with it."""
    reason = reason_of(reason, what="取消的原因")
    for_the_bureau(by)
    async with transaction():
        broadcast = await seen(number, version)
        not_given_yet(broadcast)
        to = after(broadcast.plan_state, PlanAct.CANCEL)
        await settle_open_requests(broadcast, f"{number} 已取消：{reason}", by=by, now=now)
        before = broadcast.state_before if broadcast.plan_state is PlanState.POSTPONED else None
        return await step(
            broadcast,
            StepAction.CANCEL,
            by=by,
            now=now,
            opinion=reason,
            plan_state=to,
            state_before=before or broadcast.plan_state,
            announced_at=was_announced(broadcast, now),
        )


async def assign_duty(
    number: str, *, officer: UUID | None, version: int, by: Actor, now: datetime
) -> Broadcast:
    """值班: who watches over the lecture; None: nobody any more. Raises Invalid for somebody who may not."""
    for_the_bureau(by)
    async with transaction():
        broadcast = await seen(number, version)
        if broadcast.plan_state in (PlanState.DRAFT, PlanState.CANCELLED):
            raise Conflict(f"这一期是“{STATE_LABELS[broadcast.plan_state]}”，不用安排值班。")
        person = None
        if officer is not None:
            person = await User.get_or_none(id=officer, active=True)
            if person is None or person.role not in ON_DUTY:
                raise Invalid({"officer": "请选一位在用的值班员或管理员。"})
        name = person.display_name if person else ""
        return await step(
            broadcast,
            StepAction.DUTY,
            by=by,
            now=now,
            opinion=f"值班员：{name}" if name else "不再安排值班",
            duty_officer_id=officer,
        )


async def set_delivery(
    number: str, *, delivery: Delivery, external_url: str = "", version: int, by: Actor, now: datetime
) -> Broadcast:
    """直播, 录播首播 or 外部平台 (with its address), before it is given."""
    for_the_bureau(by)
    address = checked_address(delivery, external_url)
    async with transaction():
        broadcast = await seen(number, version)
        not_given_yet(broadcast)
        return await step(
            broadcast,
            StepAction.DELIVERY,
            by=by,
            now=now,
            opinion=DELIVERY_LABELS[delivery],
            delivery=delivery,
            external_url=address,
        )


def checked_address(delivery: Delivery, external_url: str) -> str:
    """Where an 外部平台 gives it; empty for the others. Raises Invalid."""
    address = external_url.strip()
    if delivery is not Delivery.EXTERNAL:
        return ""
    parts = urlsplit(address) if address.isprintable() and len(address) <= LONGEST_ADDRESS else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise Invalid({"external_url": "请填外部平台的网址，以 https:// 开头。"})
    return address
