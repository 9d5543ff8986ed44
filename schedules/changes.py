"""Changing the title, the lecturer or the time of a lecture that is announced and not yet given."""

from dataclasses import asdict, dataclass
from datetime import datetime

from tortoise.expressions import F

from core.audit import Actor, record
from core.database import transaction
from core.errors import Conflict, Invalid
from schedules.models import Broadcast, Step, StepAction
from schedules.queries import by_number
from schedules.services import NewBroadcast, plan_faults, plan_texts
from schedules.states import AirState, PlanState
from schedules.turns.stepping import actor_key

CHANGED_MEANWHILE = "刚刚被别人改过，请重新读取，看过再改。"


@dataclass(frozen=True, slots=True)
class LectureChange:
    """None: as it is. starts_at is aware."""

    title: str | None = None
    lecturer_name: str | None = None
    lecturer_post: str | None = None
    starts_at: datetime | None = None


async def change_lecture(
    number: str, change: LectureChange, *, version: int, by: Actor, now: datetime
) -> Broadcast:
    """The lecture as it is afterwards. version: the one the asking side saw; it rises with the change.

    The first move of the time keeps the time before it as 原定. Raises NotFound, Invalid with the wrong fields, and
    Conflict when the lecture is not 已排期, has begun, or was changed meanwhile.
    """
    broadcast = await by_number(number)
    _check_open(broadcast)
    if broadcast.version != version:
        raise Conflict(f"{number} {CHANGED_MEANWHILE}")
    before, after = _difference(broadcast, change, now)
    if not after:
        return broadcast
    kept = broadcast.first_starts_at or (broadcast.starts_at if "starts_at" in after else None)
    async with transaction():
        # Whoever else changed or began it since it was read comes first.
        unchanged = Broadcast.filter(
            id=broadcast.id,
            version=version,
            plan_state=PlanState.SCHEDULED,
            air_state=AirState.SCHEDULED,
            end_requested_at=None,
        )
        if not await unchanged.update(
            **after, first_starts_at=kept, version=F("version") + 1, changed_at=now
        ):
            raise Conflict(f"{number} {CHANGED_MEANWHILE}")
        if "starts_at" in after:
            await _into_the_timeline(broadcast, by, now)
        subject = f"broadcast:{number}"
        await record("broadcast.changed", by=by, subject=subject, now=now, before=before, after=after)
    return await by_number(number)


async def _into_the_timeline(broadcast: Broadcast, by: Actor, now: datetime) -> None:
    await Step.create(
        broadcast_id=broadcast.id,
        action=StepAction.POSTPONE,
        person=by.name,
        actor=actor_key(by),
        unit_code=by.unit_code or "",
        opinion="改了开播时间",
        at=now,
        before=broadcast.plan_state,
        after=broadcast.plan_state,
        version=broadcast.version + 1,
    )


def _check_open(broadcast: Broadcast) -> None:
    if broadcast.plan_state is not PlanState.SCHEDULED:
        raise Conflict(f"{broadcast.number} 现在不是“已排期”，不能这样改，请在工作台办理。")
    if broadcast.air_state is not AirState.SCHEDULED or broadcast.end_requested_at is not None:
        raise Conflict(f"{broadcast.number} 已经开讲或结束，不能再改。")


def _difference(
    broadcast: Broadcast, change: LectureChange, now: datetime
) -> tuple[dict[str, object], dict[str, object]]:
    """Of what is really changed, the values before and after. Raises Invalid."""
    given = {name: value for name, value in asdict(change).items() if value is not None}
    current = {name: getattr(broadcast, name) for name in asdict(change)}
    plan = NewBroadcast(
        **{**current, **given}, unit_code=broadcast.unit_id, planned_minutes=broadcast.planned_minutes
    )
    texts = plan_texts(plan)
    wanted = {**current, **texts, "starts_at": plan.starts_at}
    after = {name: wanted[name] for name in given if wanted[name] != current[name]}
    faults = plan_faults(plan, texts, now)
    # What stands there already may be as it is: a start that has just passed must not hold up a new title.
    if wrong := {name: fault for name, fault in faults.items() if name in after}:
        raise Invalid(wrong)
    return {name: current[name] for name in after}, after
