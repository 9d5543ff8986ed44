"""调换: two units change places. Numbers, days and deadlines stay with the lectures; what a unit has goes with it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.expressions import Q

from accounts.queries import find_unit
from core.audit import Actor, record
from core.database import transaction
from core.errors import Conflict, Forbidden, Invalid, NotFound
from schedules.models import Broadcast, HandIn, Material, StepAction, Swap, SwapState
from schedules.plan_states import STATE_LABELS, WITH_THE_UNIT
from schedules.queries import by_number
from schedules.turns.settled import close_swap
from schedules.turns.stepping import for_the_unit, lock, reason_of, seen, step

SPOKEN = (
    "title",
    "lecturer_name",
    "lecturer_post",
    "language",
    "audience",
    "laws",
    "delivery",
    "external_url",
)
"""What of a lecture belongs to who gives it."""
SAID_BY_ANOTHER = "有人刚刚处理过这次调换，请看过再办。"


async def request_swap(
    number: str, other: str, *, reason: str, version: int, by: Actor, now: datetime
) -> Swap:
    """Ask for the place of another lecture, by the unit of `number` (which has said yes with it) or the bureau.

    Raises Forbidden, NotFound, Conflict (a swap of either is open already, or one has been handed in), Invalid.
    """
    reason = reason_of(reason, what="调换的原因")
    async with transaction():
        await lock(number, other)
        asking = await seen(number, version)
        for_the_unit(by, asking)
        offered = await by_number(other)
        _check_pair(asking, offered, now)
        if await open_swaps(asking.id) or await open_swaps(offered.id):
            raise Conflict("其中一期已经有没确认完的调换，请先确认或撤回。")
        swap = await Swap.create(
            asking_id=asking.id,
            offered_id=offered.id,
            asking_unit=asking.unit_id,
            offered_unit=offered.unit_id,
            reason=reason,
            asked_by=by.name,
            asked_at=now,
            **_yes(by, now, asking.unit_id, offered.unit_id),
        )
        for each, another in ((asking, offered), (offered, asking)):
            opinion = f"与 {another.number}（{another.unit.name}）调换：{reason}"
            await step(each, StepAction.SWAP_ASKED, by=by, now=now, opinion=opinion)
    return swap


async def confirm_swap(swap_id: UUID, *, by: Actor, now: datetime) -> Swap:
    """Say yes for the unit somebody acts for, or for the bureau; with the third yes the units change.

    Raises Forbidden for a third unit, NotFound, Conflict.
    """
    async with transaction():
        swap = await _open(swap_id)
        yes = _yes(by, now, swap.asking_unit, swap.offered_unit)
        if not yes:
            raise Forbidden("这次调换和您的单位无关。")
        asking, offered = await _pair(swap)
        field = next(iter(yes))
        at = field.replace("_by", "_at")
        if not await Swap.filter(id=swap.id, state=SwapState.OPEN, **{f"{at}__isnull": True}).update(**yes):
            raise Conflict(SAID_BY_ANOTHER)
        await swap.refresh_from_db()
        if swap.waits_for:
            for each in (asking, offered):
                await step(each, StepAction.SWAP_CONFIRMED, by=by, now=now)
        else:
            await _change_places(swap, asking, offered, by, now)
        return await Swap.get(id=swap.id)


async def refuse_swap(swap_id: UUID, *, reason: str, by: Actor, now: datetime) -> Swap:
    """By the other unit or the bureau."""
    reason = reason_of(reason, what="不同意的原因")
    async with transaction():
        swap = await _open(swap_id)
        if by.unit_code not in (None, swap.offered_unit):
            raise Forbidden("只有对方单位或州局可以不同意；自己的申请请撤回。")
        return await _close(swap, SwapState.REFUSED, StepAction.SWAP_REFUSED, reason, by, now)


async def withdraw_swap(swap_id: UUID, *, by: Actor, now: datetime, reason: str = "") -> Swap:
    """By the unit that asked, or the bureau, while it is open."""
    reason = reason_of(reason, needed=False)
    async with transaction():
        swap = await _open(swap_id)
        if by.unit_code not in (None, swap.asking_unit):
            raise Forbidden("只有申请调换的单位可以撤回。")
        return await _close(swap, SwapState.WITHDRAWN, StepAction.SWAP_WITHDRAWN, reason, by, now)


async def open_swaps(broadcast_id: UUID) -> list[Swap]:
    """Open ones of a lecture, asked from either side."""
    rows = Swap.filter(Q(asking_id=broadcast_id) | Q(offered_id=broadcast_id), state=SwapState.OPEN)
    return await rows.prefetch_related("asking__unit", "offered__unit")


async def swaps_waiting_for(unit_code: str | None) -> list[Swap]:
    """Open ones that this unit (None: the bureau) has still to say yes to."""
    rows = await Swap.filter(state=SwapState.OPEN).prefetch_related("asking__unit", "offered__unit")
    return [each for each in rows if (unit_code or "") in each.waits_for]


async def swap_choices(broadcast: Broadcast, now: datetime) -> list[Broadcast]:
    """Lectures of other units that this one could change places with, the next first."""
    rows = Broadcast.filter(plan_state__in=WITH_THE_UNIT, starts_at__gt=now).exclude(
        unit_id=broadcast.unit_id
    )
    taken = await Swap.filter(state=SwapState.OPEN).values_list("asking_id", "offered_id")
    busy = {each for pair in taken for each in pair}
    return [each for each in await rows.order_by("starts_at").prefetch_related("unit") if each.id not in busy]


def _check_pair(asking: Broadcast, offered: Broadcast, now: datetime) -> None:
    if asking.unit_id == offered.unit_id:
        raise Invalid({"other": "请选另一个单位的期次。"})
    for each in (asking, offered):
        if each.plan_state not in WITH_THE_UNIT:
            raise Conflict(f"{each.number} 现在是“{STATE_LABELS[each.plan_state]}”，报送以前才能调换。")
        if each.starts_at is None or each.starts_at <= now:
            raise Conflict(f"{each.number} 的时间已经过去，不能调换。")


def _yes(by: Actor, now: datetime, asking_unit: str, offered_unit: str) -> dict[str, Any]:
    """The columns in which this person's yes stands; none for somebody it is no business of."""
    side = {None: "bureau", asking_unit: "asking", offered_unit: "offered"}.get(by.unit_code)
    return {} if side is None else {f"{side}_by": by.name, f"{side}_at": now}


