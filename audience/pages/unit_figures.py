"""Figures of one unit: on its own desk what it gave and what its people watched; for officials what it has done."""

import asyncio
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Unit
from audience.exports.sheets import Paper
from audience.exports.unit_paper import hosted_total, unit_paper
from audience.figures.definition_text import NOTE
from audience.figures.duties import UnitDuties, unit_duties
from audience.figures.periods import Period
from audience.figures.report import LectureFigures, UnitFigures
from audience.figures.sentences import period_words, unit_sentence
from audience.pages.paper_files import paper_file
from audience.pages.statistics_access import PLACE, READERS, today_of, unit_in, year_in, years_with_figures
from core.errors import NotFound
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import render
from schedules.pages.access import require_liaison


@dataclass(frozen=True, slots=True)
class WatchedLine:
    """A lecture, and what of it was watched for this unit."""

    lecture: LectureFigures
    figures: UnitFigures


@dataclass(frozen=True, slots=True)
class UnitPage:
    """is_own: the unit's own liaison reads it. given: what everybody watched of the unit's lectures."""

    unit: Unit
    year: int
    years: list[int]
    path: str
    file: str
    today: date
    is_own: bool
    duties: UnitDuties
    given: UnitFigures
    own_lectures: list[LectureFigures]
    watched: list[WatchedLine]
    sentence: str
    note: str


async def own_unit(request: Request) -> Response:
    """Of the liaison's own unit; of no other."""
    _, code = await require_liaison(request)
    year = year_in(request)
    return await _page(request, await _own(code), f"{PLACE}/unit", f"{PLACE}/unit/{year}.xlsx", is_own=True)


async def own_file(request: Request) -> Response:
    visitor, code = await require_liaison(request)
    return await paper_file(request, visitor, await _paper(request, await _own(code)), "xlsx")


async def unit_page(request: Request) -> Response:
    await require_role(request, *READERS)
    unit, year = await unit_in(request), year_in(request)
    return await _page(
        request, unit, f"{PLACE}/units/{unit.code}", f"{PLACE}/units/{unit.code}/{year}.xlsx", is_own=False
    )


async def unit_file(request: Request) -> Response:
    visitor = await require_role(request, *READERS)
    return await paper_file(request, visitor, await _paper(request, await unit_in(request)), "xlsx")


async def _own(code: str) -> Unit:
    unit = await Unit.get_or_none(code=code)
    if unit is None:
        raise NotFound("没有这个单位。")
    return unit


async def _duties(request: Request, unit: Unit) -> UnitDuties:
    kit = kit_of(request)
    period = Period.of_year(year_in(request))
    return await unit_duties(unit, period, now=kit.clock.now(), settings=kit.settings)


async def _paper(request: Request, unit: Unit) -> Paper:
    kit = kit_of(request)
    duties = await _duties(request, unit)
    return await asyncio.to_thread(
        unit_paper, duties, year=year_in(request), site=kit.settings.site_name, made_at=kit.clock.now()
    )


async def _page(request: Request, unit: Unit, path: str, file: str, *, is_own: bool) -> Response:
    duties, today = await _duties(request, unit), today_of(request)
    given = hosted_total(duties)
    page = UnitPage(
        unit=unit,
        year=year_in(request),
        years=await years_with_figures(today),
        path=path,
        file=file,
        today=today,
        is_own=is_own,
        duties=duties,
        given=given,
        own_lectures=[each for each in duties.report.lectures if each.host == unit.code],
        watched=[
            WatchedLine(lecture, figures)
            for lecture in duties.report.lectures
            for figures in lecture.units
            if figures.unit == unit.code
        ],
        sentence=unit_sentence(
            period_words(duties.report.period, today),
            unit.name,
            duties.hosted,
            given.live,
            given.replay,
            duties.own,
        ),
        note=NOTE,
    )
    return await render(request, "audience/unit_figures.html", page)


routes = [
    Route(PLACE + "/unit/{year:int}", own_unit),
    Route(PLACE + "/unit/{year:int}.xlsx", own_file),
    Route(PLACE + "/units/{code}/{year:int}", unit_page),
    Route(PLACE + "/units/{code}/{year:int}.xlsx", unit_file),
]
