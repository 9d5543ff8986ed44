"""年度总览: lectures, units, views and 集中收看 of a year on one page that prints on A4; and as files."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role, UnitKind
from audience.exports.period_paper import period_paper
from audience.exports.sheets import Paper
from audience.figures.comparison import change_words
from audience.figures.days import DayFigures, days_of
from audience.figures.definition_text import NOTE
from audience.figures.periods import Period
from audience.figures.report import report_of
from audience.figures.sentences import coverage_sentence, period_words, report_sentence
from audience.figures.year import PeriodFigures, UnitLine, period_figures
from audience.pages.paper_files import paper_file
from audience.pages.statistics_access import (
    PLACE,
    READERS,
    month_in,
    today_of,
    year_in,
    years_with_figures,
)
from core.web.desk_nav import DeskPlace
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import redirect, render

KINDS = {UnitKind.DEPARTMENT: "州级单位", UnitKind.COUNTY: "县（市）"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the figures at the top. before: that of the year before, in words. defined: what it counts."""

    name: str
    value: int
    unit: str
    before: str
    defined: str
    is_reported: bool = False
    """单位填报: stands apart from what was counted."""


@dataclass(frozen=True, slots=True)
class UnitTable:
    heading: str
    units: list[UnitLine]


@dataclass(frozen=True, slots=True)
class PeriodPage:
    """path: of the page; files hang on it. years: those one can turn to. month: None on the page of a year.
    days: of the page of a month, else empty.
    """

    title: str
    path: str
    year: int
    years: list[int]
    month: date | None
    today: date
    when: str
    figures: PeriodFigures
    tiles: list[Figure]
    sentences: list[str]
    tables: list[UnitTable]
    note: str
    chart_words: str
    days: list[DayFigures]


async def present(request: Request) -> Response:
    visitor = await require_role(request, *READERS, Role.LIAISON)
    year = today_of(request).year
    return redirect(request, f"{PLACE}/unit/{year}" if visitor.role == Role.LIAISON else f"{PLACE}/{year}")


async def month_before(request: Request) -> Response:
    """Of the month that ended last: what the bureau reports in these days."""
    await require_role(request, *READERS)
    month = today_of(request).replace(day=1) - timedelta(days=1)
    return redirect(request, f"{PLACE}/{month.year}/{month.month}")


async def year_page(request: Request) -> Response:
    await require_role(request, *READERS)
    year = year_in(request)
    page = await _page(request, Period.of_year(year), f"{year}年 年度总览", f"{PLACE}/{year}", None)
    return await render(request, "audience/year_figures.html", page)


async def month_page(request: Request) -> Response:
    await require_role(request, *READERS)
    month = month_in(request)
    title, path = f"{month.year}年{month.month}月 收看小结", f"{PLACE}/{month.year}/{month.month}"
    page = await _page(request, Period.of_month(month), title, path, month)
    return await render(request, "audience/month_figures.html", page)


async def year_file(request: Request) -> Response:
    visitor = await require_role(request, *READERS)
    year = year_in(request)
    paper = await _paper(request, Period.of_year(year), f"{year}年")
    return await paper_file(request, visitor, paper, request.path_params["kind"])


async def month_file(request: Request) -> Response:
    visitor = await require_role(request, *READERS)
    month = month_in(request)
    period = Period.of_month(month)
    paper = await _paper(request, period, f"{month.year}年{month.month}月", await days_of(period))
    return await paper_file(request, visitor, paper, request.path_params["kind"])


async def _paper(request: Request, period: Period, when: str, days: Sequence[DayFigures] = ()) -> Paper:
    kit = kit_of(request)
    figures, report = await period_figures(period, today_of(request)), await report_of(period)
    title = f"{when}{kit.settings.site_name}收看统计"
    return await asyncio.to_thread(
        period_paper, figures, report, title=title, made_at=kit.clock.now(), days=days
    )


async def _page(request: Request, period: Period, title: str, path: str, month: date | None) -> PeriodPage:
    today = today_of(request)
    figures = await period_figures(period, today)
    told, when = figures.told, period_words(period, today)
    return PeriodPage(
        title=title,
        path=path,
        year=period.first.year,
        years=await years_with_figures(today),
        month=month,
        today=today,
        when=when,
        figures=figures,
        tiles=_tiles(figures),
        sentences=[each for each in (report_sentence(when, told), coverage_sentence(when, told)) if each],
        tables=[
            UnitTable(heading, [unit for unit in figures.units if unit.kind is kind])
            for kind, heading in KINDS.items()
        ],
        note=NOTE,
        chart_words=_chart_words(figures),
        days=await days_of(period) if month else [],
    )


def _tiles(figures: PeriodFigures) -> list[Figure]:
    told, before, rule = figures.told, figures.before.told, figures.before.rule
    definition = figures.definition
    views = f"满 {definition.visit_seconds} 秒计 1 人次"

    def earlier(now: int, then: int) -> str:
        if not rule.holds:
            return ""
        change = change_words(now, then, rule)
        return f"上年同期 {then:,}" + (f"，{change}" if change else "")

    return [
        Figure(
            "直播普法",
            told.lectures,
            "次",
            earlier(told.lectures, before.lectures),
            f"播出满 {definition.live_minutes} 分钟的直播",
        ),
        Figure("收看单位", told.covered, f"家，共 {told.of_units} 家", "", "有人收看或者组织了集中收看"),
        Figure("直播收看", told.live, "人次", earlier(told.live, before.live), views),
        Figure("回看", told.replay, "人次", earlier(told.replay, before.replay), f"结束以后看的，{views}"),
        Figure(
            "线上收看合计",
            told.live + told.replay,
            "人次",
            earlier(told.live + told.replay, before.live + before.replay),
            "直播收看加回看",
        ),
        Figure(
            "集中收看",
            told.group_people,
            f"人，{told.group_sessions:,} 场",
            earlier(told.group_people, before.group_people),
            "单位填报，不与线上相加",
            is_reported=True,
        ),
    ]


def _chart_words(figures: PeriodFigures) -> str:
    """What the chart shows, for whoever does not see it."""
    counted = [month for month in figures.months if month.online]
    if not counted:
        return "柱状图：各月直播收看和回看人次。还没有数字。"
    words = "，".join(f"{month.month.month}月{month.online:,}人次" for month in counted)
    return f"柱状图：各月直播收看和回看人次，叠在一起。{words}。详见图下的表。"


FILES = "{kind:str}"

desk_places = [
    DeskPlace(PLACE, "chart-column", "收看统计", (*READERS, Role.LIAISON), "figures"),
    DeskPlace(PLACE + "/month", "calendar-check", "上月小结", READERS, "figures"),
]

routes = [
    Route(PLACE, present),
    Route(PLACE + "/month", month_before),
    Route(PLACE + "/{year:int}", year_page),
    Route(PLACE + "/{year:int}." + FILES, year_file),
    Route(PLACE + "/{year:int}/{month:int}", month_page),
    Route(PLACE + "/{year:int}/{month:int}." + FILES, month_file),
]
