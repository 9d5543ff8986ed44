"""统计口径: the definition as everybody may read it, and the bureau's change of it."""

import datetime as dt
from dataclasses import dataclass

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from audience.counting.definition import Definition
from audience.definition_changes import LONGEST_REASON, Told, change_definition, history
from audience.figures.definition_text import Term, terms
from core.clock import CHINA
from core.errors import Conflict, Invalid
from core.web.actors import actor_of
from core.web.desk_nav import DeskPlace
from core.web.forms import Form, read_form
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from core.web.text import zh_date

PUBLIC_PATH = "/statistics/definition"
PATH = "/desk/definition"


class DefinitionForm(BaseModel):
    visit_seconds: int = Field(title="满多少秒计 1 人次")
    pause_minutes: int = Field(title="停多少分钟另计一次")
    live_minutes: int = Field(title="播出满多少分钟算一次直播普法")
    valid_from: dt.date = Field(title="从哪一天起")
    reason: str = Field(title="为什么改", max_length=LONGEST_REASON)
    seen: int


@dataclass(frozen=True, slots=True)
class PublicPage:
    """holds: what holds today. coming: decided on and not in force yet."""

    holds: Definition
    terms: list[Term]
    coming: list[Told]
    versions: list[Told]


@dataclass(frozen=True, slots=True)
class ChangePage:
    latest: Definition
    versions: list[Told]
    form: Form[DefinitionForm]
    earliest: str
    next_month: str


async def definition(request: Request) -> Response:
    versions = await history()
    today = _today(request)
    holds = next((each for each in versions if each.holds_on(today)), versions[-1]).definition
    page = PublicPage(
        holds, terms(holds), [each for each in versions if each.definition.valid_from > today], versions
    )
    return await render(request, "audience/definition.html", page)


async def show_change(request: Request) -> Response:
    await require_role(request, Role.ADMINISTRATOR)
    return await _show(request, Form())


async def change(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    form = await read_form(request, DefinitionForm)
    if form.data is None:
        return await _show(request, form, status=422)
    given = form.data
    try:
        made = await change_definition(
            valid_from=given.valid_from,
            visit_seconds=given.visit_seconds,
            pause_minutes=given.pause_minutes,
            live_minutes=given.live_minutes,
            reason=given.reason,
            seen=given.seen,
            by=actor_of(visitor),
            now=kit_of(request).clock.now(),
        )
    except Invalid as invalid:
        form.take(invalid)
        return await _show(request, form, status=422)
    except Conflict as conflict:
        form.errors["visit_seconds"] = conflict.message
        return await _show(request, form, status=409)
    response = redirect(request, PATH)
    say(
        request,
        response,
        "done",
        f"第 {made.version} 版口径从 {zh_date(made.valid_from)} 起用；以前的数不变。",
    )
    return response


async def _show(request: Request, form: Form[DefinitionForm], *, status: int = 200) -> Response:
    versions = await history()
    today = _today(request)
    month = (today.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    page = ChangePage(
        latest=versions[0].definition,
        versions=versions,
        form=form,
        earliest=(today + dt.timedelta(days=1)).isoformat(),
        next_month=month.isoformat(),
    )
    return await render(request, "audience/definition_change.html", page, status=status)


def _today(request: Request) -> dt.date:
    return kit_of(request).clock.now().astimezone(CHINA).date()


desk_places = [DeskPlace(PATH, "book-open", "统计口径", (Role.ADMINISTRATOR,), "house")]

routes = [
    Route(PUBLIC_PATH, definition),
    Route(PATH, show_change, methods=["GET"]),
    Route(PATH, change, methods=["POST"]),
]
