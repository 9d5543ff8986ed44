"""值班表: who of the bureau watches over which lecture."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role, User
from core.errors import Invalid
from core.web.actors import actor_of
from core.web.desk_nav import DeskPlace
from core.web.forms import read_form
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from schedules.models import Broadcast
from schedules.on_duty import is_duty_required
from schedules.pages.access import BUREAU, any_lecture
from schedules.pages.turns import Turn, turn_of
from schedules.states import AirState, PlanState
from schedules.turns.steps import ON_DUTY, assign_duty

SHOWN_PAST = timedelta(days=1)


class DutyForm(BaseModel):
    version: int = Field(title="版本")
    officer: UUID | None = Field(None, title="值班员")


@dataclass(frozen=True, slots=True)
class DutyLine:
    """officer_id: as text, empty without one."""

    turn: Turn
    officer: str
    officer_id: str


@dataclass(frozen=True, slots=True)
class DutyPage:
    """required: whether a lecture without a duty officer may not begin."""

    lines: list[DutyLine]
    officers: list[tuple[str, str]]
    may_assign: bool
    required: bool


async def roster(request: Request) -> Response:
    visitor = await require_role(request, *BUREAU)
    kit = kit_of(request)
    now = kit.clock.now()
    rows = (
        Broadcast.filter(starts_at__gte=now - SHOWN_PAST)
        .exclude(plan_state__in=(PlanState.DRAFT, PlanState.CANCELLED))
        .exclude(air_state=AirState.ENDED)
    )
    lectures = await rows.order_by("starts_at").prefetch_related("unit", "duty_officer")
    page = DutyPage(
        lines=[
            DutyLine(
                turn=turn_of(each, now),
                officer=each.duty_officer.display_name if each.duty_officer else "",
                officer_id=str(each.duty_officer_id or ""),
            )
            for each in lectures
        ],
        officers=[
            (str(each.id), each.display_name)
            for each in await User.filter(role__in=ON_DUTY, active=True).order_by("display_name")
        ],
        may_assign=visitor.role == Role.ADMINISTRATOR,
        required=await is_duty_required(kit.settings),
    )
    return await render(request, "schedules/duty.html", page)


async def assign(request: Request) -> Response:
    visitor, lecture = await any_lecture(request, Role.ADMINISTRATOR)
    form = await read_form(request, DutyForm)
    if form.data is None:
        raise Invalid({"officer": "请从列表中选一位值班员，再保存。"})
    changed = await assign_duty(
        lecture.number,
        officer=form.data.officer,
        version=form.data.version,
        by=actor_of(visitor),
        now=kit_of(request).clock.now(),
    )
    response = redirect(request, "/desk/duty")
    words = "已安排值班员" if changed.duty_officer_id else "已取消值班安排"
    say(request, response, "done", f"{changed.number}：{words}。")
    return response


desk_places = [DeskPlace("/desk/duty", "user-check", "值班表", BUREAU, "plan")]

routes = [
    Route("/desk/duty", roster),
    Route("/desk/duty/{number}", assign, methods=["POST"]),
]
