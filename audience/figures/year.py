"""年度总览 and monthly summary: the figures of a period with its months and units. Official order, never ranked."""

from dataclasses import dataclass
from datetime import date, datetime

from tortoise.functions import Sum

from accounts.models import Unit, UnitKind
from accounts.queries import units as all_units
from audience.counting.definition import definition_on, versions_within
from audience.counting.visits import Mode
from audience.figures.comparison import Comparable, comparable, year_before
from audience.figures.definitions import versions
from audience.figures.group_figures import groups_of, late_groups_of
from audience.figures.lectures import counts_as_live, lectures_of, seconds_on_air
from audience.figures.periods import Period
from audience.figures.report import Report, UnitFigures, report_of
from audience.figures.sentences import Told
from audience.models import DayViews, EarlierYear, MonthSeal
from core.clock import CHINA


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
    """units: in the official order, retired ones where they have a part in it. public: 社会公众.

    late_groups: reports of 集中收看 under 补计. earlier: years as they were reported before the platform counted.
    """

    report: Report
    months: list[MonthFigures]
    units: list[UnitLine]
    public: UnitFigures
    before: Before
    earlier: list[EarlierYear]
    late_groups: int

    @property
    def told(self) -> Told:
        total = self.report.total
        return Told(
            lectures=self.report.live_lectures,
            live=total.live,
            replay=total.replay,
            group_sessions=total.group_sessions,
            group_people=total.group_people,
            covered=sum(unit.took_part for unit in self.units),
            of_units=len(self.units),
        )

    @property
    def hosts(self) -> int:
        """主讲单位 of the lectures that count."""
        return len({each.host for each in self.report.lectures if each.is_live_lecture})


async def year_figures(year: int, today: date) -> PeriodFigures:
    """today: of China; the year before is looked at up to the same day."""
    return await period_figures(Period.of_year(year), today)


async def period_figures(period: Period, today: date) -> PeriodFigures:
    report = await report_of(period)
    by_unit = report.by_unit()
    lines = [
        UnitLine(
            unit.code,
            unit.name,
            unit.kind,
            sum(each.is_live_lecture and each.host == unit.code for each in report.lectures),
            by_unit.get(unit.code, UnitFigures(unit.code)),
        )
        for unit in await all_units()
        if _belongs(unit, min(today, period.last), period, by_unit)
    ]
    return PeriodFigures(
        report=report,
        months=await _months(period, report),
        units=lines,
        public=by_unit.get(None, UnitFigures(None)),
        before=await _before(period, today),
        earlier=await EarlierYear.filter(year__lt=period.first.year).order_by("-year"),
        late_groups=len(await late_groups_of(period)),
    )


def _belongs(unit: Unit, day: date, period: Period, by_unit: dict[str | None, UnitFigures]) -> bool:
    if unit.retired_on is None or unit.retired_on > day:
        return True
    return unit.retired_on > period.first or unit.code in by_unit


async def _months(period: Period, report: Report) -> list[MonthFigures]:
    months = {month: MonthFigures(month) for month in sorted(period.months())}
    rows = (
        await DayViews.filter(day__gte=period.first, day__lte=period.last)
        .annotate(seen=Sum("views"), too_late=Sum("late"))
        .group_by("day", "mode")
        .values_list("day", "mode", "seen", "too_late")
    )
    for day, mode, seen, too_late in rows:
        month = months[day.replace(day=1)]
        month.late += too_late
        if Mode(mode) is Mode.LIVE:
            month.live += seen
        else:
            month.replay += seen
    for group in await groups_of(period):
        month = months[group.watched_on.replace(day=1)]
        month.group_sessions += group.sessions
        month.group_people += group.people
    for lecture in report.lectures:
        if lecture.is_live_lecture and lecture.start is not None:
            months[lecture.start.astimezone(CHINA).date().replace(day=1)].lectures += 1
    for seal in await MonthSeal.filter(month__in=list(months)).only("month", "sealed_at", "raw_sha256"):
        months[seal.month].sealed_at = seal.sealed_at
        months[seal.month].raw_sha256 = seal.raw_sha256
    return list(months.values())


async def _before(period: Period, today: date) -> Before:
    days = Period(period.first, min(period.last, max(today, period.first)))
    before = year_before(days)
    rows = (
        await DayViews.filter(day__gte=before.first, day__lte=before.last)
        .annotate(seen=Sum("views"))
        .group_by("mode")
        .values_list("mode", "seen")
    )
    views = {Mode(mode): seen or 0 for mode, seen in rows}
    known = await versions()
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
