"""指定、缺席和静默期: what the bureau tells the rota before it plans a year."""

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Unit, UnitKind
from accounts.queries import units
from core.audit import Actor
from core.errors import DomainError, Invalid, NotFound
from core.web.actors import actor_of
from core.web.desk_nav import DeskPlace
from core.web.forms import Form, FormModel, read_form
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from schedules.models.rota import QuietDays, RotaAbsence, RotaPin
from schedules.pages.year import READERS, WRITERS
from schedules.planning import rules as planning_rules

PLACE = "/desk/rota"
LARGEST_ID = 2**31 - 1


class PinForm(BaseModel):
    pin_unit: str = Field(title="单位")
    pin_month: int = Field(title="月份", ge=1, le=12)
    pin_day: int | None = Field(None, title="日", ge=1, le=31)
    pin_year: int | None = Field(None, title="年份", ge=2020, le=2100)
    pin_note: str = Field("", title="说明", max_length=planning_rules.LONGEST_NOTE)


class AbsenceForm(BaseModel):
    absence_unit: str = Field(title="单位")
    absence_first: dt.date = Field(title="从哪一天")
    absence_last: dt.date = Field(title="到哪一天")
    absence_reason: str = Field("", title="原因", max_length=planning_rules.LONGEST_NOTE)


class QuietForm(BaseModel):
    quiet_first: dt.date = Field(title="从哪一天")
    quiet_last: dt.date = Field(title="到哪一天")
    quiet_reason: str = Field("", title="原因", max_length=planning_rules.LONGEST_NOTE)


@dataclass(frozen=True, slots=True)
class RulesPage:
    """Units: those that take turns, for the forms; forms as they were filled in."""

    pins: list[RotaPin]
    absences: list[RotaAbsence]
    quiet: list[QuietDays]
    departments: list[Unit]
    counties: list[Unit]
    may_plan: bool
    pin_form: Form[PinForm]
    absence_form: Form[AbsenceForm]
    quiet_form: Form[QuietForm]


async def page(request: Request) -> Response:
    await require_role(request, *READERS)
    return await _page(request)


async def add_pin(request: Request) -> Response:
    async def add(data: PinForm, by: Actor, now: datetime) -> str:
        pin = await planning_rules.add_pin(
            data.pin_unit,
            month=data.pin_month,
            day=data.pin_day,
            year=data.pin_year,
            note=data.pin_note,
            by=by,
            now=now,
            settings=kit_of(request).settings,
        )
        return f"已指定{pin.unit.name}在{pin.month}月开讲，下次生成时照办。"

    form = await _added(request, PinForm, "pin", add)
    return await _page(request, pin_form=form) if isinstance(form, Form) else form


async def add_absence(request: Request) -> Response:
    async def add(data: AbsenceForm, by: Actor, now: datetime) -> str:
        row = await planning_rules.add_absence(
            data.absence_unit,
            data.absence_first,
            data.absence_last,
            reason=data.absence_reason,
            by=by,
            now=now,
        )
        return f"已记下{row.unit.name}这段时间不能轮值，下次生成时绕开。"

    form = await _added(request, AbsenceForm, "absence", add)
    return await _page(request, absence_form=form) if isinstance(form, Form) else form


async def add_quiet(request: Request) -> Response:
    async def add(data: QuietForm, by: Actor, now: datetime) -> str:
        await planning_rules.add_quiet_days(
            data.quiet_first, data.quiet_last, reason=data.quiet_reason, by=by, now=now
        )
        return "已加静默期，下次生成时绕开；已经排在里面的期次，会在全年排期里列出来。"

    form = await _added(request, QuietForm, "quiet", add)
    return await _page(request, quiet_form=form) if isinstance(form, Form) else form


Removal = Callable[[Request], Awaitable[Response]]


def removing(remove: Callable[..., Awaitable[None]]) -> Removal:
    """The page function that removes a row by its id."""

    async def handle(request: Request) -> Response:
        visitor = await require_role(request, *WRITERS)
        number: int = request.path_params["id"]
        if number > LARGEST_ID:
            raise NotFound
        await remove(number, by=actor_of(visitor), now=kit_of(request).clock.now())
        response = redirect(request, PLACE)
        say(request, response, "done", "已删去。已经排好的期次不受影响。")
        return response

    return handle


async def _added(
    request: Request,
    model: type[FormModel],
    prefix: str,
    add: Callable[[FormModel, Actor, datetime], Awaitable[str]],
) -> Response | Form[FormModel]:
    """The answer when it was added, else the form with its faults. prefix: of its fields, three forms to a page."""
    visitor = await require_role(request, *WRITERS)
    form = await read_form(request, model)
    if form.data is not None:
        try:
            said = await add(form.data, actor_of(visitor), kit_of(request).clock.now())
        except Invalid as invalid:
            form.take(Invalid({f"{prefix}_{name}": text for name, text in invalid.fields.items()}))
        except DomainError as refused:
            form.take(Invalid({f"{prefix}_unit": refused.message}))
        else:
            response = redirect(request, PLACE)
            say(request, response, "done", said)
            return response
    return form


async def _page(
    request: Request,
    *,
    pin_form: Form[PinForm] | None = None,
    absence_form: Form[AbsenceForm] | None = None,
    quiet_form: Form[QuietForm] | None = None,
) -> Response:
    """With a form: one that could not be taken."""
    visitor = await require_role(request, *READERS)
    is_refused = pin_form or absence_form or quiet_form
    today = kit_of(request).clock.now().date()
    standing = [each for each in await units() if each.retired_on is None or each.retired_on > today]
    found = RulesPage(
        pins=await planning_rules.pins(),
        absences=await planning_rules.unit_absences(),
        quiet=await planning_rules.quiet_days(),
        departments=[each for each in standing if each.kind is UnitKind.DEPARTMENT],
        counties=[each for each in standing if each.kind is UnitKind.COUNTY],
        may_plan=visitor.role in WRITERS,
        pin_form=pin_form or Form(),
        absence_form=absence_form or Form(),
        quiet_form=quiet_form or Form(),
    )
    return await render(request, "schedules/rota_rules.html", found, status=422 if is_refused else 200)


routes = [
    Route(PLACE, page),
    Route(PLACE + "/pins", add_pin, methods=["POST"]),
    Route(PLACE + "/absences", add_absence, methods=["POST"]),
    Route(PLACE + "/quiet", add_quiet, methods=["POST"]),
    Route(PLACE + "/pins/{id:int}/remove", removing(planning_rules.remove_pin), methods=["POST"]),
    Route(PLACE + "/absences/{id:int}/remove", removing(planning_rules.remove_absence), methods=["POST"]),
    Route(PLACE + "/quiet/{id:int}/remove", removing(planning_rules.remove_quiet_days), methods=["POST"]),
]
desk_places = [DeskPlace(PLACE, "settings", "指定和静默期", READERS, "plan")]
