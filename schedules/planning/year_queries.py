"""What may be read of a year's plan by those who work with it."""

from datetime import datetime

from tortoise.expressions import Q

from accounts.models import Role, User
from core.clock import CHINA
from schedules.models import Broadcast
from schedules.numbers import is_number
from schedules.states import PlanState

FIRST_YEAR, LAST_YEAR = 2020, 2100


async def lectures_numbered_in(year: int, *, drafts: bool = True) -> list[Broadcast]:
    """Those whose number names the year, wherever they have moved, with their units; without samples."""
    rows = Broadcast.filter(number__startswith=f"{year:04d}-", is_sample=False)
    if not drafts:
        rows = rows.exclude(plan_state=PlanState.DRAFT)
    return await rows.prefetch_related("unit")


async def lectures_of_year(year: int) -> list[Broadcast]:
    """Those whose number names the year, and those of other years that have moved into it."""
    named = Q(number__startswith=f"{year:04d}-")
    return await Broadcast.filter(named | _given_in(year), is_sample=False).prefetch_related("unit")


async def lectures_given_in(year: int, *, after: datetime) -> list[Broadcast]:
    """Those of the year whose time stands and is still to come, in order of time, with their units."""
    rows = Broadcast.filter(_given_in(year), starts_at__gt=after, is_sample=False)
    return await rows.order_by("starts_at", "number").prefetch_related("unit")


async def starts_after(moment: datetime) -> list[datetime]:
    """When lectures that are not cancelled are to be given, of all years; without samples."""
    rows = Broadcast.filter(starts_at__gt=moment, is_sample=False).exclude(plan_state=PlanState.CANCELLED)
    return [start for (start,) in await rows.values_list("starts_at")]


def _given_in(year: int) -> Q:
    first, following = datetime(year, 1, 1, tzinfo=CHINA), datetime(year + 1, 1, 1, tzinfo=CHINA)
    return Q(starts_at__gte=first, starts_at__lt=following)


async def planned_years(now: datetime) -> list[int]:
    """The present year, the next one, and every year that lectures are numbered in, in order."""
    present = now.astimezone(CHINA).year
    numbers = await Broadcast.filter(is_sample=False).values_list("number", flat=True)
    named = {int(str(number).partition("-")[0]) for number in numbers if is_number(str(number))}
    return sorted({present, present + 1, *named})


async def liaison_names() -> dict[str, list[str]]:
    """Unit code → the names of its liaisons who may log in, in order."""
    rows = (
        await User.filter(role=Role.LIAISON, active=True, unit_id__isnull=False)
        .order_by("display_name")
        .values_list("unit_id", "display_name")
    )
    found: dict[str, list[str]] = {}
    for code, name in rows:
        found.setdefault(str(code), []).append(str(name))
    return found
