"""The lecturer's page behind a one-time link: what is announced of them, and what they agree to."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.grants import LinkPurpose
from core.web.forms import Form, read_form
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from core.web.text import zh_datetime
from schedules.models import Broadcast, HandIn
from schedules.pages.lecturer_link import lecture_of_link
from schedules.pages.material_files import MaterialLine, material_lines
from schedules.pages.turns import Turn, turn_of
from schedules.states import AirState, PlanState
from schedules.turns.handing_in import give_consent
from schedules.turns.queries import dossier_of


class ConsentForm(BaseModel):
    consent_recording: Literal["yes", ""] = Field("", title="同意录制")
    consent_publication: Literal["yes", ""] = Field("", title="同意公开")


@dataclass(frozen=True, slots=True)
class LecturerPage:
    """confirmed: what they have said themselves, and when; empty before."""

    turn: Turn
    holder: str
    phone: str
    materials: list[MaterialLine]
    form: Form[ConsentForm]
    has_recording: bool
    has_publication: bool
    confirmed: str
    may_change: bool


async def show(request: Request) -> Response:
    grant, lecture = await lecture_of_link(request, LinkPurpose.LECTURER)
    dossier = await dossier_of(lecture)
    row = dossier.hand_in
    page = LecturerPage(
        turn=turn_of(lecture, kit_of(request).clock.now()),
        holder=grant.holder,
        phone=row.lecturer_phone if row else "",
        materials=material_lines(lecture.number, dossier.materials),
        form=Form(),
        has_recording=row is not None and row.consent_recording,
        has_publication=row is not None and row.consent_publication,
        confirmed=_confirmed(row),
        may_change=_may_change(lecture),
    )
    return await render(request, "schedules/lecturer.html", page)


async def consent(request: Request) -> Response:
    grant, lecture = await lecture_of_link(request, LinkPurpose.LECTURER)
    form = await read_form(request, ConsentForm)
    now = kit_of(request).clock.now()
    recording, publication = (
        form.value(name) == "yes" for name in ("consent_recording", "consent_publication")
    )
    await give_consent(
        lecture.number,
        recording=recording,
        publication=publication,
        by=grant.actor,
        now=now,
    )
    response = redirect(request, f"/lecturer/{lecture.number}")
    whole = recording and publication
    words = "已确认，谢谢。" if whole else "已记下。没有同意的部分，请告诉单位联络员怎么安排。"
    say(request, response, "done" if whole else "attention", words)
    return response


def _may_change(lecture: Broadcast) -> bool:
    return lecture.air_state is AirState.SCHEDULED and lecture.plan_state is not PlanState.CANCELLED


def _confirmed(row: HandIn | None) -> str:
    if row is None or not row.consent_by_lecturer or row.consent_at is None:
        return ""
    return f"{row.consent_by} 已在 {zh_datetime(row.consent_at)} 本人确认。"


routes = [
    Route("/lecturer/{number}", show, methods=["GET"]),
    Route("/lecturer/{number}", consent, methods=["POST"]),
]
