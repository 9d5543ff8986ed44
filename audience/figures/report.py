"""The figures of a period: per lecture (主讲单位) and 收看单位, and their totals. Never ranked, nobody named.

Views are visits begun in the period, whichever year's lecture. 集中收看 stands apart and is never added to them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q
from tortoise.functions import Max, Sum

from accounts.queries import units as all_units
from audience.counting.definition import Definition
from audience.counting.visits import Mode
from audience.figures.definitions import definitions
from audience.figures.periods import Period
from audience.figures.sealed import sealed_months
from audience.models import DayViews, GroupViewing, MinuteViewers
from core.clock import CHINA
from schedules.models import Broadcast
from schedules.states import COUNTED_AS_LIVE, PlanState
from streaming.models import Publication


@dataclass(slots=True)
class UnitFigures:
    """Of one 收看单位; unit is its code, None for 社会公众."""

    unit: str | None
    live: int = 0
    replay: int = 0
    group_sessions: int = 0
    group_people: int = 0

    @property
    def online(self) -> int:
        return self.live + self.replay

    def add(self, other: "UnitFigures") -> None:
        self.live += other.live
        self.replay += other.replay
        self.group_sessions += other.group_sessions
        self.group_people += other.group_people


@dataclass(slots=True)
class LectureFigures:
    """host: code of the 主讲单位, by its name at the time. peak: most live viewers in one minute.

    is_live_lecture: it counts as 直播普法 in this period. late: 补计, in no other figure.
    """

    number: str
    title: str
    host: str
    host_name: str
    start: datetime | None
    is_live_lecture: bool
    peak: int = 0
    late: int = 0
    units: list[UnitFigures] = field(default_factory=list)

    @property
    def total(self) -> UnitFigures:
        return total_of(self.units)


@dataclass(frozen=True, slots=True)
class Report:
    """sealed: every month of the period is. definition: the one that held on its last day."""

    period: Period
    definition: Definition
    sealed: bool
    lectures: list[LectureFigures]

    @property
    def total(self) -> UnitFigures:
        return total_of(lecture.total for lecture in self.lectures)

    @property
    def live_lectures(self) -> int:
        return sum(lecture.is_live_lecture for lecture in self.lectures)

    @property
    def late(self) -> int:
        return sum(lecture.late for lecture in self.lectures)

    def by_unit(self) -> list[UnitFigures]:
        """Over all lectures, in the order in which units stand in them."""
        sums: dict[str | None, UnitFigures] = {}
        for lecture in self.lectures:
            for figures in lecture.units:
                sums.setdefault(figures.unit, UnitFigures(figures.unit)).add(figures)
        return list(sums.values())


def total_of(figures: Iterable[UnitFigures]) -> UnitFigures:
    total = UnitFigures(None)
    for each in figures:
        total.add(each)
    return total


async def report_of(period: Period) -> Report:
    """Everything of the period, lectures in the order of their start, units in the official order."""
    views = (
        await DayViews.filter(day__gte=period.first, day__lte=period.last)
        .annotate(seen=Sum("views"), too_late=Sum("late"))
        .group_by("broadcast_id", "mode", "unit_code")
        .values_list("broadcast_id", "mode", "unit_code", "seen", "too_late")
    )
    groups = await GroupViewing.filter(
        replaced_at__isnull=True, is_late=False, watched_on__gte=period.first, watched_on__lte=period.last
    )
    watched = {row[0] for row in views} | {group.broadcast_id for group in groups}
    lectures = await _lectures(period, watched)
    definition = (await definitions())(period.last)
    seconds = await _seconds_on_air([lecture.id for lecture in lectures])
    peaks = await _peaks([lecture.id for lecture in lectures])
    figures: defaultdict[UUID, dict[str, UnitFigures]] = defaultdict(dict)
    late: defaultdict[UUID, int] = defaultdict(int)
    for broadcast_id, mode, code, seen, too_late in views:
        late[broadcast_id] += too_late
        if seen:
            of_unit = figures[broadcast_id].setdefault(code, UnitFigures(code or None))
            if Mode(mode) is Mode.LIVE:
                of_unit.live += seen
            else:
                of_unit.replay += seen
    for group in groups:
        of_unit = figures[group.broadcast_id].setdefault(group.unit_id, UnitFigures(group.unit_id))
        of_unit.group_sessions += group.sessions
        of_unit.group_people += group.people
    place = {unit.code: place for place, unit in enumerate(await all_units())}
    made = [
        LectureFigures(
            number=lecture.number,
            title=lecture.title,
            host=lecture.unit_id,
            host_name=lecture.unit_name or lecture.unit.name,
            start=lecture.first_live_at or lecture.starts_at,
            is_live_lecture=_counts_as_live(lecture, period, seconds.get(lecture.id, 0.0), definition),
            peak=peaks.get(lecture.id, 0),
            late=late[lecture.id],
            units=sorted(figures[lecture.id].values(), key=lambda each: _order(each.unit, place)),
        )
        for lecture in lectures
    ]
    return Report(period, definition, period.months() <= await sealed_months(), made)


def _order(code: str | None, place: dict[str, int]) -> tuple[int, int, str]:
    """The official order; then codes that are no unit's any more, then 社会公众."""
    if code is None:
        return (2, 0, "")
    return (0, place[code], "") if code in place else (1, 0, code)


async def _lectures(period: Period, watched: set[UUID]) -> list[Broadcast]:
    given = Q(first_live_at__gte=period.begins, first_live_at__lt=period.ends)
    rows = Broadcast.filter(plan_state=PlanState.SCHEDULED, is_sample=False)
    found = await rows.filter(given | Q(id__in=watched) if watched else given).prefetch_related("unit")
    return sorted(
        found, key=lambda each: (each.first_live_at or each.starts_at or period.begins, each.number)
    )


async def _seconds_on_air(ids: list[UUID]) -> dict[UUID, float]:
    if not ids:
        return {}
    rows = (
        await Publication.filter(broadcast_id__in=ids)
        .annotate(total=Sum("received_seconds"))
        .group_by("broadcast_id")
        .values_list("broadcast_id", "total")
    )
    return {row[0]: float(row[1] or 0) for row in rows}


async def _peaks(ids: list[UUID]) -> dict[UUID, int]:
    if not ids:
        return {}
    rows = (
        await MinuteViewers.filter(broadcast_id__in=ids)
        .annotate(most=Max("viewers"))
        .group_by("broadcast_id")
        .values_list("broadcast_id", "most")
    )
    return {row[0]: int(row[1] or 0) for row in rows}


def _counts_as_live(lecture: Broadcast, period: Period, seconds: float, definition: Definition) -> bool:
    return (
        lecture.first_live_at is not None
        and period.first <= lecture.first_live_at.astimezone(CHINA).date() <= period.last
        and lecture.delivery in COUNTED_AS_LIVE
        and seconds >= definition.live_minutes * 60
    )
