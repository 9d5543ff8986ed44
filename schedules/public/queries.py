"""What the public may read of the plan."""

from datetime import datetime

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from core.clock import CHINA
from schedules.models import Broadcast
from schedules.public.announced import Announced, announced
from schedules.public.visibility import PUBLIC
from schedules.states import AirState, PlanState

CAME_TO_NOTHING = Q(air_state=AirState.ENDED, first_live_at__isnull=True, plan_state=PlanState.SCHEDULED)


def told() -> QuerySet[Broadcast]:
    """Lectures the public may know of; those that were ended without ever having been on the air are left out."""
    return Broadcast.filter(PUBLIC).filter(~CAME_TO_NOTHING)


async def announced_in(year: int) -> list[Announced]:
    """Those that stand in a year (of China), whatever year their number names."""
    return [announced(each) for each in await told_in(year)]


async def told_in(year: int) -> list[Broadcast]:
    """The rows of the same, with their units."""
    first, following = _new_year(year), _new_year(year + 1)
    by_plan = Q(starts_at__gte=first, starts_at__lt=following)
    by_first_plan = Q(starts_at__isnull=True, first_starts_at__gte=first, first_starts_at__lt=following)
    by_air = Q(
        starts_at__isnull=True,
        first_starts_at__isnull=True,
        first_live_at__gte=first,
        first_live_at__lt=following,
    )
    return await told().filter(by_plan | by_first_plan | by_air).prefetch_related("unit")


async def announced_since(moment: datetime) -> list[Announced]:
    """Those with a time from moment on, and those postponed without one, the first created first."""
    dated = Q(starts_at__gte=moment)
    undated = Q(starts_at__isnull=True, first_starts_at__gte=moment)
    found = await told().filter(dated | undated).order_by("created_at").prefetch_related("unit")
    return [announced(each) for each in found]


async def announced_years(now: datetime) -> list[int]:
    """The years that have something to show, and the present one, in order."""
    present = now.astimezone(CHINA).year
    moments = [
        moment
        for row in await told().values_list("starts_at", "first_starts_at", "first_live_at")
        if (moment := row[0] or row[1] or row[2])
    ]
    return sorted({present, *(moment.astimezone(CHINA).year for moment in moments)})


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=CHINA)
