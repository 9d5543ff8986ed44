"""A lecture as the public is told of it: from 已排期 on, and never more than what stands here. Pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.clock import CHINA
from schedules.models import Broadcast
from schedules.public.ics import CalendarEvent
from schedules.public.visibility import change_of, shows_replay
from schedules.states import AirState, PlanState


@dataclass(frozen=True, slots=True)
class Label:
    """A state in a word; tone is the pill's."""

    word: str
    tone: str = ""


ON_AIR = {
    AirState.LIVE: Label("直播中", "live"),
    AirState.INTERRUPTED: Label("信号中断，正在恢复", "attention"),
}


@dataclass(frozen=True, slots=True)
class Announced:
    """starts_at is None where no time stands: postponed without a new one, or on the air whenever it connects.

    first_starts_at: 原定. change: what became of it. lecturer: name and post. version: of the plan, ever rising.
    """

    id: UUID
    number: str
    title: str
    unit: str
    lecturer: str
    starts_at: datetime | None
    first_starts_at: datetime | None
    began_at: datetime | None
    minutes: int
    plan: PlanState
    air: AirState
    has_replay: bool
    is_sample: bool
    change: str
    version: int
    changed_at: datetime
    running_number: int | None = None
    """第…期, the office's own count."""

    @property
    def path(self) -> str:
        return f"/l/{self.number}"

    @property
    def is_cancelled(self) -> bool:
        return self.plan is PlanState.CANCELLED

    @property
    def is_undated(self) -> bool:
        """Postponed, and nobody has said until when."""
        return self.plan is PlanState.POSTPONED

    @property
    def is_called_off(self) -> bool:
        """There is nothing at the time that stands with it."""
        return self.is_cancelled or self.is_undated

    @property
    def when(self) -> datetime | None:
        """Where in the calendar it stands: its time, else the one it was meant for first."""
        if self.is_called_off:
            return self.starts_at or self.first_starts_at
        return self.starts_at or self.began_at or self.first_starts_at

    @property
    def label(self) -> Label:
        if self.is_cancelled:
            return Label("已取消", "attention")
        if self.is_undated:
            return Label("已延期", "attention")
        if self.air in ON_AIR:
            return ON_AIR[self.air]
        if self.air is AirState.SCHEDULED:
            return Label("预告")
        return Label("回看", "quiet") if self.has_replay else Label("已结束", "quiet")


def announced(broadcast: Broadcast) -> Announced:
    """broadcast comes with its unit loaded, and may be told to the public."""
    was_on_air = broadcast.first_live_at is not None
    return Announced(
        id=broadcast.id,
        number=broadcast.number,
        title=broadcast.title,
        unit=broadcast.unit_name or broadcast.unit.name,
        lecturer=" ".join(filter(None, (broadcast.lecturer_name, broadcast.lecturer_post))),
        starts_at=broadcast.starts_at,
        first_starts_at=broadcast.first_starts_at,
        began_at=broadcast.first_live_at,
        minutes=broadcast.planned_minutes,
        plan=broadcast.plan_state,
        air=broadcast.air_state,
        has_replay=was_on_air and shows_replay(broadcast),
        is_sample=broadcast.is_sample,
        change=change_of(broadcast),
        version=broadcast.version,
        changed_at=broadcast.changed_at,
        running_number=broadcast.running_number,
    )


def event_of(lecture: Announced, *, address: str, host: str, site: str) -> CalendarEvent | None:
    """Its entry in a calendar; None without a time. address: of its page, whole; host: of the site.

    The id of the lecture, not its number, is what a calendar knows it by: the same in the feed and by itself.
    """
    starts_at = lecture.when
    if starts_at is None:
        return None
    mark = "（已取消）" if lecture.is_cancelled else "（已延期，时间另定）" if lecture.is_undated else ""
    lines = (lecture.change, lecture.unit, lecture.lecturer, f"收看地址：{address}")
    return CalendarEvent(
        uid=f"{lecture.id}@{host}",
        title=f"{mark}{site}：{lecture.title or lecture.unit}",
        text="\n".join(filter(None, lines)),
        url=address,
        starts_at=starts_at,
        minutes=lecture.minutes,
        changed_at=lecture.changed_at,
        sequence=lecture.version,
        is_cancelled=lecture.is_called_off,
    )


@dataclass(frozen=True, slots=True)
class Month:
    number: int
    lectures: list[Announced]


def by_month(lectures: list[Announced]) -> list[Month]:
    """The months of a year that have lectures, in order, the lectures by time; without a time they are left out."""
    dated = sorted(((each.when, each) for each in lectures if each.when), key=lambda pair: pair[0])
    months: dict[int, list[Announced]] = {}
    for moment, lecture in dated:
        months.setdefault(moment.astimezone(CHINA).month, []).append(lecture)
    return [Month(number, found) for number, found in sorted(months.items())]
