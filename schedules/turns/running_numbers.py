"""第…期: the office's own running count of a lecture, for show only. Its number stays what it is known by."""

from datetime import datetime

from core.audit import Actor
from core.database import transaction
from core.errors import Invalid
from schedules.models import Broadcast
from schedules.turns.stepping import for_the_bureau, seen, step

HIGHEST = 9999


async def set_running_number(
    number: str, running: int | None, *, version: int, by: Actor, now: datetime
) -> Broadcast:
    """By the bureau, at any time, for the count may be kept on paper and be written in later; None: none is shown.

    version: of the lecture as it was seen. Raises Forbidden, NotFound, Outdated, Invalid (`running`).
    """
    for_the_bureau(by)
    if running is not None and not 1 <= running <= HIGHEST:
        raise Invalid({"running": f"请填 1 到 {HIGHEST} 之间的整数。"})
    async with transaction():
        broadcast = await seen(number, version)
        if broadcast.running_number == running:
            return broadcast
        return await step(
            broadcast, None, by=by, now=now, audited="broadcast.running_number", running_number=running
        )
