"""州局审核: everything about one lecture, the three checks, and what else the bureau can do with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.links import issue_link
from accounts.models import Role
from core.errors import Invalid
from core.grants import LinkPurpose
from core.web.actors import actor_of
from core.web.forms import Form, read_form
from core.web.identity import Visitor
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from schedules.models import Broadcast, CheckKind, Review, ReviewStage, Step
from schedules.models.review import CHECK_LABELS
from schedules.pages.access import READERS, any_lecture
from schedules.pages.bureau_acts import BureauAct, bureau_acts
from schedules.pages.fresh_links import FreshLink, fresh_link
from schedules.pages.material_files import MaterialLine, material_lines
from schedules.pages.safe import sealer_of
from schedules.pages.turns import DeadlineLine, Turn, consents_told, deadlines_shown, turn_of
from schedules.queries import by_number
from schedules.states import PlanState
from schedules.turns.id_numbers import KeptNumber, kept_number
from schedules.turns.postponements import open_postponement
from schedules.turns.queries import dossier_of
from schedules.turns.reviews import BureauCheck, pass_bureau_review, why_not_bureau
from schedules.turns.stepping import Outdated

WORDS: Mapping[CheckKind, str] = {
    CheckKind.CONTENT: "内容准确、清楚，引用的法律法规现行有效，表述合适。",
    CheckKind.SECRECY: "不含国家秘密、工作秘密和不宜公开的个人信息。",
    CheckKind.RIGHTS: "主讲人同意录制和公开，图片、音视频等材料有权使用。",
}


class ChecksForm(BaseModel):
    """Names and opinions of the three checks; what is missing is told by the service, all at once."""

    version: int = Field(title="版本")
    content_name: str = Field("", title="姓名")
    content_opinion: str = Field("", title="意见")
    secrecy_name: str = Field("", title="姓名")
    secrecy_opinion: str = Field("", title="意见")
    rights_name: str = Field("", title="姓名")
    rights_opinion: str = Field("", title="意见")

    def checks(self) -> list[BureauCheck]:
        return [
            BureauCheck(kind, getattr(self, f"{kind.value}_name"), getattr(self, f"{kind.value}_opinion"))
            for kind in CheckKind
        ]


@dataclass(frozen=True, slots=True)
class Check:
    kind: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """checks: label, name, opinion."""

    heading: str
    person: str
    at: datetime
    opinion: str
    checks: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """refusal: why whoever asks may not review it, when it waits for a review. id_number: masked, and for
    administrators only."""

    turn: Turn
    phone: str
    consents: str
    id_number: KeptNumber | None
    materials: list[MaterialLine]
    missing: list[str]
    may_review: bool
    refusal: str
    checks: list[Check]
    reviews: list[ReviewLine]
    deadlines: list[DeadlineLine]
    acts: list[BureauAct]
    steps: list[Step]
    form: Form[ChecksForm]
    fresh_link: FreshLink | None
    conflict: str


async def show(request: Request) -> Response:
    visitor, lecture = await any_lecture(request, *READERS)
    return await _page(request, visitor, lecture, Form())


async def approve(request: Request) -> Response:
    visitor, lecture = await any_lecture(request, Role.ADMINISTRATOR)
    form = await read_form(request, ChecksForm)
    if form.data is None:
        return await _page(request, visitor, lecture, form, status=422)
    kit = kit_of(request)
    try:
        await pass_bureau_review(
            lecture.number,
            version=form.data.version,
            checks=form.data.checks(),
            by=actor_of(visitor),
            now=kit.clock.now(),
            settings=kit.settings,
        )
    except Outdated as outdated:
        lecture = await by_number(lecture.number)
        return await _page(request, visitor, lecture, form, status=409, conflict=outdated.message)
    except Invalid as invalid:
        if not invalid.fields:
            raise
        form.errors |= {name.replace(".", "_"): text for name, text in invalid.fields.items()}
        return await _page(request, visitor, lecture, form, status=422)
    response = redirect(request, f"/desk/review/{lecture.number}")
    say(request, response, "done", f"{lecture.number} 审核通过，已列入排期，材料已封存。")
    return response


async def issue_liaison_link(request: Request) -> Response:
    """A new one-time link for the unit's liaison, shown once."""
    visitor, lecture = await any_lecture(request, Role.ADMINISTRATOR)
    kit = kit_of(request)
    token = await issue_link(
        LinkPurpose.LIAISON,
        unit_code=lecture.unit_id,
        subject=lecture.number,
        holder=f"{lecture.unit.name}联络员",
        by=actor_of(visitor),
        now=kit.clock.now(),
        settings=kit.settings,
    )
    link = fresh_link(
        LinkPurpose.LIAISON, f"{lecture.unit.name}的联络员", kit.absolute(f"/link/{token}"), kit.settings
    )
    return await _page(request, visitor, lecture, Form(), link=link)


async def _page(
    request: Request,
    visitor: Visitor,
    lecture: Broadcast,
    form: Form[ChecksForm],
    *,
    link: FreshLink | None = None,
    status: int = 200,
    conflict: str = "",
) -> Response:
    kit = kit_of(request)
    now = kit.clock.now()
    dossier = await dossier_of(lecture)
    is_administrator = visitor.role == Role.ADMINISTRATOR
    waits = lecture.plan_state is PlanState.BUREAU_REVIEW
    refusal = ""
    if waits and is_administrator:
        refusal = await why_not_bureau(lecture, actor_of(visitor), kit.settings) or ""
    asked = await open_postponement(lecture.id) is not None
    page = ReviewPage(
        turn=turn_of(lecture, now),
        phone=dossier.hand_in.lecturer_phone if dossier.hand_in else "",
        consents=consents_told(dossier.hand_in),
        id_number=await kept_number(lecture, kit.settings, sealer_of(request)) if is_administrator else None,
        materials=material_lines(lecture.number, dossier.materials),
        missing=dossier.missing if waits else [],
        may_review=waits and is_administrator and not refusal,
        refusal=refusal,
        checks=[Check(kind.value, CHECK_LABELS[kind], WORDS[kind]) for kind in CheckKind],
        reviews=[_review_line(each) for each in dossier.reviews],
        deadlines=await deadlines_shown(lecture, now, kit.settings),
        acts=bureau_acts(lecture, asked_postponement=asked) if is_administrator else [],
        steps=dossier.steps,
        form=form,
        fresh_link=link,
        conflict=conflict,
    )
    return await render(request, "schedules/review.html", page, status=status)


def _review_line(review: Review) -> ReviewLine:
    stage = "单位初审" if review.stage is ReviewStage.UNIT else "州局审核"
    recorded = "" if review.recorded_by == review.person else f"，{review.recorded_by}上传签字的审批表"
    return ReviewLine(
        heading=f"{stage}{'通过' if review.passed else '退回'}",
        person=review.person + recorded,
        at=review.at,
        opinion=review.opinion,
        checks=[
            (CHECK_LABELS[CheckKind(each["kind"])], each["name"], each["opinion"]) for each in review.checks
        ],
    )


routes = [
    Route("/desk/review/{number}", show, methods=["GET"]),
    Route("/desk/review/{number}/pass", approve, methods=["POST"]),
    Route("/desk/review/{number}/liaison-link", issue_liaison_link, methods=["POST"]),
]
