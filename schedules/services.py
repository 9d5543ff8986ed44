"""What may be done with a lecture: create, rotate its key, ask for its end, move its state on the air."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F

from accounts.queries import find_unit
from core.audit import SYSTEM, Actor, record
from core.database import transaction
from core.errors import Conflict, Invalid, NotFound
from core.events import EventBus
from schedules.events import BroadcastStateChanged
from schedules.models import Broadcast, Step, StepAction
from schedules.numbers import month_of, month_prefix, next_number
from schedules.states import AirState, check_move

NUMBER_TRIES = 20
LONGEST_MINUTES = 600
LONGEST_TEXTS = {
    "title": ("标题", 120),
    "lecturer_name": ("主讲人姓名", 40),
    "lecturer_post": ("主讲人职务", 80),
}
FURTHEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class NewBroadcast:
    """starts_at is aware; None: on the air whenever its encoder connects."""

    title: str
    unit_code: str
    starts_at: datetime | None = None
    planned_minutes: int = 15
    lecturer_name: str = ""
    lecturer_post: str = ""
    is_sample: bool = False


async def create_broadcast(new: NewBroadcast, *, now: datetime, by: Actor = SYSTEM) -> Broadcast:
    """An administrator's 临时期次, `scheduled` at once, with the next number of its month. Raises Invalid."""
    texts = plan_texts(new)
    faults = plan_faults(new, texts, now)
    unit = await find_unit(new.unit_code)
    if unit is None:
        faults["unit"] = f"没有代码为 {new.unit_code} 的单位。"
    if unit is None or faults:
        raise Invalid(faults)
    year, month = month_of(new.starts_at or now)
    for _ in range(NUMBER_TRIES):
        number = await _free_number(year, month)
        try:
            async with transaction():
                broadcast = await Broadcast.create(
                    number=number,
                    title=texts["title"],
                    lecturer_name=texts["lecturer_name"],
                    lecturer_post=texts["lecturer_post"],
                    unit=unit,
                    starts_at=new.starts_at,
                    planned_minutes=new.planned_minutes,
                    is_sample=new.is_sample,
                    announced_at=now,
                    created_at=now,
                    changed_at=now,
                )
                await Step.create(
                    broadcast_id=broadcast.id,
                    action=StepAction.CREATED,
                    person=by.name,
                    actor=f"{by.kind}:{by.id}"[:100],
                    unit_code=by.unit_code or "",
                    at=now,
                    before=broadcast.plan_state,
                    after=broadcast.plan_state,
                    version=broadcast.version,
                )
                await record(
                    "broadcast.created",
                    by=by,
                    subject=f"broadcast:{number}",
                    now=now,
                    after=asdict(new) | texts,
                )
        except IntegrityError:  # somebody else has just taken the number
            if not await Broadcast.exists(number=number):
                raise
        else:
            return broadcast
    raise Conflict("编号一直被别人抢先用掉，请再试一次。")


def plan_texts(new: NewBroadcast) -> dict[str, str]:
    """Title, lecturer's name and post as they are kept: without blanks at their ends and doubled ones inside."""
    return {name: " ".join(getattr(new, name).split()) for name in LONGEST_TEXTS}


def plan_faults(new: NewBroadcast, texts: dict[str, str], now: datetime) -> dict[str, str]:
    """Each wrong field and what is wrong with it. texts: as plan_texts gives them."""
    faults: dict[str, str] = {}
    for name, (label, longest) in LONGEST_TEXTS.items():
        if len(texts[name]) > longest or not texts[name].isprintable():
            faults[name] = f"{label}不能超过 {longest} 个字，也不能有控制字符。"
    if not texts["title"]:
        faults["title"] = "请填标题。"
    if not 1 <= new.planned_minutes <= LONGEST_MINUTES:
        faults["planned_minutes"] = f"计划时长要在 1 到 {LONGEST_MINUTES} 分钟之间。"
    elif new.starts_at is not None and (fault := _start_fault(new.starts_at, new.planned_minutes, now)):
        faults["starts_at"] = fault
    return faults


def _start_fault(starts_at: datetime, planned_minutes: int, now: datetime) -> str | None:
    if starts_at.utcoffset() is None:
        raise ValueError("starts_at must be aware")
    if starts_at > now + FURTHEST:
        return "开播时间太远了，请核对年份。"
    if starts_at < now - timedelta(minutes=planned_minutes):
        return "开播时间已经过去了，请另选时间；现在就播请不填开播时间。"
    return None


async def _free_number(year: int, month: int) -> str:
    prefix = month_prefix(year, month)
    taken = await Broadcast.filter(number__startswith=prefix).values_list("number", flat=True)
    return next_number(year, month, [str(number) for number in taken])


async def rotate_key(broadcast_id: UUID, *, now: datetime, by: Actor = SYSTEM) -> Broadcast:
    """Revoke the stream key: keys of older versions are refused from now on. Raises NotFound."""
    async with transaction():
        await Broadcast.filter(id=broadcast_id).update(key_version=F("key_version") + 1, changed_at=now)
        broadcast = await _get(broadcast_id)
        await record(
            "broadcast.key_rotated",
            by=by,
            subject=f"broadcast:{broadcast.number}",
            now=now,
            after={"key_version": broadcast.key_version},
        )
    return broadcast


async def request_end(broadcast_id: UUID, *, now: datetime, by: Actor = SYSTEM) -> Broadcast:
    """Leave word that the lecture is to end; whoever holds it does so. Asking again while it is still ending
    changes nothing. Raises NotFound, and Conflict when it has ended."""
    open_rows = Broadcast.filter(id=broadcast_id, end_requested_at=None).exclude(air_state=AirState.ENDED)
    async with transaction():
        asked = await open_rows.update(end_requested_at=now, changed_at=now)
        broadcast = await _get(broadcast_id)
        if asked:
            await record("broadcast.end_asked", by=by, subject=f"broadcast:{broadcast.number}", now=now)
    if broadcast.air_state is AirState.ENDED:
        raise Conflict(f"{broadcast.number} 已经结束了，不用再结束一次。")
    return broadcast


async def move_air_state(broadcast_id: UUID, to: AirState, *, now: datetime, events: EventBus) -> Broadcast:
    """Move the lecture to another state on the air and tell the subscribers. now: when it came to be so.

    Raises NotFound, and Conflict when the table of moves does not allow it.
    """
    while True:
        broadcast = await _get(broadcast_id)
        before = broadcast.air_state
        check_move(before, to)
        changes = _changes(broadcast, to, now)
        # Another process may have moved it since it was read: then look again.
        if await Broadcast.filter(id=broadcast_id, air_state=before).update(**changes):
            break
    broadcast = await _get(broadcast_id)
    await events.publish(
        BroadcastStateChanged(
            broadcast_id=broadcast_id, number=broadcast.number, before=before, after=to, at=now
        )
    )
    return broadcast


def _changes(broadcast: Broadcast, to: AirState, now: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {"air_state": to, "changed_at": now}
    if to is AirState.LIVE:
        changes["interrupted_at"] = None
        changes["first_live_at"] = broadcast.first_live_at or now
        changes["unit_name"] = broadcast.unit_name or broadcast.unit.name
    elif to is AirState.INTERRUPTED:
        changes["interrupted_at"] = now
    elif to is AirState.ENDED:
        changes["ended_at"] = now
    return changes


async def _get(broadcast_id: UUID) -> Broadcast:
    broadcast = await Broadcast.get_or_none(id=broadcast_id).prefetch_related("unit")
    if broadcast is None:
        raise NotFound("没有这一期。")
    return broadcast
