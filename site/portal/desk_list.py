"""The desk's list of lectures, tab by tab and page by page: what is announced, on the air, over, called off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from portal.desk_view import DeskLecture, desk_lecture
from schedules.models import Broadcast
from schedules.public.visibility import PUBLIC
from schedules.queries import ON_AIR, upcoming
from schedules.states import AirState, PlanState
from transcripts.recognition.queries import subtitle_states
from vod.queries import receipts_of

PAGE_SIZE = 50
WAITING = Q(plan_state=PlanState.SCHEDULED, air_state=AirState.SCHEDULED, end_requested_at=None)
TABS: Mapping[str, tuple[str, Q]] = {
    "": ("全部", Q()),
    "on-air": ("正在播出", Q(air_state__in=ON_AIR)),
    "waiting": ("待开播", WAITING),
    "over": ("已结束", Q(air_state=AirState.ENDED)),
}
"""Name in the address → what it is called and which lectures it holds."""


@dataclass(frozen=True, slots=True)
class DeskTab:
    name: str
    label: str
    count: int


async def tabs() -> list[DeskTab]:
    return [DeskTab(name, label, await _rows(name).count()) for name, (label, _) in TABS.items()]


async def lectures_of(tab: str, page: int, now: datetime) -> list[DeskLecture]:
    """One page (from 1) of a tab, the last made first."""
    rows = _rows(tab).order_by("-created_at", "-number").offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE)
    found = await rows.prefetch_related("unit")
    ids = [each.id for each in found]
    receipts, subtitles = await receipts_of(ids), await subtitle_states(ids)
    return [desk_lecture(each, now, receipts.get(each.id), subtitles.get(each.id)) for each in found]


async def next_thing(now: datetime) -> DeskLecture | None:
    """The lecture that needs somebody first: on the air, else the next one, else one that may begin any time."""
    live = Broadcast.filter(PUBLIC, air_state__in=ON_AIR).order_by("first_live_at")
    any_time = Broadcast.filter(WAITING, starts_at=None).order_by("created_at")
    found = (
        await live.prefetch_related("unit").first()
        or next(iter(await upcoming(now, limit=1)), None)
        or await any_time.prefetch_related("unit").first()
    )
    return desk_lecture(found, now) if found else None


def _rows(tab: str) -> QuerySet[Broadcast]:
    return Broadcast.filter(PUBLIC).filter(TABS[tab][1])
