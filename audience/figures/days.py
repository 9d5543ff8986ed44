"""The days of a period: views, and 收看人数（估算）of each day over all lectures; salts allow of no longer time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tortoise.functions import Count, Sum

from audience.counting.visits import Mode
from audience.figures.periods import Period
from audience.models import Beacon, DayViews, Visit
from core.clock import CHINA


@dataclass(slots=True)
class DayFigures:
    """viewers: 收看人数（估算）of the day; None where the visits are no longer kept."""

    day: date
    live: int = 0
    replay: int = 0
    viewers: int | None = None

    @property
    def online(self) -> int:
        return self.live + self.replay

    def add(self, mode: Mode, views: int) -> None:
        if mode is Mode.LIVE:
            self.live += views
        else:
            self.replay += views


async def days_of(period: Period) -> list[DayFigures]:
    """Days with views, in order. What is 补计 is in neither figure."""
    rows = (
        await DayViews.filter(day__gte=period.first, day__lte=period.last, views__gt=0)
        .annotate(seen=Sum("views"))
        .group_by("day", "mode")
        .values_list("day", "mode", "seen")
    )
    days: dict[date, DayFigures] = {}
    for day, mode, seen in sorted(rows):
        days.setdefault(day, DayFigures(day)).add(Mode(mode), seen)
    counted = (
        await Visit.filter(
            day__gte=period.first, day__lte=period.last, counted_at__isnull=False, is_late=False
        )
        .annotate(viewers=Count("day_viewer", distinct=True))
        .group_by("day")
        .values_list("day", "viewers")
    )
    viewers: Mapping[date, int] = dict(counted)
    since = await visits_kept_since()
    for each in days.values():
        if since is None or each.day >= since:
            each.viewers = viewers.get(each.day)
    return list(days.values())


async def visits_kept_since() -> date | None:
    """The first day of which every visit is kept, which is that of the raw log; None while there is none."""
    first = await Beacon.all().order_by("id").only("received_at").first()
    return first.received_at.astimezone(CHINA).date() if first else None
