"""主讲人的身份证号: sealed, masked when shown, read by the bureau alone with a reason, erased when time is over."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.audit import Actor, record
from core.audit.masking import mask
from core.clock import CHINA
from core.database import transaction
from core.errors import Conflict, NotFound
from core.sealing import Sealer, Unreadable
from core.settings import Settings
from schedules.models import Broadcast, HandIn
from schedules.queries import by_number
from schedules.turns.handing_in import SEALED_FOR, hand_in_of
from schedules.turns.stepping import for_the_bureau, reason_of


@dataclass(frozen=True, slots=True)
class KeptNumber:
    """What a page may say of it. masked: `5227**********1234`, or that it cannot be opened. erase_on: the day it
    goes, as things stand; None while it is held. erased_at: when it went, and then nothing else is there.
    """

    masked: str
    is_held: bool
    erase_on: date | None
    erased_at: datetime | None


async def kept_number(broadcast: Broadcast, settings: Settings, sealer: Sealer) -> KeptNumber | None:
    """None for a lecture that never had one."""
    row = await hand_in_of(broadcast)
    if row is None or not (row.id_number_sealed or row.id_number_erased_at):
        return None
    if not row.id_number_sealed:
        return KeptNumber("", False, None, row.id_number_erased_at)
    due = _given(broadcast) + timedelta(days=settings.lecturer_id_days)
    erase_on = None if row.id_number_held else due.astimezone(CHINA).date()
    try:
        shown = mask(sealer.open(row.id_number_sealed, purpose=SEALED_FOR))
    except Unreadable:  # it can still be held and erased
        shown = "打不开"
    return KeptNumber(shown, row.id_number_held, erase_on, None)


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
    """Keep it from being erased (for a case), or let it go again. Raises Forbidden, NotFound, Invalid, and Conflict
    when that is so already."""
    for_the_bureau(by)
    reason = reason_of(reason, what="保全的原因" if held else "解除保全的原因")
    async with transaction():
        broadcast, row = await _kept(number)
        others = HandIn.filter(id=row.id, id_number_held=not held).exclude(id_number_sealed="")
        if not await others.update(id_number_held=held):
            raise Conflict(f"{number} 的身份证号{'已经在保全' if held else '现在没有保全'}，请看过再办。")
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