async def _open(swap_id: UUID) -> Swap:
    swap = await Swap.get_or_none(id=swap_id)
    if swap is None:
        raise NotFound("没有这次调换。")
    if swap.state is not SwapState.OPEN:
        raise Conflict(SAID_BY_ANOTHER)
    return swap


async def _pair(swap: Swap) -> tuple[Broadcast, Broadcast]:
    """Both lectures, locked."""
    ids = (swap.asking_id, swap.offered_id)
    await lock(
        *[str(number) for number in await Broadcast.filter(id__in=ids).values_list("number", flat=True)]
    )
    found = {each.id: each for each in await Broadcast.filter(id__in=ids).prefetch_related("unit")}
    return found[swap.asking_id], found[swap.offered_id]


async def _close(
    swap: Swap, to: SwapState, action: StepAction, reason: str, by: Actor, now: datetime
) -> Swap:
    asking, offered = await _pair(swap)
    if not await close_swap(swap, to, reason, by=by, now=now):
        raise Conflict(SAID_BY_ANOTHER)
    for each in (asking, offered):
        await step(each, action, by=by, now=now, opinion=reason)
    return await Swap.get(id=swap.id)


async def _change_places(swap: Swap, asking: Broadcast, offered: Broadcast, by: Actor, now: datetime) -> None:
    _check_pair(asking, offered, now)
    if (asking.unit_id, offered.unit_id) != (swap.asking_unit, swap.offered_unit):
        raise Conflict("这两期的单位已经变了，请撤回，重新申请。")
    await _exchange_rows(asking.id, offered.id)
    await Swap.filter(id=swap.id).update(state=SwapState.DONE, closed_by=by.name, closed_at=now)
    done = {"asking": asking.number, "offered": offered.number}
    await record("swap.done", by=by, subject=f"swap:{swap.id}", now=now, after=done)
    for each, another in ((asking, offered), (offered, asking)):
        unit = await find_unit(another.unit_id)
        name = unit.name if unit is not None else another.unit_id
        values = {field: getattr(another, field) for field in SPOKEN}
        opinion = f"改由{name}主讲（原为{each.unit.name}，与 {another.number} 调换）"
        await step(
            each, StepAction.SWAPPED, by=by, now=now, opinion=opinion, unit_id=another.unit_id, **values
        )


async def _exchange_rows(one: UUID, other: UUID) -> None:
    """Hand-ins and materials go with their units."""
    rows = {each.broadcast_id: each for each in await HandIn.filter(broadcast_id__in=(one, other))}
    await HandIn.filter(broadcast_id__in=(one, other)).delete()  # a lecture has but one, at every moment
    for of, to in ((one, other), (other, one)):
        if of in rows:
            row = rows[of].clone(pk=rows[of].id)
            row.broadcast_id = to
            await row.save(force_create=True)
    files = {
        each: await Material.filter(broadcast_id=each).values_list("id", flat=True) for each in (one, other)
    }
    for of, to in ((one, other), (other, one)):
        await Material.filter(id__in=list(files[of])).update(broadcast_id=to)
