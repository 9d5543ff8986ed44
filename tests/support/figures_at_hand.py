"""Figures of a year without a database, for papers and their files."""

from datetime import UTC, date, datetime

from accounts.models import UnitKind
from audience.counting.definition import FIRST
from audience.figures.comparison import Comparable
from audience.figures.periods import Period
from audience.figures.report import LectureFigures, Report, UnitFigures
from audience.figures.sentences import Told
from audience.figures.year import Before, LectureLine, MonthFigures, PeriodFigures, UnitLine
from audience.models import EarlierYear

MADE_AT = datetime(2027, 1, 12, 2, tzinfo=UTC)
DIGEST = "5f" * 32
NASTY = "=1+2 欠薪怎么办"


def figures_of_2026(title: str = NASTY) -> tuple[PeriodFigures, Report]:
    """Two lectures, three units of which the second of the order was watched most, one sealed month."""
    first = LectureFigures(
        number="2026-11-1",
        title=title,
        host="520013",
        host_name="州司法局",
        start=datetime(2026, 11, 12, 7, tzinfo=UTC),
        is_live_lecture=True,
        peak=321,
        late=2,
        units=[
            UnitFigures("520013", 12, 3, 1, 35),
            UnitFigures("522701", 900, 80),
            UnitFigures(None, 70, 5),
        ],
    )
    second = LectureFigures(
        number="2026-11-2",
        title="食品安全小作坊",
        host="522701",
        host_name="都匀市",
        start=datetime(2026, 11, 26, 7, tzinfo=UTC),
        is_live_lecture=True,
        units=[UnitFigures("522701", 18, 0)],
    )
    report = Report(Period.of_year(2026), FIRST, False, [first, second])
    months = [MonthFigures(date(2026, month, 1)) for month in range(1, 13)]
    november = months[10]
    november.lectures, november.live, november.replay, november.late = 2, 1000, 88, 2
    november.group_sessions, november.group_people = 1, 35
    november.sealed_at, november.raw_sha256 = datetime(2026, 12, 7, 1, tzinfo=UTC), DIGEST
    by_unit = report.by_unit()
    units = [
        UnitLine(code, name, kind, hosted, by_unit.get(code, UnitFigures(code)))
        for code, name, kind, hosted in (
            ("520013", "州司法局", UnitKind.DEPARTMENT, 1),
            ("520014", "州财政局", UnitKind.DEPARTMENT, 0),
            ("522701", "都匀市", UnitKind.COUNTY, 1),
        )
    ]
    figures = PeriodFigures(
        period=report.period,
        definition=FIRST,
        lectures=[
            LectureLine(
                number=each.number,
                title=each.title,
                host=each.host,
                host_name=each.host_name,
                start=each.start,
                is_live_lecture=each.is_live_lecture,
                peak=each.peak,
                total=each.total,
            )
            for each in report.lectures
        ],
        total=report.total,
        late=report.late,
        months=months,
        units=units,
        public=by_unit[None],
        before=Before(Period.of_year(2025), Told(0, 0, 0, 0, 0), Comparable("上年没有计数")),
        earlier=[
            EarlierYear(year=2022, lectures=24, views=20_000, is_at_least=True, source="黔南日报2022年报道")
        ],
        late_groups=1,
    )
    return figures, report
