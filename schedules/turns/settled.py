"""What was asked about a lecture and is settled by something else that happens to it."""

from datetime import datetime

from tortoise.expressions import Q

from core.audit import Actor, record
from schedules.models import Broadcast, Postponement, PostponementState, Swap, SwapState


async def settle_open_requests(broadcast: Broadcast, why: str, *, by: Actor, now: datetime) -> None:
    """Close its open swaps and postponements, with the reason. Inside the caller's transaction."""
    swaps = Swap.filter(Q(asking_id=broadcast.id) | Q(offered_id=broadcast.id), state=SwapState.OPEN)
    for swap in await swaps:
        await close_swap(swap, SwapState.REFUSED, why, by=by, now=now)
    asked = Postponement.filter(broadcast_id=broadcast.id, state=PostponementState.ASKED)
    await asked.update(
        state=PostponementState.REFUSED, answered_by=by.name, answered_at=now, answer=why[:200]
    )


async def close_swap(swap: Swap, to: SwapState, why: str, *, by: Actor, now: datetime) -> bool:
    """Whether it was still open."""
    closed = await Swap.filter(id=swap.id, state=SwapState.OPEN).update(
        state=to, closed_by=by.name, closed_at=now, answer=why[:200]
    )
    if closed:
        await record(
            "swap.closed", by=by, subject=f"swap:{swap.id}", now=now, after={"state": to.value, "answer": why}
        )
    return bool(closed)
