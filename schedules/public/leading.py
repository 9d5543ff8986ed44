"""Where the address on a unit's wall leads, and for whom a visit by it counts."""

from datetime import date, datetime

from accounts.models import Unit
from accounts.queries import find_unit
from schedules.models import Broadcast
from schedules.public.queries import told
from schedules.public.visibility import OVER
from schedules.queries import LATE, ON_AIR
from schedules.states import AirState, PlanState, ReplayState

LONGEST_LINE = 40
"""Units merged one into the other; no office was ever reformed so often."""


async def leading_lecture(now: datetime) -> Broadcast | None:
    """What is live, else next, else the latest that can be played back; None while there is nothing at all."""
    # A lecture postponed without a day or cancelled is told of on its page, but nobody is led to it.
    held = told().filter(plan_state=PlanState.SCHEDULED)
    live = held.filter(air_state__in=ON_AIR).order_by("first_live_at")
    coming = held.filter(air_state=AirState.SCHEDULED, starts_at__gt=now - LATE, end_requested_at=None)
    over = held.filter(air_state__in=OVER, first_live_at__isnull=False, replay_state=ReplayState.PUBLIC)
    return (
        await live.exclude(replay_state=ReplayState.WITHDRAWN).first()
        or await coming.order_by("starts_at").first()
        or await over.order_by("-first_live_at").first()
    )


async def counted_unit(unit: Unit, today: date) -> Unit | None:
    """The unit itself; of one that has ended, what it was merged into; None: its visitors are the public's.

    today: in China. A unit ends on the day it is retired on, and not before.
    """
    for _ in range(LONGEST_LINE):
        if unit.retired_on is None or unit.retired_on > today:
            return unit
        successor = await find_unit(unit.merged_into_id) if unit.merged_into_id else None
        if successor is None:
            return None
        unit = successor
    return None
