"""One of the unit's own lectures: where it stands, what was handed in, what happened, and the links for others."""

from dataclasses import dataclass

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.links import issue_link
from core.errors import Conflict, Invalid
from core.grants import LinkPurpose
from core.web.actors import actor_of
from core.web.forms import Form, read_form
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from schedules.models import Broadcast, Step
from schedules.pages.access import own_lecture
from schedules.pages.fresh_links import FreshLink, fresh_link
from schedules.pages.material_files import MaterialLine, material_lines
from schedules.pages.requests import RequestLine, request_lines
from schedules.pages.turns import (
    DeadlineLine,
    Turn,
    UnitAct,
    consents_told,
    deadlines_shown,
    turn_of,
    unit_act,
)
from schedules.states import UNDER_WAY, AirState, PlanState
from schedules.turns.queries import dossier_of
from schedules.turns.steps import take_back


class HolderForm(BaseModel):
    holder: str = Field(title="分管领导姓名", max_length=40)


class SignedForm(BaseModel):
    version: int = Field(title="版本")
    signer: str = Field("", title="签字的领导姓名", max_length=40)


class VersionForm(BaseModel):
    version: int = Field(title="版本")


@dataclass(frozen=True, slots=True)
class UnitLecturePage:
    turn: Turn
    act: UnitAct
    missing: list[str]
    phone: str
    consents: str
    materials: list[MaterialLine]
    steps: list[Step]
    deadlines: list[DeadlineLine]
    requests: list[RequestLine]
    may_ask: bool
    may_issue_approver: bool
    may_issue_lecturer: bool
    fresh_link: FreshLink | None
    link_form: Form[HolderForm]
    signed_form: Form[SignedForm]


async def lecture_page(request: Request) -> Response:
    _, lecture = await own_lecture(request)
    return await unit_lecture(request, lecture)


async def issue_approver_link(request: Request) -> Response:
    _, lecture = await own_lecture(request)
    if lecture.plan_state is not PlanState.UNIT_REVIEW:
        raise Conflict(f"{lecture.number} 现在不在单位初审，不用发初审链接。")
    form = await read_form(request, HolderForm)
    if form.data is None:
        return await unit_lecture(request, lecture, link_form=form, status=422)
    return await _issue(request, lecture, LinkPurpose.APPROVER, form.data.holder)


async def issue_lecturer_link(request: Request) -> Response:
    _, lecture = await own_lecture(request)
    if not _may_issue_lecturer(lecture):
        raise Conflict("请先保存主讲人姓名，再发链接；已经开播的讲座不用再确认。")
    return await _issue(request, lecture, LinkPurpose.LECTURER, lecture.lecturer_name)


async def _issue(request: Request, lecture: Broadcast, purpose: LinkPurpose, holder: str) -> Response:
    visitor, _ = await own_lecture(request)
    kit = kit_of(request)
    token = await issue_link(
        purpose,
        unit_code=lecture.unit_id,
        subject=lecture.number,
        holder=holder,
        by=actor_of(visitor),
        now=kit.clock.now(),
        settings=kit.settings,
    )
    link = fresh_link(purpose, holder, kit.absolute(f"/link/{token}"), kit.settings)
    return await unit_lecture(request, lecture, link=link)


async def take_back_hand_in(request: Request) -> Response:
    visitor, lecture = await own_lecture(request)
    form = await read_form(request, VersionForm)
    if form.data is None:
        raise Invalid(form.errors)
    now = kit_of(request).clock.now()
    await take_back(lecture.number, version=form.data.version, by=actor_of(visitor), now=now)
    response = redirect(request, f"/desk/unit/{lecture.number}/hand-in")
    say(request, response, "attention", "已撤回，改好以后要重新报送。")
    return response


async def unit_lecture(
    request: Request,
    lecture: Broadcast,
    *,
    link: FreshLink | None = None,
    link_form: Form[HolderForm] | None = None,
    signed_form: Form[SignedForm] | None = None,
    status: int = 200,
) -> Response:
    """The page of one lecture, for the pages that come back to it."""
    kit = kit_of(request)
    now = kit.clock.now()
    dossier = await dossier_of(lecture)
    turn = turn_of(lecture, now)
    act = unit_act(turn)
    is_ahead = lecture.air_state is AirState.SCHEDULED
    lines = request_lines(dossier)
    page = UnitLecturePage(
        turn=turn,
        act=act,
        missing=dossier.missing if act.is_hand_in else [],
        phone=dossier.hand_in.lecturer_phone if dossier.hand_in else "",
        consents=consents_told(dossier.hand_in),
        materials=material_lines(lecture.number, dossier.materials),
        steps=dossier.steps,
        deadlines=await deadlines_shown(lecture, now, kit.settings),
        requests=lines,
        may_ask=is_ahead and lecture.plan_state in UNDER_WAY and not any(line.is_open for line in lines),
        may_issue_approver=lecture.plan_state is PlanState.UNIT_REVIEW,
        may_issue_lecturer=_may_issue_lecturer(lecture),
        fresh_link=link,
        link_form=link_form or Form(),
        signed_form=signed_form or Form(),
    )
    return await render(request, "schedules/unit_lecture.html", page, status=status)


def _may_issue_lecturer(lecture: Broadcast) -> bool:
    is_ahead = lecture.air_state is AirState.SCHEDULED
    return is_ahead and lecture.plan_state in UNDER_WAY and bool(lecture.lecturer_name)


routes = [
    Route("/desk/unit/{number}", lecture_page, methods=["GET"]),
    Route("/desk/unit/{number}/approver-link", issue_approver_link, methods=["POST"]),
    Route("/desk/unit/{number}/lecturer-link", issue_lecturer_link, methods=["POST"]),
    Route("/desk/unit/{number}/take-back", take_back_hand_in, methods=["POST"]),
]
