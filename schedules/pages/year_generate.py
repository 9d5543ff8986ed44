"""生成排期: a year planned by rule, looked at before it is saved, and taken back."""

import hashlib
import json
from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.errors import Conflict, Invalid
from core.web.actors import actor_of
from core.web.forms import read_form
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from schedules.models.rota import RotaRun, RotaTurn
from schedules.pages.year import PLACE, WRITERS, year_of
from schedules.planning import YearPlan, generate, last_run, undo_last
from schedules.rota.year import Rule


class SaveForm(BaseModel):
    rule: Rule = Field(title="轮值规则")
    seen: str = Field(title="预览", max_length=64)


class UndoForm(BaseModel):
    run: UUID = Field(title="要撤销的生成")


@dataclass(frozen=True, slots=True)
class GeneratePage:
    """plan: as it would be saved; seen: a mark of it, so that exactly what was looked at is saved."""

    year: int
    rule: Rule
    plan: YearPlan
    seen: str
    is_stale: bool


@dataclass(frozen=True, slots=True)
class UndoPage:
    """run None: there is nothing to undo. lectures: how many it planned."""

    year: int
    run: RotaRun | None
    lectures: int


async def preview(request: Request) -> Response:
    await require_role(request, *WRITERS)
    year, _ = await year_of(request)
    asked = request.query_params.get("rule", kit_of(request).settings.rota_rule)
    if asked not in set(Rule):
        raise Invalid({"rule": "请选一条轮值规则。"})
    return await _preview(request, year, Rule(asked))


async def save(request: Request) -> Response:
    visitor = await require_role(request, *WRITERS)
    kit = kit_of(request)
    year, _ = await year_of(request)
    form = await read_form(request, SaveForm)
    if form.data is None:
        raise Invalid(form.errors)
    by, now, rule = actor_of(visitor), kit.clock.now(), form.data.rule
    plan = await generate(year, rule, save=False, by=by, now=now, settings=kit.settings)
    if mark_of(plan) != form.data.seen:
        return await _preview(request, year, rule, is_stale=True)
    saved = await generate(year, rule, save=True, by=by, now=now, settings=kit.settings)
    response = redirect(request, f"{PLACE}/{year}")
    made = sum(line.is_new for line in saved.lines)
    say(request, response, "done", f"已保存 {made} 期草案。看过没有问题，就可以在列表里勾选下达。")
    return response


async def ask_undo(request: Request) -> Response:
    await require_role(request, *WRITERS)
    year, _ = await year_of(request)
    run = await last_run()
    lectures = await RotaTurn.filter(run_id=run.id).count() if run is not None else 0
    return await render(request, "schedules/year_undo.html", UndoPage(year, run, lectures))


async def undo(request: Request) -> Response:
    visitor = await require_role(request, *WRITERS)
    kit = kit_of(request)
    await year_of(request)
    form = await read_form(request, UndoForm)
    run = await last_run()
    if form.data is None or run is None or run.id != form.data.run:
        raise Conflict("最后一次生成已经变了：可能别人又生成过，或已经撤销。请回到全年排期看过再办。")
    undone = await undo_last(by=actor_of(visitor), now=kit.clock.now(), settings=kit.settings)
    said = [f"已撤销：拿掉 {len(undone.removed)} 期草案"]
    if undone.restored:
        said.append(f"恢复 {len(undone.restored)} 期原来的草案")
    if undone.stayed:
        said.append(f"{'、'.join(undone.stayed)} 已被改动、锁定或下达，保留不动")
    response = redirect(request, f"{PLACE}/{undone.year}")
    say(request, response, "done", "，".join(said) + "。")
    return response


def mark_of(plan: YearPlan) -> str:
    """The same for the same plan: a digest of what the preview shows."""
    lines = [[line.number, line.unit_code, line.start.isoformat(), line.is_new] for line in plan.lines]
    text = json.dumps([plan.rule.value, lines, sorted(plan.replaced)], ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


async def _preview(request: Request, year: int, rule: Rule, *, is_stale: bool = False) -> Response:
    visitor = await require_role(request, *WRITERS)
    kit = kit_of(request)
    plan = await generate(
        year, rule, save=False, by=actor_of(visitor), now=kit.clock.now(), settings=kit.settings
    )
    page = GeneratePage(year, rule, plan, mark_of(plan), is_stale)
    return await render(request, "schedules/year_generate.html", page, status=409 if is_stale else 200)


routes = [
    Route(PLACE + "/{year:int}/generate", preview, methods=["GET"]),
    Route(PLACE + "/{year:int}/generate", save, methods=["POST"]),
    Route(PLACE + "/{year:int}/undo", ask_undo, methods=["GET"]),
    Route(PLACE + "/{year:int}/undo", undo, methods=["POST"]),
]
