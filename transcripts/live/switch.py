"""Live captions on and off: by an administrator, with a reason, for one lecture; off by the house when it must."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from core.audit import SYSTEM, Actor, record
from core.database import transaction
from core.errors import Conflict
from schedules.models import Broadcast
from schedules.queries import by_number
from schedules.states import LANGUAGE_LABELS, AirState, Language, PlanState
from schedules.turns.stepping import for_the_bureau, lock, reason_of
from transcripts.models import CaptionState, LiveCaptions
from transcripts.speech.registry import ModelState

LONGEST_DETAIL = 300
SILENT_AFTER = timedelta(seconds=10)
"""What the media process said longer ago than this is not taken for what is."""


def why_not(broadcast: Broadcast, model: ModelState) -> str:
    """Why they cannot be turned on; empty: they can. Pure."""
    if broadcast.language is not Language.MANDARIN:
        return f"这一期用{LANGUAGE_LABELS[broadcast.language]}讲。实时字幕只认普通话，不能打开。"
    if broadcast.air_state is AirState.ENDED:
        return "这一期已经结束，没有实时字幕。讲座的字幕在校对页里。"
    if broadcast.cut_off_at is not None:
        return "这一期已被紧急切断，不能打开实时字幕。"
    if broadcast.plan_state is not PlanState.SCHEDULED:
        return "这一期还没有排期，或已经延期、取消，不能打开实时字幕。"
    return "" if model.is_ready else model.message


async def turn_on(number: str, *, reason: str, model: ModelState, by: Actor, now: datetime) -> LiveCaptions:
    """model: of the engine in the setting. Raises NotFound, Forbidden, Invalid, Conflict."""
    for_the_bureau(by)
    reason = reason_of(reason)
    async with transaction():
        await lock(number)
        broadcast = await by_number(number)
        if objection := why_not(broadcast, model):
            raise Conflict(objection)
        row = await live_captions_of(broadcast.id)
        if row is not None and row.is_on:
            raise Conflict(f"实时字幕已经由{row.person}打开了。")
        row = row or LiveCaptions(broadcast_id=broadcast.id)
        row.state, row.detail, row.delay_ms = CaptionState.WAITING, "", None
        return await _switch(row, broadcast, is_on=True, reason=reason, by=by, now=now)


async def turn_off(number: str, *, reason: str, by: Actor, now: datetime) -> LiveCaptions:
    """Raises NotFound, Forbidden, Invalid, and Conflict for what is off."""
    for_the_bureau(by)
    reason = reason_of(reason)
    async with transaction():
        await lock(number)
        broadcast = await by_number(number)
        row = await live_captions_of(broadcast.id)
        if row is None or not row.is_on:
            raise Conflict("实时字幕本来就关着。")
        row.state, row.detail, row.delay_ms = CaptionState.OFF, "", None
        return await _switch(row, broadcast, is_on=False, reason=reason, by=by, now=now)


async def stop_by_house(broadcast_id: UUID, reason: str, *, now: datetime) -> None:
    """They cannot go on. Whatever somebody has switched meanwhile stays."""
    async with transaction():
        row = (
            await LiveCaptions.filter(broadcast_id=broadcast_id, is_on=True).select_for_update().get_or_none()
        )
        if row is None:
            return
        broadcast = await Broadcast.get(id=broadcast_id)
        row.state, row.detail, row.delay_ms = CaptionState.STOPPED, reason[:LONGEST_DETAIL], None
        await _switch(row, broadcast, is_on=False, reason=reason[:200], by=SYSTEM, now=now)


async def tell(
    broadcast_id: UUID, state: CaptionState, *, detail: str = "", delay_ms: int | None, now: datetime
) -> None:
    """How they go, for the desk. Only while they are ordered: what was switched off stays so."""
    await LiveCaptions.filter(broadcast_id=broadcast_id, is_on=True).update(
        state=state, detail=detail[:LONGEST_DETAIL], delay_ms=delay_ms, told_at=now
    )


async def live_captions_of(broadcast_id: UUID) -> LiveCaptions | None:
    return await LiveCaptions.get_or_none(broadcast_id=broadcast_id)


async def ordered(broadcast_ids: Collection[UUID]) -> set[UUID]:
    """Which of these lectures are to have them."""
    if not broadcast_ids:
        return set()
    rows = await LiveCaptions.filter(broadcast_id__in=list(broadcast_ids), is_on=True)
    return {row.broadcast_id for row in rows}


async def are_shown(broadcast_id: UUID, *, now: datetime) -> bool:
    """As far as rows tell: for a web site apart from the media process."""
    return await LiveCaptions.filter(
        broadcast_id=broadcast_id, is_on=True, state=CaptionState.ON, told_at__gte=now - SILENT_AFTER
    ).exists()


async def _switch(
    row: LiveCaptions, broadcast: Broadcast, *, is_on: bool, reason: str, by: Actor, now: datetime
) -> LiveCaptions:
    before = row.is_on
    row.is_on, row.reason, row.person, row.switched_at = is_on, reason, by.name, now
    row.told_at = None
    await row.save()
    action = "on" if is_on else "stopped" if by == SYSTEM else "off"
    await record(
        f"captions.{action}",
        by=by,
        subject=f"broadcast:{broadcast.number}",
        now=now,
        before={"captions": before},
        after={"captions": is_on, "reason": reason},
    )
    return row
