"""单位初审 behind a one-time link: no account, one lecture, what was handed in, passed or sent back."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.errors import Conflict, Forbidden, Invalid
from core.grants import LinkGrant, LinkPurpose
from core.web.forms import Form, read_form
from core.web.grants import require_grant
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from schedules.models import Broadcast, Step
from schedules.pages.material_files import MaterialLine, material_lines
from schedules.pages.turns import Turn, consents_told, turn_of
from schedules.queries import by_number
from schedules.states import STATE_LABELS, PlanState
from schedules.turns.queries import dossier_of
from schedules.turns.reviews import pass_unit_review, why_not_unit
from schedules.turns.stepping import Outdated
from schedules.turns.steps import return_to_unit


class OpinionForm(BaseModel):
    version: int = Field(title="版本")
    opinion: str = Field("", title="意见")
    decision: Literal["pass", "return"] = Field(title="决定")


@dataclass(frozen=True, slots=True)
class ApproverPage:
    """done: what became of it, when nothing is left to decide. refusal: why this person may not pass it."""

    turn: Turn
    holder: str
    phone: str
    consents: str
    materials: list[MaterialLine]
    steps: list[Step]
    form: Form[OpinionForm]
    done: str
    refusal: str
    conflict: str


async def _lecture(request: Request) -> tuple[LinkGrant, Broadcast]:
    """Raises Forbidden without an open grant for just this lecture, also when it has gone to another unit since."""
    number = request.path_params["number"]
    grant = await require_grant(request, LinkPurpose.APPROVER, number)
    lecture = await by_number(number)
    if lecture.unit_id != grant.unit_code:
        raise Forbidden(f"{number} 已经调换给别的单位，这个链接不能再用。")
    return grant, lecture


async def show(request: Request) -> Response:
    grant, lecture = await _lecture(request)
    return await _page(request, grant, lecture, Form())


async def decide(request: Request) -> Response:
    grant, lecture = await _lecture(request)
    form = await read_form(request, OpinionForm)
    if form.data is None:
        return await _page(request, grant, lecture, form, status=422)
    now, data = kit_of(request).clock.now(), form.data
    try:
        if data.decision == "pass":
            await pass_unit_review(
                lecture.number, version=data.version, by=grant.actor, now=now, opinion=data.opinion
            )
            words = "初审已通过，材料报到了州司法局。"
        else:
            if lecture.plan_state is not PlanState.UNIT_REVIEW:
                raise Conflict(f"{lecture.number} 现在不在单位初审，不能退回。")
            await return_to_unit(
                lecture.number, version=data.version, by=grant.actor, now=now, reason=data.opinion
            )
            words = "已退回联络员修改。"
    except Outdated as outdated:
        lecture = await by_number(lecture.number)
        return await _page(request, grant, lecture, form, status=409, conflict=outdated.message)
    except Invalid as invalid:
        if not invalid.fields:
            raise
        form.errors["opinion"] = "".join(invalid.fields.values())
        return await _page(request, grant, lecture, form, status=422)
    response = redirect(request, f"/approve/{lecture.number}")
    say(request, response, "done", words)
    return response


async def _page(
    request: Request,
    grant: LinkGrant,
    lecture: Broadcast,
    form: Form[OpinionForm],
    *,
    status: int = 200,
    conflict: str = "",
) -> Response:
    dossier = await dossier_of(lecture)
    is_open = lecture.plan_state is PlanState.UNIT_REVIEW
    page = ApproverPage(
        turn=turn_of(lecture, kit_of(request).clock.now()),
        holder=grant.holder,
        phone=dossier.hand_in.lecturer_phone if dossier.hand_in else "",
        consents=consents_told(dossier.hand_in),
        materials=material_lines(lecture.number, dossier.materials),
        steps=dossier.steps,
        form=form,
        done="" if is_open else f"这一期现在是“{STATE_LABELS[lecture.plan_state]}”",
        refusal=(await why_not_unit(lecture, grant.actor) or "") if is_open else "",
        conflict=conflict,
    )
    return await render(request, "schedules/approver.html", page, status=status)


routes = [
    Route("/approve/{number}", show, methods=["GET"]),
    Route("/approve/{number}", decide, methods=["POST"]),
]
