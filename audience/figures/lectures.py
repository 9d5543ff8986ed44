"""Which lectures belong to a period, whether each counts as 直播普法, and how many watched it at once."""

from collections.abc import Collection
from uuid import UUID

from tortoise.expressions import Q
from tortoise.functions import Max, Sum

from audience.counting.definition import Definition
from audience.figures.periods import Period
from audience.models import MinuteViewers
from core.clock import CHINA
from schedules.models import Broadcast
from schedules.states import COUNTED_AS_LIVE, PlanState
from streaming.models import Publication

SHOWN = (
    *("id", "number", "title", "unit_id", "unit_name"),
    *("starts_at", "first_live_at", "delivery"),
)
"""All that figures need of a lecture: a year's page is read often, and rows of lectures are long."""


async def lectures_of(period: Period, watched: Collection[UUID] = ()) -> list[Broadcast]:
    """Those first on the air in the period, and those that were watched in it, in the order of their start. Only
    with the fields of SHOWN.
    """
    given = Q(first_live_at__gte=period.begins, first_live_at__lt=period.ends)
    rows = Broadcast.filter(plan_state=PlanState.SCHEDULED, is_sample=False)
    found = await rows.filter(given | Q(id__in=list(watched)) if watched else given).only(*SHOWN)
    return sorted(
        found, key=lambda each: (each.first_live_at or each.starts_at or period.begins, each.number)
    )


async def seconds_on_air(ids: Collection[UUID]) -> dict[UUID, float]:
    """How long each was received; lectures that never were are left out."""
    if not ids:
        return {}
    rows = (
        await Publication.filter(broadcast_id__in=ids)
        .annotate(total=Sum("received_seconds"))
        .group_by("broadcast_id")
        .values_list("broadcast_id", "total")
    )
    return {row[0]: float(row[1] or 0) for row in rows}


async def peaks(ids: Collection[UUID]) -> dict[UUID, int]:
    """The most live viewers of each in one minute."""
    if not ids:
        return {}
    rows = (
        await MinuteViewers.filter(broadcast_id__in=ids)
        .annotate(most=Max("viewers"))
        .group_by("broadcast_id")
        .values_list("broadcast_id", "most")
    )
    return {row[0]: int(row[1] or 0) for row in rows}


def counts_as_live(lecture: Broadcast, period: Period, seconds: float, definition: Definition) -> bool:
    """As 直播普法 of the period: given live, first on the air in it, and long enough by the definition."""
    return (
        lecture.first_live_at is not None
        and period.first <= lecture.first_live_at.astimezone(CHINA).date() <= period.last
        and lecture.delivery in COUNTED_AS_LIVE
        and seconds >= definition.live_minutes * 60
    )
