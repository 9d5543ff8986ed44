"""主讲人的身份证号: sealed, masked when shown, read by the bureau alone with a reason, erased when time is over."""

from datetime import datetime, timedelta

from core.audit import Actor, record
from core.audit.masking import mask
from core.database import transaction
from core.errors import NotFound
from core.sealing import Sealer
from core.settings import Settings
from schedules.models import Broadcast, HandIn
from schedules.queries import by_number
from schedules.turns.handing_in import SEALED_FOR, hand_in_of
from schedules.turns.stepping import for_the_bureau, reason_of


def masked_id_number(hand_in: HandIn | None, sealer: Sealer) -> str:
    """`5227**********1234`; empty for none."""
    if hand_in is None or not hand_in.id_number_sealed:
        return ""
    return mask(sealer.open(hand_in.id_number_sealed, purpose=SEALED_FOR))


async def read_id_number(number: str, *, reason: str, by: Actor, now: datetime, sealer: Sealer) -> str:
    """The whole number, and an entry of who looked at it and why. Raises Forbidden, NotFound, Invalid."""
    for_the_bureau(by)
    reason = reason_of(reason, what="查看的原因")
    async with transaction():
        broadcast, row = await _kept(number)
        plain = sealer.open(row.id_number_sealed, purpose=SEALED_FOR)
        subject = f"broadcast:{broadcast.number}"
        await record("lecturer_id.read", by=by, subject=subject, now=now, after={"reason": reason})
    return plain


async def hold_id_number(number: str, *, held: bool, reason: str, by: Actor, now: datetime) -> None:
    """Keep it from being erased (for a case), or let it go again. Raises Forbidden, NotFound, Invalid."""
    for_the_bureau(by)
    reason = reason_of(reason, what="保全的原因")
    async with transaction():
        broadcast, row = await _kept(number)
        await HandIn.filter(id=row.id).update(id_number_held=held)
        await record(
            "lecturer_id.held" if held else "lecturer_id.let_go",
            by=by,
            subject=f"broadcast:{broadcast.number}",
            now=now,
            after={"reason": reason},
        )


async def erase_old_id_numbers(*, by: Actor, now: datetime, settings: Settings) -> int:
    """Erase those whose lecture was to be given so long ago, unless they are held. Gives how many."""
    oldest = now - timedelta(days=settings.lecturer_id_days)
    rows = (
        await HandIn.filter(id_number_held=False).exclude(id_number_sealed="").prefetch_related("broadcast")
    )
    erased = 0
    for row in rows:
        given = _given(row.broadcast)
        if given > oldest:
            continue
        async with transaction():
            done = await HandIn.filter(id=row.id, id_number_held=False).update(
                id_number_sealed="", id_number_erased_at=now
            )
            if done:
                subject = f"broadcast:{row.broadcast.number}"
                await record("lecturer_id.erased", by=by, subject=subject, now=now)
                erased += 1
    return erased


def _given(broadcast: Broadcast) -> datetime:
    """The day its time counts from; of one that never was given, the day it was meant for."""
    return (
        broadcast.ended_at
        or broadcast.first_live_at
        or broadcast.starts_at
        or broadcast.first_starts_at
        or broadcast.created_at
    )


async def _kept(number: str) -> tuple[Broadcast, HandIn]:
    broadcast = await by_number(number)
    row = await hand_in_of(broadcast)
    if row is None or not row.id_number_sealed:
        raise NotFound("这一期没有保存主讲人的身份证号。")
    return broadcast, row
