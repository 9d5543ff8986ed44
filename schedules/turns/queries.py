"""What the desks read of a lecture that is being planned: what was handed in, its files, its timeline."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from core.clock import CHINA
from core.settings import Settings
from schedules.deadlines import Deadline, in_force
from schedules.models import Broadcast, HandIn, Material, Postponement, Review, Step, Swap
from schedules.states import PlanState
from schedules.turns.hand_in import missing
from schedules.workdays.calendars import load_calendar


@dataclass(frozen=True, slots=True)
class Dossier:
    """All there is about one lecture. materials: those that hold; steps: the last first; reviews: the last first."""

    lecture: Broadcast
    hand_in: HandIn | None
    materials: list[Material]
    steps: list[Step]
    reviews: list[Review]
    swaps: list[Swap]
    postponements: list[Postponement]

    @property
    def missing(self) -> list[str]:
        return missing(self.lecture, self.hand_in, self.materials)

    @property
    def last_return(self) -> Step | None:
        """Why it lies with the unit again, when it was sent back and not handed in since."""
        for step in self.steps:
            if step.before is not step.after:
                sent_back = step.after is PlanState.AWAITING and step.opinion
                return step if sent_back else None
        return None


async def dossier_of(lecture: Broadcast) -> Dossier:
    swaps = await Swap.filter(asking_id=lecture.id).prefetch_related("offered__unit")
    return Dossier(
        lecture=lecture,
        hand_in=await HandIn.get_or_none(broadcast_id=lecture.id),
        materials=await Material.filter(broadcast_id=lecture.id, replaced_at=None),
        steps=await Step.filter(broadcast_id=lecture.id).order_by("-version", "-at"),
        reviews=await Review.filter(broadcast_id=lecture.id).order_by("-at"),
        swaps=swaps,
        postponements=await Postponement.filter(broadcast_id=lecture.id),
    )


async def deadlines_of(
    lectures: Collection[Broadcast], settings: Settings
) -> Mapping[UUID, Mapping[Deadline, date]]:
    """The days of each lecture that has one, by its id."""
    dated = [each for each in lectures if each.starts_at is not None]
    if not dated:
        return {}
    calendar = await load_calendar(
        {each.starts_at.astimezone(CHINA).year for each in dated if each.starts_at}
    )
    return {
        each.id: in_force(each.starts_at, each.told_deadlines, calendar, settings)
        for each in dated
        if each.starts_at is not None
    }


async def month_of_turns(today: datetime) -> list[Broadcast]:
    """What is given in this month of China, drafts left out, the earliest first."""
    begin = today.astimezone(CHINA).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    end = (
        begin.replace(year=begin.year + 1, month=1)
        if begin.month == 12
        else begin.replace(month=begin.month + 1)
    )
    rows = Broadcast.filter(starts_at__gte=begin, starts_at__lt=end).exclude(plan_state=PlanState.DRAFT)
    return await rows.order_by("starts_at").prefetch_related("unit", "duty_officer")
