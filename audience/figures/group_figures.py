"""Which reports of 集中收看 stand in figures: those that hold; of a sealed month, those that held at its seal."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from audience.figures.month_of import MonthOf, first_day
from audience.figures.periods import Period
from audience.models import GroupViewing, MonthSeal

TOLD = ("broadcast_id", "unit_id", "month", "sessions", "people")


class GroupFigures(NamedTuple):
    """What a unit reported of a lecture. month: the first day of the one in which the rooms watched."""

    broadcast_id: UUID
    unit: str
    month: date
    sessions: int
    people: int


async def groups_of(period: Period) -> list[GroupFigures]:
    """Of rooms that watched in the period. A correction after the seal is 补计 and changes no sealed figure."""
    rows = GroupViewing.filter(
        is_late=False, sessions__gt=0, watched_on__gte=period.first, watched_on__lte=period.last
    ).annotate(month=MonthOf("watched_on"))
    found = [_figures(*row) for row in await rows.filter(replaced_at__isnull=True).values_list(*TOLD)]
    corrected = await rows.filter(replaced_at__isnull=False).values_list(*TOLD, "replaced_at")
    if corrected:
        sealed_at = {seal.month: seal.sealed_at for seal in await MonthSeal.all().only("month", "sealed_at")}
        for *row, replaced_at in corrected:
            figures = _figures(*row)
            sealed = sealed_at.get(figures.month)
            if sealed is not None and replaced_at > sealed:
                found.append(figures)
    return found


def _figures(broadcast_id: UUID, unit: str, month: str, sessions: int, people: int) -> GroupFigures:
    return GroupFigures(broadcast_id, unit, first_day(month), sessions, people)


async def late_groups_of(period: Period) -> list[GroupViewing]:
    """补计: what was reported or corrected after its month had been sealed, as it holds now."""
    return await GroupViewing.filter(
        is_late=True,
        sessions__gt=0,
        replaced_at__isnull=True,
        watched_on__gte=period.first,
        watched_on__lte=period.last,
    )
