"""A lecture as public pages show it, and what they read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q
from tortoise.functions import Sum

from core.clock import CHINA
from core.web.text import zh_date, zh_datetime
from portal.poster import Poster
from schedules.models import Broadcast
from schedules.public.visibility import CALLED_OFF, PUBLIC, change_of, replay_notice
from schedules.queries import replays as public_replays
from schedules.states import AirState, PlanState
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


CALLED_OFF_STATES: Mapping[PlanState, PublicState] = {
    PlanState.POSTPONED: PublicState("已延期", "attention"),
    PlanState.CANCELLED: PublicState("已取消", "attention"),
}
NO_REPLAY = PublicState("已结束", "quiet")


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
    plan: PlanState = PlanState.SCHEDULED
    first_starts_at: datetime | None = None
    change: str = ""
    """原定…，现定…: what became of the time it was first announced for; empty while it holds."""
    replay_notice: str = ""
    """Why its replay is not to be seen; empty while it is public."""
    running_number: int | None = None
    """第…期, the office's own count."""

    @property
    def path(self) -> str:
        return f"/l/{self.number}"

    @property
    def poster(self) -> str:
        return f"/l/{self.number}/poster.svg"

    @property
    def when(self) -> datetime | None:
        """When it began, is to begin, or was to before it was called off."""
        return self.began_at or self.starts_at or self.first_starts_at

    @property
    def is_called_off(self) -> bool:
        return self.plan in CALLED_OFF

    @property
    def hides_replay(self) -> bool:
        return self.is_over and bool(self.replay_notice)

    @property
    def date(self) -> str:
        return zh_date(self.when) if self.when else "时间待定"

    @property
    def public_state(self) -> PublicState:
        if self.is_called_off:
            return CALLED_OFF_STATES[self.plan]
        return NO_REPLAY if self.hides_replay else STATES[self.state]

    @property
    def is_over(self) -> bool:
        return self.state in (AirState.CLOSED, AirState.ENDED)


def lecture_of(broadcast: Broadcast, seconds: float | None = None) -> Lecture:
    """broadcast comes with its unit loaded."""
    return Lecture(
        number=broadcast.number,
        title=broadcast.title,
        unit=broadcast.unit_name or broadcast.unit.name,
        lecturer=" ".join(filter(None, (broadcast.lecturer_name, broadcast.lecturer_post))),
        starts_at=broadcast.starts_at,
        began_at=broadcast.first_live_at,
        planned_minutes=broadcast.planned_minutes,
        state=broadcast.air_state,
        is_sample=broadcast.is_sample,
        seconds=seconds,
        plan=broadcast.plan_state,
        first_starts_at=broadcast.first_starts_at,
        change=change_of(broadcast),
        replay_notice=replay_notice(broadcast),
        running_number=broadcast.running_number,
    )


def poster_of(lecture: Lecture, site: str) -> Poster:
    """The one description that every picture of it is drawn from: as it is true now, so that a picture that went out
    before a change is replaced by one that tells of it."""
    return Poster(lecture.title, lecture.unit, _on_its_poster(lecture), site, lecture.is_sample)


def _on_its_poster(lecture: Lecture) -> str:
    match lecture.plan:
        case PlanState.POSTPONED:
            return "延期举行，时间另定"
        case PlanState.CANCELLED:
            return "已取消"
    return zh_datetime(lecture.when) if lecture.when else ""


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
    undated = Q(
        starts_at__isnull=True,
        first_live_at__isnull=True,
        first_starts_at__gte=first,
        first_starts_at__lt=following,
    )
    came_to_nothing = Q(air_state=AirState.ENDED, first_live_at__isnull=True)
    rows = Broadcast.filter(PUBLIC).filter(planned | unplanned | undated).filter(~came_to_nothing)
    found = await rows.prefetch_related("unit")
    return sorted(found, key=lambda each: each.starts_at or each.first_live_at or each.first_starts_at or now)


async def replays(page: int, size: int) -> tuple[list[Broadcast], int]:
    """One page (from 1) of the lectures that can be played back, the latest first, and how many there are."""
    rows = public_replays()
    found = (
        await rows.order_by("-first_live_at").offset((page - 1) * size).limit(size).prefetch_related("unit")
    )
    return found, await rows.count()
