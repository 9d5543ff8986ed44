"""The figures of a period: per lecture (主讲单位) and 收看单位, and their totals. Never ranked, nobody named.

Views are visits begun in the period, whichever year's lecture. 集中收看 stands apart and is never added to them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tortoise.functions import Sum

from accounts.queries import units as all_units
from audience.counting.definition import Definition
from audience.counting.visits import Mode
from audience.figures.definitions import definitions
from audience.figures.group_figures import groups_of
from audience.figures.lectures import counts_as_live, lectures_of, peaks, seconds_on_air
from audience.figures.periods import Period
from audience.figures.sealed import sealed_months
from audience.models import DayViews


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

    def by_unit(self) -> dict[str | None, UnitFigures]:
        """Over all lectures, by the code of the 收看单位."""
        sums: dict[str | None, UnitFigures] = {}
        for lecture in self.lectures:
            for figures in lecture.units:
                sums.setdefault(figures.unit, UnitFigures(figures.unit)).add(figures)
        return sums


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
    groups = await groups_of(period)
    watched = {row[0] for row in views} | {group.broadcast_id for group in groups}
    lectures = await lectures_of(period, watched)
    definition = (await definitions())(period.last)
    seconds = await seconds_on_air([lecture.id for lecture in lectures])
    most = await peaks([lecture.id for lecture in lectures])
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
        of_unit = figures[group.broadcast_id].setdefault(group.unit, UnitFigures(group.unit))
        of_unit.group_sessions += group.sessions
        of_unit.group_people += group.people
    known = await all_units()
    place = {unit.code: place for place, unit in enumerate(known)}
    names = {unit.code: unit.name for unit in known}
    made = [
        LectureFigures(
            number=lecture.number,
            title=lecture.title,
            host=lecture.unit_id,
            host_name=lecture.unit_name or names[lecture.unit_id],
            start=lecture.first_live_at or lecture.starts_at,
            is_live_lecture=counts_as_live(lecture, period, seconds.get(lecture.id, 0.0), definition),
            peak=most.get(lecture.id, 0),
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
