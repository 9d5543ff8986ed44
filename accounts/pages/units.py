"""责任单位: the list, one unit with its names, and what an administrator changes of it."""

import asyncio
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role, Unit, UnitKind
from accounts.queries import units
from accounts.unit_names import former_names
from accounts.unit_rows import KIND_NAMES
from accounts.unit_workbook import MIME, roster_workbook
from accounts.units import (
    UnitDetails,
    change_unit,
    get_unit,
    rename_unit,
    restore_unit,
    retire_unit,
    takes_turns,
    today_of,
)
from core.errors import Conflict, Invalid
from core.web.actors import actor_of
from core.web.desk_nav import DeskPlace
from core.web.forms import Form, read_form
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import redirect, render, say

READERS = (Role.ADMINISTRATOR, Role.OFFICIAL, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class UnitLine:
    unit: Unit
    kind: str
    state: str
    """Empty while it takes turns."""


@dataclass(frozen=True, slots=True)
class UnitsPage:
    lines: list[UnitLine]
    in_use: int
    may_write: bool


class RenameForm(BaseModel):
    name: str = Field(title="新名称", max_length=200)
    since: dt.date = Field(title="从哪天起")


class DetailsForm(BaseModel):
    kind: UnitKind = Field(title="类别")
    display_order: int = Field(title="显示顺序")
    credit_code: str = Field("", title="统一社会信用代码", max_length=60)


class RetireForm(BaseModel):
    on: dt.date = Field(title="停用日期")
    merged_into: str = Field("", title="并入单位", max_length=16)


@dataclass(frozen=True, slots=True)
class UnitPage:
    """open_form: which of the forms had something wrong."""

    unit: Unit
    line: UnitLine
    former: list[tuple[str, date]]
    successors: list[Unit]
    kinds: Mapping[UnitKind, str]
    today: date
    may_write: bool
    rename: Form[RenameForm]
    details: Form[DetailsForm]
    retire: Form[RetireForm]


async def show_units(request: Request) -> Response:
    visitor = await require_role(request, *READERS)
    today = today_of(kit_of(request).clock.now())
    lines = [_line(unit, today) for unit in await _with_successors()]
    page = UnitsPage(
        lines=lines,
        in_use=sum(takes_turns(line.unit, today) for line in lines),
        may_write=visitor.role == Role.ADMINISTRATOR,
    )
    return await render(request, "accounts/units.html", page)


async def download(request: Request) -> Response:
    await require_role(request, *READERS)
    return await _workbook(await units(), "units.xlsx")


async def download_template(request: Request) -> Response:
    await require_role(request, *READERS)
    return await _workbook([], "units-template.xlsx")


async def show_unit(request: Request) -> Response:
    await require_role(request, *READERS)
    return await _unit_page(request)


async def rename(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    form = await read_form(request, RenameForm)
    if form.data is None:
        return await _unit_page(request, rename=form)
    try:
        unit = await rename_unit(
            request.path_params["code"],
            form.data.name,
            form.data.since,
            by=actor_of(visitor),
            now=kit_of(request).clock.now(),
        )
    except Invalid as invalid:
        form.take(invalid)
        return await _unit_page(request, rename=form)
    return _done(request, f"已改名为“{unit.name}”。以前讲的期次仍显示当时的名称。")


async def change(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    form = await read_form(request, DetailsForm)
    if form.data is None:
        return await _unit_page(request, details=form)
    details = UnitDetails(form.data.kind, form.data.display_order, form.data.credit_code)
    try:
        unit = await change_unit(
            request.path_params["code"], details, by=actor_of(visitor), now=kit_of(request).clock.now()
        )
    except Invalid as invalid:
        form.take(invalid)
        return await _unit_page(request, details=form)
    return _done(request, f"{unit.name}的资料已保存。")


async def retire(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    form = await read_form(request, RetireForm)
    if form.data is None:
        return await _unit_page(request, retire=form)
    try:
        unit = await retire_unit(
            request.path_params["code"],
            form.data.on,
            merged_into=form.data.merged_into,
            by=actor_of(visitor),
            now=kit_of(request).clock.now(),
        )
    except Invalid as invalid:
        form.take(invalid)
        return await _unit_page(request, retire=form)
    text = f"{unit.name}从 {form.data.on:%Y-%m-%d} 起不再轮值。请到排期里看看它还有没有没讲的期次。"
    return _done(request, text)


async def restore(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    code = request.path_params["code"]
    try:
        unit = await restore_unit(code, by=actor_of(visitor), now=kit_of(request).clock.now())
    except Conflict as conflict:  # pressed twice
        return _done(request, conflict.message)
    return _done(request, f"{unit.name}已恢复轮值。")


async def _unit_page(
    request: Request,
    *,
    rename: Form[RenameForm] | None = None,
    details: Form[DetailsForm] | None = None,
    retire: Form[RetireForm] | None = None,
) -> Response:
    """With one of the forms as it was sent, when something is wrong with it."""
    visitor = await require_role(request, *READERS)
    today = today_of(kit_of(request).clock.now())
    unit = await get_unit(request.path_params["code"])
    await unit.fetch_related("merged_into")
    stored = {
        "kind": unit.kind.value,
        "display_order": str(unit.display_order),
        "credit_code": unit.credit_code,
    }
    page = UnitPage(
        unit=unit,
        line=_line(unit, today),
        former=await former_names(unit),
        successors=[each for each in await units() if each.code != unit.code and takes_turns(each, today)],
        kinds=KIND_NAMES,
        today=today,
        may_write=visitor.role == Role.ADMINISTRATOR,
        rename=rename or Form(),
        details=details or Form(stored),
        retire=retire or Form(),
    )
    status = 422 if rename or details or retire else 200
    return await render(request, "accounts/unit.html", page, status=status)


async def _with_successors() -> list[Unit]:
    return await Unit.all().prefetch_related("merged_into")


def _line(unit: Unit, today: date) -> UnitLine:
    if unit.retired_on is None:
        return UnitLine(unit, KIND_NAMES[unit.kind], "")
    into = f"，并入{unit.merged_into.name}" if unit.merged_into else ""
    word = "停用" if unit.retired_on <= today else "将停用"
    return UnitLine(unit, KIND_NAMES[unit.kind], f"{unit.retired_on:%Y-%m-%d} 起{word}{into}")


async def _workbook(listed: list[Unit], name: str) -> Response:
    data = await asyncio.to_thread(roster_workbook, listed)
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(data, media_type=MIME, headers=headers)


def _done(request: Request, text: str) -> Response:
    response = redirect(request, f"/desk/units/{request.path_params['code']}")
    say(request, response, "done", text)
    return response


desk_places = [DeskPlace("/desk/units", "house", "责任单位", READERS, "house")]

routes = [
    Route("/desk/units", show_units, methods=["GET"]),
    Route("/desk/units.xlsx", download, methods=["GET"]),
    Route("/desk/units-template.xlsx", download_template, methods=["GET"]),
    Route("/desk/units/{code}", show_unit, methods=["GET"]),
    Route("/desk/units/{code}/rename", rename, methods=["POST"]),
    Route("/desk/units/{code}/details", change, methods=["POST"]),
    Route("/desk/units/{code}/retire", retire, methods=["POST"]),
    Route("/desk/units/{code}/restore", restore, methods=["POST"]),
]
