"""调整一期: another day, time or unit for a draft; each choice shows what stands against it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.clock import CHINA
from core.errors import Conflict, Invalid, NotFound
from core.web.actors import actor_of
from core.web.forms import Form, read_form
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from core.web.text import zh_datetime
from schedules.models import Broadcast
from schedules.pages.year import PLACE, WRITERS, year_of
from schedules.planning.choices import choices_of_day, choices_of_unit, surroundings
from schedules.planning.move_view import (
    DayCell,
    MonthLink,
    Remark,
    UnitGroup,
    day_cells,
    month_link,
    neighbours,
    remarks,
    unit_groups,
)
from schedules.planning.moves import ChangedMeanwhile, move
from schedules.planning.year_queries import FIRST_YEAR, LAST_YEAR
from schedules.planning.year_view import YearLecture, year_lecture
from schedules.queries import by_number
from schedules.rota.slots import days_of_month
from schedules.states import PlanState


class MoveForm(BaseModel):
    day: dt.date = Field(title="日期")
    time: dt.time = Field(title="时间")
    unit: str = Field(title="单位", max_length=16)
    version: int = Field(title="版本", ge=0)
    lecture: UUID = Field(title="期次")


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen on the page at the moment."""

    day: dt.date
    time: dt.time
    unit: str


@dataclass(frozen=True, slots=True)
class MovePage:
    """common: what is to be known of every day of the month; remarks: of single ones. errors: by field, `start` or
    `unit`. conflict: what somebody else has done meanwhile.
    """

    year: int
    lecture: YearLecture
    lecture_id: UUID
    current_unit: str
    choice: Choice
    month: MonthLink
    earlier: MonthLink
    later: MonthLink
    days: list[DayCell]
    common: list[str]
    remarks: list[Remark]
    units: list[UnitGroup]
    conflict: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToldPage:
    """why: it is no draft any more, and what to use instead."""

    year: int
    lecture: YearLecture
    why: str


async def page(request: Request) -> Response:
    await require_role(request, *WRITERS)
    await year_of(request)
    row = await by_number(request.path_params["number"])
    if row.plan_state is not PlanState.DRAFT:
        told = ToldPage(_year(row, request), year_lecture(row), _told(row))
        return await render(request, "schedules/year_told.html", told, status=409)
    return await _page(request, row, _asked(request, row), _month_asked(request))


async def save(request: Request) -> Response:
    visitor = await require_role(request, *WRITERS)
    kit = kit_of(request)
    await year_of(request)
    form = await read_form(request, MoveForm)
    if form.data is None:
        return await _again(request, form)
    wanted = form.data
    try:
        moved = await move(
            request.path_params["number"],
            start=datetime.combine(wanted.day, wanted.time, CHINA),
            unit_code=wanted.unit,
            version=wanted.version,
            by=actor_of(visitor),
            now=kit.clock.now(),
            settings=kit.settings,
        )
    except (ChangedMeanwhile, NotFound) as other:
        return await _after_another(request, wanted, other.message)
    except Invalid as invalid:
        row = await _draft(request)
        return await _page(request, row, _chosen(wanted), errors=invalid.fields, status=422)
    start = moved.starts_at
    response = redirect(request, f"{PLACE}/{_year(moved, request)}")
    when = zh_datetime(start) if start else "时间待定"
    say(request, response, "done", f"{moved.number} 已定为{when}，{moved.unit.name}。")
    return response


async def _after_another(request: Request, wanted: MoveForm, message: str) -> Response:
    """Somebody else was quicker: their change is shown beside what this visitor chose, and nothing is saved."""
    row = await Broadcast.get_or_none(id=wanted.lecture).prefetch_related("unit")
    if row is None:
        raise Conflict(f"{message} 这一期已经不在了：可能重新生成过，或撤销了生成。请回到全年排期看。")
    _check_draft(row)
    if row.number != request.path_params["number"]:
        message = f"这一期刚刚被别人改过，编号现在是 {row.number}。"
    return await _page(request, row, _chosen(wanted), conflict=message, status=409)


async def _again(request: Request, form: Form[MoveForm]) -> Response:
    row = await _draft(request)
    errors = {"unit" if name == "unit" else "start": text for name, text in form.errors.items()}
    return await _page(request, row, _current(row), errors=errors, status=422)


async def _page(
    request: Request,
    row: Broadcast,
    choice: Choice,
    month: tuple[int, int] | None = None,
    *,
    conflict: str = "",
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    kit = kit_of(request)
    now, settings = kit.clock.now(), kit.settings
    shown = year_lecture(row)
    year, number = month or (choice.day.year, choice.day.month)
    judged = [choice.day, *days_of_month(year, number)]
    around = await surroundings(row, judged, now=now, settings=settings)
    days, common = day_cells(choices_of_day(around, choice.unit, year, number))
    earlier, later = neighbours(year, number)
    found = MovePage(
        year=_year(row, request),
        lecture=shown,
        lecture_id=row.id,
        current_unit=row.unit_id,
        choice=choice,
        month=month_link(year, number),
        earlier=earlier,
        later=later,
        days=days,
        common=common,
        remarks=remarks(days),
        units=unit_groups(choices_of_unit(around, choice.day), row.unit.kind),
        conflict=conflict,
        errors=errors or {},
    )
    return await render(request, "schedules/year_move.html", found, status=status)


async def _draft(request: Request) -> Broadcast:
    """Raises NotFound, and Conflict for one that was told to its unit."""
    row = await by_number(request.path_params["number"])
    _check_draft(row)
    return row


def _check_draft(row: Broadcast) -> None:
    if row.plan_state is not PlanState.DRAFT:
        raise Conflict(_told(row))


def _told(row: Broadcast) -> str:
    return f"{row.number} 已经下达，不能再直接调整；请用“延期”改时间，用“调换”换单位。"


def _current(row: Broadcast) -> Choice:
    start = (row.starts_at or row.created_at).astimezone(CHINA)
    return Choice(start.date(), start.time().replace(second=0, microsecond=0), row.unit_id)


def _chosen(wanted: MoveForm) -> Choice:
    return Choice(wanted.day, wanted.time, wanted.unit)


def _asked(request: Request, row: Broadcast) -> Choice:
    """The present day, time and unit, with what the address asks for instead, where that makes sense."""
    current = _current(row)
    asked = request.query_params
    try:
        start = datetime.fromisoformat(asked["start"]) if "start" in asked else None
        day = start.date() if start else dt.date.fromisoformat(asked.get("day", current.day.isoformat()))
        time = start.time() if start else dt.time.fromisoformat(asked.get("time", f"{current.time:%H:%M}"))
    except ValueError:
        return current
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return current
    return Choice(day, time.replace(second=0, microsecond=0, tzinfo=None), asked.get("unit", current.unit))


def _month_asked(request: Request) -> tuple[int, int] | None:
    """Raises NotFound."""
    asked = request.query_params.get("month")
    if not asked:
        return None
    try:
        day = dt.date.fromisoformat(f"{asked}-01")
    except ValueError:
        raise NotFound from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NotFound
    return day.year, day.month


def _year(row: Broadcast, request: Request) -> int:
    year: int = request.path_params["year"]
    return row.starts_at.astimezone(CHINA).year if row.starts_at else year


routes = [
    Route(PLACE + "/{year:int}/lectures/{number}", page, methods=["GET"]),
    Route(PLACE + "/{year:int}/lectures/{number}", save, methods=["POST"]),
]
