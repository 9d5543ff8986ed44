"""年度总览 and monthly summary: the figures of a period with its months and units. Official order, never ranked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from tortoise.functions import Sum
from tortoise.queryset import QuerySet

from accounts.models import Unit, UnitKind
from accounts.queries import units as all_units
from audience.counting.definition import Definition, definition_on, versions_within
from audience.counting.visits import Mode
from audience.figures.comparison import Comparable, comparable, year_before
from audience.figures.definitions import versions
from audience.figures.group_figures import GroupFigures, groups_of, late_groups_of
from audience.figures.lectures import counts_as_live, lectures_of, peaks, seconds_on_air
from audience.figures.month_of import MonthOf, first_day
from audience.figures.periods import Period
from audience.figures.report import UnitFigures, total_of
from audience.figures.sentences import Told
from audience.models import DayViews, EarlierYear, MonthSeal
from core.clock import CHINA


class Seen(NamedTuple):
    """Views of a lecture in a month (its first day). late: 补计, in no other figure."""

    month: date
    broadcast_id: UUID
    mode: str
    views: int
    late: int


@dataclass(slots=True)
class MonthFigures:
    """lectures: that count as 直播普法. late: 补计, in no other figure. seal: None while the month is not sealed."""

    month: date
    lectures: int = 0
    live: int = 0
    replay: int = 0
    group_sessions: int = 0
    group_people: int = 0
    late: int = 0
    sealed_at: datetime | None = None
    raw_sha256: str = ""

    @property
    def online(self) -> int:
        return self.live + self.replay

    @property
    def is_empty(self) -> bool:
        return not (self.lectures or self.online or self.group_sessions or self.late)


@dataclass(frozen=True, slots=True)
class LectureLine:
    """host: code of the 主讲单位, host_name as it was called then. is_live_lecture: it counts as 直播普法 of the
    period. total: of all 收看单位. peak: most live viewers in one minute.
    """

    number: str
    title: str
    host: str
    host_name: str
    start: datetime | None
    is_live_lecture: bool
    peak: int
    total: UnitFigures


@dataclass(frozen=True, slots=True)
class UnitLine:
    """hosted: lectures that it gave (主讲单位). figures: what was watched for it (收看单位)."""

    code: str
    name: str
    kind: UnitKind
    hosted: int
    figures: UnitFigures

    @property
    def took_part(self) -> bool:
        return bool(self.figures.online or self.figures.group_sessions)


@dataclass(frozen=True, slots=True)
class Before:
    """The same days of the year before, and whether they may be compared."""

    period: Period
    told: Told
    rule: Comparable


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """lectures: in the order of their start. units: in the official order, retired ones where they have a part in it.
    public: 社会公众. late, late_groups: 补计, visits and reports of 集中收看, in no other figure. earlier: years as
    they were reported before the platform counted.
    """

    period: Period
    definition: Definition
    lectures: list[LectureLine]
    total: UnitFigures
    late: int
    months: list[MonthFigures]
    units: list[UnitLine]
    public: UnitFigures
    before: Before
    earlier: list[EarlierYear]
    late_groups: int

    @property
    def live_lectures(self) -> int:
        return sum(each.is_live_lecture for each in self.lectures)

    @property
    def told(self) -> Told:
        return Told(
            lectures=self.live_lectures,
            live=self.total.live,
            replay=self.total.replay,
            group_sessions=self.total.group_sessions,
            group_people=self.total.group_people,
            covered=sum(unit.took_part for unit in self.units),
            of_units=len(self.units),
        )

    @property
    def hosts(self) -> int:
        """主讲单位 of the lectures that count."""
        return len({each.host for each in self.lectures if each.is_live_lecture})


async def year_figures(year: int, today: date) -> PeriodFigures:
    """today: of China; the year before is looked at up to the same day."""
    return await period_figures(Period.of_year(year), today)


async def period_figures(period: Period, today: date) -> PeriodFigures:
    """The same figures as report_of, summed up by lecture, unit and month in the database: its rows are many."""
    everyone = await all_units()
    known = await versions()
    definition = definition_on(period.last, known)
    groups = await groups_of(period)
    by_unit = await _by_unit(period, groups)
    seen = await _by_month_and_lecture(period)
    lectures = await _lectures(period, seen, groups, {unit.code: unit.name for unit in everyone}, definition)
    months = await _months(period, seen, groups, lectures)
    lines = [
        UnitLine(
            unit.code,
            unit.name,
            unit.kind,
            sum(each.is_live_lecture and each.host == unit.code for each in lectures),
            by_unit.get(unit.code, UnitFigures(unit.code)),
        )
        for unit in everyone
        if _belongs(unit, min(today, period.last), period, by_unit)
    ]
    return PeriodFigures(
        period=period,
        definition=definition,
        lectures=lectures,
        total=total_of(by_unit.values()),
        late=sum(month.late for month in months),
        months=months,
        units=lines,
        public=by_unit.get(None, UnitFigures(None)),
        before=await _before(period, today, known),
        earlier=await EarlierYear.filter(year__lt=period.first.year).order_by("-year"),
        late_groups=len(await late_groups_of(period)),
    )


async def _by_unit(period: Period, groups: list[GroupFigures]) -> dict[str | None, UnitFigures]:
    rows = (
        await _views_of(period)
        .annotate(seen=Sum("views"))
        .group_by("unit_code", "mode")
        .values_list("unit_code", "mode", "seen")
    )
    found: dict[str | None, UnitFigures] = {}
    for code, mode, seen in rows:
        if seen:
            _add(found.setdefault(code or None, UnitFigures(code or None)), mode, seen)
    for group in groups:
        _add_group(found.setdefault(group.unit, UnitFigures(group.unit)), group)
    return found


async def _by_month_and_lecture(period: Period) -> list[Seen]:
    """One walk over the sums of days, for lectures and months alike."""
    rows = (
        await _views_of(period)
        .annotate(month=MonthOf("day"), seen=Sum("views"), too_late=Sum("late"))
        .group_by("month", "broadcast_id", "mode")
        .values_list("month", "broadcast_id", "mode", "seen", "too_late")
    )
    return [Seen(first_day(month), *others) for month, *others in rows]


async def _lectures(
    period: Period,
    seen: list[Seen],
    groups: list[GroupFigures],
    names: dict[str, str],
    definition: Definition,
) -> list[LectureLine]:
    totals: dict[UUID, UnitFigures] = {}
    for each in seen:
        _add(totals.setdefault(each.broadcast_id, UnitFigures(None)), each.mode, each.views)
    for group in groups:
        _add_group(totals.setdefault(group.broadcast_id, UnitFigures(None)), group)
    found = await lectures_of(period, totals.keys())
    ids = [each.id for each in found]
    seconds, most = await seconds_on_air(ids), await peaks(ids)
    return [
        LectureLine(
            number=each.number,
            title=each.title,
            host=each.unit_id,
            host_name=each.unit_name or names[each.unit_id],
            start=each.first_live_at or each.starts_at,
            is_live_lecture=counts_as_live(each, period, seconds.get(each.id, 0.0), definition),
            peak=most.get(each.id, 0),
            total=totals.get(each.id, UnitFigures(None)),
        )
        for each in found
    ]


def _views_of(period: Period) -> QuerySet[DayViews]:
    return DayViews.filter(day__gte=period.first, day__lte=period.last)


def _add(figures: UnitFigures | MonthFigures, mode: str, views: int) -> None:
    if Mode(mode) is Mode.LIVE:
        figures.live += views
    else:
        figures.replay += views


def _add_group(figures: UnitFigures | MonthFigures, group: GroupFigures) -> None:
    figures.group_sessions += group.sessions
    figures.group_people += group.people


def _belongs(unit: Unit, day: date, period: Period, by_unit: dict[str | None, UnitFigures]) -> bool:
    if unit.retired_on is None or unit.retired_on > day:
        return True
    return unit.retired_on > period.first or unit.code in by_unit


async def _months(
    period: Period, seen: list[Seen], groups: list[GroupFigures], lectures: list[LectureLine]
) -> list[MonthFigures]:
    months = {month: MonthFigures(month) for month in sorted(period.months())}
    for each in seen:
        months[each.month].late += each.late
        _add(months[each.month], each.mode, each.views)
    for group in groups:
        _add_group(months[group.month], group)
    for lecture in lectures:
        if lecture.is_live_lecture and lecture.start is not None:
            months[lecture.start.astimezone(CHINA).date().replace(day=1)].lectures += 1
    for seal in await MonthSeal.filter(month__in=list(months)).only("month", "sealed_at", "raw_sha256"):
        months[seal.month].sealed_at = seal.sealed_at
        months[seal.month].raw_sha256 = seal.raw_sha256
    return list(months.values())


async def _before(period: Period, today: date, known: Sequence[Definition]) -> Before:
    days = Period(period.first, min(period.last, max(today, period.first)))
    before = year_before(days)
    rows = (
        await DayViews.filter(day__gte=before.first, day__lte=before.last)
        .annotate(seen=Sum("views"))
        .group_by("mode")
        .values_list("mode", "seen")
    )
    views = {Mode(mode): seen or 0 for mode, seen in rows}
    lectures = await lectures_of(before)
    seconds = await seconds_on_air([each.id for each in lectures])
    groups = await groups_of(before)
    told = Told(
        lectures=sum(
            counts_as_live(each, before, seconds.get(each.id, 0.0), definition_on(before.last, known))
            for each in lectures
        ),
        live=views.get(Mode.LIVE, 0),
        replay=views.get(Mode.REPLAY, 0),
        group_sessions=sum(each.sessions for each in groups),
        group_people=sum(each.people for each in groups),
    )
    held = {version for each in (before, days) for version in versions_within(each.first, each.last, known)}
    return Before(before, told, comparable(before, held, await _counted_since()))


async def _counted_since() -> date | None:
    first = await DayViews.all().order_by("day").first()
    return first.day if first else None
