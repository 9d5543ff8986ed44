"""A lecture as public pages show it, and what they read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q
from tortoise.functions import Sum

from core.clock import CHINA
from core.web.text import zh_date
from schedules.models import Broadcast
from schedules.states import AirState
from streaming.models import Publication


@dataclass(frozen=True, slots=True)
class PublicState:
    """What is said of a state to the public; tone is the pill's."""

    label: str
    tone: str


STATES: Mapping[AirState, PublicState] = {
    AirState.SCHEDULED: PublicState("预告", ""),
    AirState.LIVE: PublicState("直播中", "live"),
    AirState.INTERRUPTED: PublicState("信号中断，正在恢复", "attention"),
    AirState.CLOSED: PublicState("回看", "quiet"),
    AirState.ENDED: PublicState("回看", "quiet"),
}


@dataclass(frozen=True, slots=True)
class Lecture:
    """seconds: how long the recording is; None before there is one."""

    number: str
    title: str
    unit: str
    lecturer: str
    starts_at: datetime | None
    began_at: datetime | None
    planned_minutes: int
    state: AirState
    is_sample: bool
    seconds: float | None = None

    @property
    def path(self) -> str:
        return f"/l/{self.number}"

    @property
    def poster(self) -> str:
        return f"/l/{self.number}/poster.svg"

    @property
    def when(self) -> datetime | None:
        """When it began, or is to begin."""
        return self.began_at or self.starts_at

    @property
    def date(self) -> str:
        return zh_date(self.when) if self.when else "时间待定"

    @property
    def public_state(self) -> PublicState:
        return STATES[self.state]

    @property
    def is_over(self) -> bool:
        return self.state in (AirState.CLOSED, AirState.ENDED)


def lecture_of(broadcast: Broadcast, seconds: float | None = None) -> Lecture:
    """broadcast comes with its unit loaded."""
    return Lecture(
        number=broadcast.number,
        title=broadcast.title,
        unit=broadcast.unit.name,
        lecturer=" ".join(filter(None, (broadcast.lecturer_name, broadcast.lecturer_post))),
        starts_at=broadcast.starts_at,
        began_at=broadcast.first_live_at,
        planned_minutes=broadcast.planned_minutes,
        state=broadcast.air_state,
        is_sample=broadcast.is_sample,
        seconds=seconds,
    )


async def with_lengths(broadcasts: Iterable[Broadcast]) -> list[Lecture]:
    """The lectures with the length of what was received of them, by one query."""
    found = list(broadcasts)
    lengths = await received_seconds([broadcast.id for broadcast in found])
    return [lecture_of(broadcast, lengths.get(broadcast.id)) for broadcast in found]


async def received_seconds(broadcast_ids: list[UUID]) -> dict[UUID, float]:
    """Seconds received in all publications; lectures with none are left out."""
    if not broadcast_ids:
        return {}
    rows = (
        await Publication.filter(broadcast_id__in=broadcast_ids)
        .annotate(total=Sum("received_seconds"))
        .group_by("broadcast_id")
        .values_list("broadcast_id", "total")
    )
    return {row[0]: float(row[1]) for row in rows if row[1]}


async def of_month(now: datetime) -> list[Broadcast]:
    """What is planned for the month that now is in (by the calendar of China) or began in it, in order."""
    local = now.astimezone(CHINA)
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    planned = Q(starts_at__gte=first, starts_at__lt=following)
    unplanned = Q(starts_at__isnull=True, first_live_at__gte=first, first_live_at__lt=following)
    came_to_nothing = Q(air_state=AirState.ENDED, first_live_at__isnull=True)
    found = await Broadcast.filter(planned | unplanned).filter(~came_to_nothing).prefetch_related("unit")
    return sorted(found, key=lambda each: each.starts_at or each.first_live_at or now)


async def replays(page: int, size: int) -> tuple[list[Broadcast], int]:
    """One page (from 1) of the lectures that can be played back, the latest first, and how many there are."""
    rows = Broadcast.filter(air_state__in=(AirState.CLOSED, AirState.ENDED), first_live_at__isnull=False)
    found = (
        await rows.order_by("-first_live_at").offset((page - 1) * size).limit(size).prefetch_related("unit")
    )
    return found, await rows.count()
