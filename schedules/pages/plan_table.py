"""排期表: the year's plan as a table to read, to print and to take away as xlsx or docx."""

import asyncio
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from core.clock import CHINA
from core.errors import NotFound
from core.web.desk_nav import DeskPlace
from core.web.downloads import download
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import redirect, render
from schedules.papers import plan_docx, plan_xlsx
from schedules.papers.plan_table import COLUMNS, PlanTable, plan_table, planned_lecture
from schedules.planning.year_queries import lectures_numbered_in, liaison_names, planned_years
from schedules.workdays.calendars import load_calendar

PLACE = "/desk/table"
SEES_DRAFTS = (Role.ADMINISTRATOR, Role.DUTY, Role.OFFICIAL, Role.AUDITOR)
READERS = (*SEES_DRAFTS, Role.LIAISON)


@dataclass(frozen=True, slots=True)
class TablePage:
    """years: those one can turn to."""

    year: int
    years: list[int]
    columns: tuple[str, ...]
    table: PlanTable


async def present(request: Request) -> Response:
    await require_role(request, *READERS)
    return redirect(request, f"{PLACE}/{kit_of(request).clock.now().astimezone(CHINA).year}")


async def page(request: Request) -> Response:
    year, table = await _table(request)
    years = await planned_years(kit_of(request).clock.now())
    return await render(request, "schedules/plan_table.html", TablePage(year, years, COLUMNS, table))


async def xlsx(request: Request) -> Response:
    _, table = await _table(request)
    body = await asyncio.to_thread(plan_xlsx.plan_xlsx, table)
    return download(body, f"{table.title}.xlsx", plan_xlsx.MEDIA_TYPE)


async def docx(request: Request) -> Response:
    _, table = await _table(request)
    body = await asyncio.to_thread(plan_docx.plan_docx, table, now=kit_of(request).clock.now())
    return download(body, f"{table.title}.docx", plan_docx.MEDIA_TYPE)


async def _table(request: Request) -> tuple[int, PlanTable]:
    """The year that was asked for. A unit sees what was told to the units, of all of them; drafts only the bureau
    and those who watch over it."""
    visitor = await require_role(request, *READERS)
    kit = kit_of(request)
    now = kit.clock.now()
    year: int = request.path_params["year"]
    if year not in await planned_years(now):
        raise NotFound(f"{year} 年还没有排期。")
    liaisons = await liaison_names()
    lectures = await lectures_numbered_in(year, drafts=visitor.role in SEES_DRAFTS)
    table = plan_table(
        year,
        [planned_lecture(each, liaisons.get(each.unit_id, ())) for each in lectures],
        site=kit.settings.site_name,
        printed_at=now,
        calendar_note=(await load_calendar([year])).note_of(year),
    )
    return year, table


routes = [
    Route(PLACE, present),
    Route(PLACE + "/{year:int}", page),
    Route(PLACE + "/{year:int}.xlsx", xlsx),
    Route(PLACE + "/{year:int}.docx", docx),
]
desk_places = [DeskPlace(PLACE, "printer", "排期表", READERS, "plan")]
