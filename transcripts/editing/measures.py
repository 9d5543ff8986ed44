"""How far the machine was off: characters changed between what it heard and what was published, by lecture."""

from dataclasses import dataclass
from datetime import date, datetime

from core.clock import CHINA
from schedules.models import Broadcast
from transcripts.models import Transcript


@dataclass(frozen=True, slots=True)
class LectureMeasure:
    """Of one lecture, as it was published last."""

    broadcast: Broadcast
    engine: str
    model: str
    published_at: datetime
    recognised: int
    changed: int

    @property
    def percent(self) -> float:
        """Changed characters for a hundred recognised ones; above 100 where more was put in than heard."""
        return 100 * self.changed / self.recognised if self.recognised else 0.0


@dataclass(frozen=True, slots=True)
class ModelMeasure:
    """One model in one month of publishing. Of all its characters together, not the mean of the lectures."""

    month: date
    engine: str
    model: str
    lectures: int
    recognised: int
    changed: int

    @property
    def percent(self) -> float:
        return 100 * self.changed / self.recognised if self.recognised else 0.0


async def lecture_measures() -> list[LectureMeasure]:
    """Of published lectures that a machine heard, the latest first."""
    rows = await (
        Transcript.filter(published_version__gt=0, characters_recognised__gt=0)
        .order_by("-published_at")
        .prefetch_related("broadcast__unit")
    )
    return [
        LectureMeasure(
            each.broadcast,
            each.engine,
            each.model,
            each.published_at,
            each.characters_recognised,
            each.characters_changed,
        )
        for each in rows
        if each.published_at is not None
    ]


def by_model(measures: list[LectureMeasure]) -> list[ModelMeasure]:
    """The latest month first. Pure."""
    groups: dict[tuple[date, str, str], list[LectureMeasure]] = {}
    for each in measures:
        month = each.published_at.astimezone(CHINA).date().replace(day=1)
        groups.setdefault((month, each.engine, each.model), []).append(each)
    return [
        ModelMeasure(
            month,
            engine,
            model,
            len(group),
            sum(each.recognised for each in group),
            sum(each.changed for each in group),
        )
        for (month, engine, model), group in sorted(groups.items(), key=lambda item: item[0], reverse=True)
    ]
