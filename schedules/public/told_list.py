"""The lectures the public may know of, filtered and paged."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import F, Q
from tortoise.functions import Coalesce

from schedules.models import Broadcast
from schedules.public.queries import told
from schedules.states import AirState, PlanState

CALLED_OFF = (PlanState.POSTPONED, PlanState.CANCELLED)


@dataclass(frozen=True, slots=True)
class ToldFilter:
    """state: of AirState, `postponed` or `cancelled`. since: from then on; until: before then. None: any."""

    unit_code: str | None = None
    state: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def list_told(wanted: ToldFilter, *, offset: int, limit: int) -> tuple[list[Broadcast], int]:
    """The latest first, by the time they are meant for or began at, and how many there are in all."""
    rows = told().annotate(at=Coalesce("starts_at", F("first_live_at"), F("created_at")))
    if wanted.unit_code is not None:
        rows = rows.filter(unit_id=wanted.unit_code)
    if wanted.state in CALLED_OFF:
        rows = rows.filter(plan_state=PlanState(wanted.state))
    elif wanted.state is not None:
        rows = rows.filter(air_state=AirState(wanted.state)).filter(~Q(plan_state__in=CALLED_OFF))
    if wanted.since is not None:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(at__lt=wanted.until)
    found = await rows.order_by("-at", "-number").offset(offset).limit(limit).prefetch_related("unit")
    return found, await rows.count()
