"""Changing the title, the lecturer or the time of a lecture that is announced and not yet given.

A new time is a 延期 like any other: the same row, deadlines, step and audit entry.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from core.audit import Actor
from core.database import transaction
from core.errors import Conflict, Invalid
from core.settings import Settings
from schedules.models import Broadcast
from schedules.services import NewBroadcast, plan_faults, plan_texts
from schedules.states import AirState, PlanState
from schedules.turns.postponements import put_off
from schedules.turns.stepping import reason_of, seen, step

USUAL_REASON = "改了开播时间"


@dataclass(frozen=True, slots=True)
class LectureChange:
    """None: as it is. starts_at is aware. reason: of a new time, USUAL_REASON where none is given."""

    title: str | None = None
    lecturer_name: str | None = None
    lecturer_post: str | None = None
    starts_at: datetime | None = None
    reason: str | None = None


async def change_lecture(
    number: str, change: LectureChange, *, version: int, by: Actor, now: datetime, settings: Settings
) -> Broadcast:
    """The lecture as it is afterwards. version: the one the asking side saw; it rises with the change.

    Raises NotFound, Invalid with the wrong fields, and Conflict when the lecture is not 已排期, has begun, or was
    changed meanwhile.
    """
    reason = reason_of(change.reason or "", needed=False, what="改时间的原因") or USUAL_REASON
    async with transaction():
        broadcast = await seen(number, version)
        _check_open(broadcast)
        texts = _difference(broadcast, change, now)
        to = texts.pop("starts_at", None)
        if isinstance(to, datetime):
            return await put_off(broadcast, reason, to, by=by, now=now, settings=settings, **texts)
        if not texts:
            return broadcast
        return await step(broadcast, None, by=by, now=now, audited="broadcast.changed", **texts)


def _check_open(broadcast: Broadcast) -> None:
    if broadcast.plan_state is not PlanState.SCHEDULED:
        raise Conflict(f"{broadcast.number} 现在不是“已排期”，不能这样改，请在工作台办理。")
    if broadcast.air_state is not AirState.SCHEDULED or broadcast.end_requested_at is not None:
        raise Conflict(f"{broadcast.number} 已经开讲或结束，不能再改。")


def _difference(broadcast: Broadcast, change: LectureChange, now: datetime) -> dict[str, Any]:
    """What is really changed, as it is to be. Raises Invalid."""
    given = {name: value for name, value in asdict(change).items() if value is not None and name != "reason"}
    current = {name: getattr(broadcast, name) for name in asdict(change) if name != "reason"}
    plan = NewBroadcast(
        **{**current, **given}, unit_code=broadcast.unit_id, planned_minutes=broadcast.planned_minutes
    )
    texts = plan_texts(plan)
    wanted = {**current, **texts, "starts_at": plan.starts_at}
    after = {name: wanted[name] for name in given if wanted[name] != current[name]}
    faults = plan_faults(plan, texts, now)
    if plan.starts_at is not None and plan.starts_at <= now:
        faults["starts_at"] = "开播时间已经过去了，请另选时间。"
    # What stands there already may be as it is: a start that has just passed must not hold up a new title.
    if wrong := {name: fault for name, fault in faults.items() if name in after}:
        raise Invalid(wrong)
    return after
