"""责任单位: the list, one unit with its names, and what an administrator changes of it."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

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
from core.audit import Actor
from core.errors import Conflict, Invalid
from core.web.actors import actor_of
from core.web.desk_nav import DeskPlace
from core.web.forms import Form, read_form
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import redirect, render, say

Data = TypeVar("Data", bound=BaseModel)
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
    async def do(data: RenameForm, by: Actor, now: datetime) -> str:
        unit = await rename_unit(_code(request), data.name, data.since, by=by, now=now)
        return f"已改名为“{unit.name}”。以前讲的期次仍显示当时的名称。"

    return await _change(request, "rename", RenameForm, do)


async def change(request: Request) -> Response:
    async def do(data: DetailsForm, by: Actor, now: datetime) -> str:
        details = UnitDetails(data.kind, data.display_order, data.credit_code)
        unit = await change_unit(_code(request), details, by=by, now=now)
        return f"{unit.name}的资料已保存。"

    return await _change(request, "details", DetailsForm, do)


async def retire(request: Request) -> Response:
    async def do(data: RetireForm, by: Actor, now: datetime) -> str:
        unit = await retire_unit(_code(request), data.on, merged_into=data.merged_into, by=by, now=now)
        return f"{unit.name}从 {data.on:%Y-%m-%d} 起不再轮值。请到排期里看看它还有没有没讲的期次。"

    return await _change(request, "retire", RetireForm, do)


async def restore(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    try:
        unit = await restore_unit(_code(request), by=actor_of(visitor), now=kit_of(request).clock.now())
    except Conflict as conflict:  # pressed twice
        return _done(request, conflict.message)
    return _done(request, f"{unit.name}已恢复轮值。")


async def _change(
    request: Request, name: str, model: type[Data], do: Callable[[Data, Actor, datetime], Awaitable[str]]
) -> Response:
    """What one of the page's forms asks for, and the sentence that do returns. name: which form; what is wrong with
    it is shown there."""
    visitor = await require_role(request, Role.ADMINISTRATOR)
    form = await read_form(request, model)
    if form.data is None:
        return await _unit_page(request, {name: form})
    try:
        words = await do(form.data, actor_of(visitor), kit_of(request).clock.now())
    except Invalid as invalid:
        form.take(invalid)
        return await _unit_page(request, {name: form})
    return _done(request, words)


async def _unit_page(request: Request, sent: Mapping[str, Form[Any]] | None = None) -> Response:
    """sent: the form with which something is wrong, by its name."""
    visitor = await require_role(request, *READERS)
    today = today_of(kit_of(request).clock.now())
    unit, sent = await get_unit(_code(request)), sent or {}
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
        rename=sent.get("rename", Form()),
        details=sent.get("details", Form(stored)),
        retire=sent.get("retire", Form()),
    )
    status = 422 if sent else 200
    return await render(request, "accounts/unit.html", page, status=status)


def _code(request: Request) -> str:
    code: str = request.path_params["code"]
    return code


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
    response = redirect(request, f"/desk/units/{_code(request)}")
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
