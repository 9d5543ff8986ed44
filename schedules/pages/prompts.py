"""普法提示 at the desk: who is late, the letters and what became of them; an administrator drafts and issues."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from core.clock import CHINA
from core.errors import Invalid
from core.web.actors import actor_of
from core.web.desk_nav import DeskPlace
from core.web.downloads import download
from core.web.forms import Form, FormModel, read_form
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from schedules.models import Broadcast, Prompt
from schedules.prompts.facts import Standing, standing_of
from schedules.prompts.issuing import (
    Issue,
    check_is_of,
    draft,
    get_prompt,
    issue,
    note_delivery,
    reasons_against,
    withdraw,
)
from schedules.prompts.letter import letter_docx, paragraphs_of, title_of
from schedules.prompts.queries import LateLecture, counted, is_overdue, late_lectures, letter_of, prompts
from schedules.prompts.rules import LABELS, MOVES, PromptState
from schedules.queries import by_number
from schedules.workdays.calendars import load_calendar

READERS = (Role.ADMINISTRATOR, Role.DUTY, Role.OFFICIAL, Role.AUDITOR)
MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TONES = {
    PromptState.DRAFT: "quiet",
    PromptState.ISSUED: "attention",
    PromptState.DELIVERED: "attention",
    PromptState.ANSWERED: "done",
    PromptState.WITHDRAWN: "quiet",
}


@dataclass(frozen=True, slots=True)
class PromptLine:
    prompt: Prompt
    label: str
    tone: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class PromptsPage:
    """counted: of this year. late: only for the bureau."""

    lines: list[PromptLine]
    late: list[LateLecture]
    counted: int
    year: int
    may_write: bool
    is_unit: bool


class DraftForm(BaseModel):
    feedback_until: dt.date = Field(title="反馈期限")


@dataclass(frozen=True, slots=True)
class DraftPage:
    lecture: Broadcast
    standing: Standing
    reasons: list[str]
    form: Form[DraftForm]
    feedback_until: dt.date


class IssueForm(BaseModel):
    version: int
    approver: str = Field(title="签发人", max_length=40)
    document_number: str = Field(title="发文字号", max_length=60)
    issued_on: dt.date = Field(title="印发日期")
    feedback_until: dt.date = Field(title="反馈期限")


class DeliveryForm(BaseModel):
    version: int
    on: dt.date = Field(title="送达日期")
    how: str = Field(title="送达方式", max_length=120)
    received_by: str = Field("", title="签收人", max_length=40)


class WithdrawForm(BaseModel):
    version: int
    reason: str = Field(title="撤回理由", max_length=200)


@dataclass(frozen=True, slots=True)
class PromptPage:
    """act: the form that was sent and is shown again with its faults; the others are blank.

    today, feedback_until: what the dates begin with.
    """

    line: PromptLine
    title: str
    paragraphs: list[str]
    issuer: str
    number_word: str
    may_write: bool
    moves: frozenset[str]
    act: str
    form: Form[Any]
    blank: Form[Any]
    today: dt.date
    feedback_until: dt.date


async def show_all(request: Request) -> Response:
    """A unit sees what was issued to it; it is never shown another's."""
    visitor = await require_role(request, *READERS, Role.LIAISON)
    kit = kit_of(request)
    now = kit.clock.now()
    is_unit = visitor.role == Role.LIAISON
    year = now.astimezone(CHINA).year
    page = PromptsPage(
        lines=[_line(each, now) for each in await prompts(visitor.unit_code or "" if is_unit else None)],
        late=[] if is_unit else await late_lectures(now, kit.settings),
        counted=await counted(year),
        year=year,
        may_write=visitor.role == Role.ADMINISTRATOR,
        is_unit=is_unit,
    )
    return await render(request, "schedules/prompts.html", page)


async def show_draft(request: Request) -> Response:
    await require_role(request, Role.ADMINISTRATOR)
    return await _draft_page(request, Form(), status=200)


async def make_draft(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    kit, number = kit_of(request), request.path_params["number"]
    form = await read_form(request, DraftForm)
    if form.data is not None:
        try:
            prompt = await draft(
                number,
                feedback_until=form.data.feedback_until,
                by=actor_of(visitor),
                now=kit.clock.now(),
                settings=kit.settings,
            )
        except Invalid as invalid:
            form.take(invalid)
        else:
            response = redirect(request, f"/desk/prompts/{prompt.id}")
            say(request, response, "done", "草稿已建好。请下载送签，签发后回来登记文号和日期。")
            return response
    return await _draft_page(request, form, status=422)


async def _draft_page(request: Request, form: Form[DraftForm], *, status: int) -> Response:
    kit = kit_of(request)
    lecture = await by_number(request.path_params["number"])
    standing = await standing_of(lecture, now=kit.clock.now(), settings=kit.settings)
    page = DraftPage(
        lecture=lecture,
        standing=standing,
        reasons=reasons_against(standing, kit.settings),
        form=form,
        feedback_until=await _feedback_until(request),
    )
    return await render(request, "schedules/prompt_draft.html", page, status=status)


async def show(request: Request) -> Response:
    await require_role(request, *READERS)
    return await _prompt_page(request, "", Form(), status=200)


async def letter(request: Request) -> Response:
    """The file, for the bureau and for the unit it was issued to."""
    visitor = await require_role(request, *READERS, Role.LIAISON)
    kit = kit_of(request)
    prompt = await get_prompt(request.path_params["id"])
    if visitor.role == Role.LIAISON:
        check_is_of(prompt, visitor.unit_code)
    made = await asyncio.to_thread(letter_docx, letter_of(prompt, kit.settings), now=kit.clock.now())
    return download(made, f"普法提示_{prompt.unit_name}_{prompt.broadcast.number}.docx", MIME)


async def do_issue(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    kit = kit_of(request)
    form = await read_form(request, IssueForm)

    async def act(data: IssueForm) -> None:
        entered = Issue(data.approver, data.document_number, data.issued_on, data.feedback_until)
        await issue(
            request.path_params["id"],
            entered,
            version=data.version,
            by=actor_of(visitor),
            now=kit.clock.now(),
            settings=kit.settings,
        )

    return await _act(request, "issue", form, act, "普法提示已登记印发，单位的工作台上已经显示。")


async def do_delivery(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    form = await read_form(request, DeliveryForm)

    async def act(data: DeliveryForm) -> None:
        await note_delivery(
            request.path_params["id"],
            on=data.on,
            how=data.how,
            received_by=data.received_by,
            version=data.version,
            by=actor_of(visitor),
            now=kit_of(request).clock.now(),
        )

    return await _act(request, "delivery", form, act, "送达已记录。")


async def do_withdraw(request: Request) -> Response:
    visitor = await require_role(request, Role.ADMINISTRATOR)
    form = await read_form(request, WithdrawForm)

    async def act(data: WithdrawForm) -> None:
        await withdraw(
            request.path_params["id"],
            reason=data.reason,
            version=data.version,
            by=actor_of(visitor),
            now=kit_of(request).clock.now(),
        )

    return await _act(request, "withdraw", form, act, "普法提示已撤回，不再计入。")


async def _act(
    request: Request, name: str, form: Form[FormModel], act: Callable[[FormModel], Awaitable[None]], done: str
) -> Response:
    """Do what the form asks for, or show it again with what is wrong."""
    if form.data is not None:
        try:
            await act(form.data)
        except Invalid as invalid:
            form.take(invalid)
        else:
            response = redirect(request, f"/desk/prompts/{request.path_params['id']}")
            say(request, response, "done", done)
            return response
    return await _prompt_page(request, name, form, status=422)


async def _prompt_page(request: Request, act: str, form: Form[FormModel], *, status: int) -> Response:
    kit = kit_of(request)
    visitor = await require_role(request, *READERS)
    prompt = await get_prompt(request.path_params["id"])
    now = kit.clock.now()
    page = PromptPage(
        line=_line(prompt, now),
        title=title_of(letter_of(prompt, kit.settings)),
        paragraphs=paragraphs_of(letter_of(prompt, kit.settings)),
        issuer=kit.settings.prompt_issuer,
        number_word=kit.settings.prompt_number_word,
        may_write=visitor.role == Role.ADMINISTRATOR,
        moves=frozenset(state.value for state in MOVES[prompt.state]),
        act=act,
        form=form,
        blank=Form(),
        today=now.astimezone(CHINA).date(),
        feedback_until=max(prompt.feedback_until, await _feedback_until(request)),
    )
    return await render(request, "schedules/prompt.html", page, status=status)


async def _feedback_until(request: Request) -> dt.date:
    """What the setting proposes, counted from today."""
    kit = kit_of(request)
    today = kit.clock.now().astimezone(CHINA).date()
    calendar = await load_calendar([today.year])
    return calendar.add_working_days(today, kit.settings.prompt_feedback_days)


def _line(prompt: Prompt, now: dt.datetime) -> PromptLine:
    return PromptLine(prompt, LABELS[prompt.state], TONES[prompt.state], is_overdue(prompt, now))


desk_places = [
    DeskPlace("/desk/prompts", "mail-warning", "普法提示", (*READERS, Role.LIAISON), "follow-up"),
]
routes = [
    Route("/desk/prompts", show_all),
    Route("/desk/prompts/new/{number}", show_draft, methods=["GET"]),
    Route("/desk/prompts/new/{number}", make_draft, methods=["POST"]),
    Route("/desk/prompts/{id:uuid}", show),
    Route("/desk/prompts/{id:uuid}/letter.docx", letter),
    Route("/desk/prompts/{id:uuid}/issue", do_issue, methods=["POST"]),
    Route("/desk/prompts/{id:uuid}/delivery", do_delivery, methods=["POST"]),
    Route("/desk/prompts/{id:uuid}/withdraw", do_withdraw, methods=["POST"]),
]
